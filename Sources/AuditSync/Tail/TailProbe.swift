package import AuditArchive
package import CaptivateIQAPI

/// Asks for the newest rows only, and tells from them whether they are all that is new.
package struct TailProbe: Sendable {
    /// What the newest rows show.
    package enum Finding: Sendable, Equatable {
        /// Nothing arrived.
        case nothingNew
        /// As many rows arrived as the total grew by: those of the page with these keys, if none is known.
        case arrivals(Set<EventKey>)
        /// It does not add up.
        case unclear
    }

    private let hint: TailHint
    private let pageSize: Int

    /// Probes what `hint` remembers.
    package init(_ hint: TailHint, pageSize: Int) {
        self.hint = hint
        self.pageSize = pageSize
    }

    /// The one request. Ascending: from the remembered rows on; descending: the first page.
    package var request: PageRequest {
        let offset = hint.order == .ascending ? max(0, hint.total - hint.edge.count) : 0
        return PageRequest(query: EventQuery(startDate: hint.start), offset: offset, limit: pageSize)
    }

    /// Judges the answer by the keys of its rows in their order. A caller that gets `arrivals` must walk the window all the
    /// same if any of them is archived already: then something arrived elsewhere.
    package func judge(total: Int, keys: [EventKey]) -> Finding {
        let arrived = total - hint.total
        guard arrived >= 0 else { return .unclear }
        let newest = hint.edge.count + arrived
        switch hint.order {
        case .ascending:
            // Everything from the remembered rows to the end has to be on the page.
            guard keys.count == newest else { return .unclear }
        case .descending:
            guard keys.count >= newest else { return .unclear }
        }
        let rows = Array(keys.prefix(newest))
        guard rows.filter(hint.edge.contains) == hint.edge, Set(rows).count == rows.count else { return .unclear }
        return arrived == 0 ? .nothingNew : .arrivals(Set(rows).subtracting(hint.edge))
    }

    /// The hint for next time, after `arrivals` were archived.
    package func successor(generation: Int, total: Int, keys: [EventKey]) -> TailHint? {
        let rows = keys.prefix(hint.edge.count + total - hint.total)
        let count = min(TailHint.edgeCount, total)
        let edge = hint.order == .ascending ? Array(rows.suffix(count)) : Array(rows.prefix(count))
        return TailHint(
            generation: generation, start: hint.start, total: total, order: hint.order, edge: edge,
            walkedAt: hint.walkedAt)
    }
}
