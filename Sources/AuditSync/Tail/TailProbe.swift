import AuditArchive
package import AuditRecords
package import CaptivateIQAPI

/// Asks for the newest rows only, and tells from them whether they are all that is new.
package struct TailProbe: Sendable {
    /// What the newest rows show.
    package enum Finding: Sendable, Equatable {
        /// Nothing arrived.
        case nothingNew
        /// These rows arrived, if none of them is known.
        case arrivals([EventKey])
        /// So many rows arrived at this end of the list, if its other end, or what lies behind, shows that these are all: its
        /// total tells nothing.
        case endOnly(arrived: Int)
        /// It does not add up.
        case unclear
    }

    /// What an answer says about the list.
    package struct Answer: Sendable {
        /// `total_count`.
        package var total: Int
        /// The rows, in their order.
        package var keys: [EventKey]
        /// Whether `next` was there and not null.
        package var hasNext: Bool

        /// Describes an answer.
        package init(total: Int, keys: [EventKey], hasNext: Bool) {
            self.total = total
            self.keys = keys
            self.hasNext = hasNext
        }
    }

    private let hint: TailHint
    private let pageSize: Int

    /// Probes what `hint` remembers.
    package init(_ hint: TailHint, pageSize: Int) {
        self.hint = hint
        self.pageSize = pageSize
    }

    /// The request. Ascending: from the remembered rows on; descending: the first page.
    package var request: PageRequest {
        let offset = hint.order == .ascending ? max(0, hint.rows - hint.edge.count) : 0
        return PageRequest(query: EventQuery(startDate: hint.start), offset: offset, limit: pageSize)
    }

    /// Judges the answer. A caller that gets `arrivals` must walk the window all the same if any of them is archived
    /// already: then something arrived elsewhere.
    package func judge(_ answer: Answer) -> Finding {
        let grown = answer.total - hint.total
        if hint.order == .ascending && !isEnd(answer) { return .unclear }
        if hint.rows == hint.total { return judgeByTotal(answer, arrived: grown) }
        // The total is not exact. It may still grow as the list does; else the rows' places have to tell.
        switch hint.order {
        case .ascending:
            guard answer.keys.starts(with: hint.edge) else { return .unclear }
            let arrivals = Array(answer.keys.dropFirst(hint.edge.count))
            if hint.total < hint.rows { return hint.isEndless ? .endOnly(arrived: arrivals.count) : finding(arrivals) }
            return arrivals.count == grown ? finding(arrivals) : .unclear
        case .descending:
            guard let place = answer.keys.indices.first(where: { answer.keys[$0...].starts(with: hint.edge) }) else {
                return .unclear
            }
            if hint.total < hint.rows { return .endOnly(arrived: place) }
            return place == grown ? finding(Array(answer.keys.prefix(place))) : .unclear
        }
    }

    /// The second request, after `endOnly`. Descending: for the list's other end; ascending: for what is behind the page.
    package func farRequest(arrived: Int) -> PageRequest {
        let known = hint.order == .ascending ? 1 : hint.far.count
        return PageRequest(
            query: EventQuery(startDate: hint.start), offset: max(0, hint.rows + arrived - known), limit: pageSize)
    }

    /// Judges the answer to ``farRequest(arrived:)``; `first` is the answer before.
    package func judge(_ answer: Answer, after first: Answer, arrived: Int) -> Finding {
        guard isEnd(answer) else { return .unclear }
        switch hint.order {
        case .ascending:
            return answer.keys == first.keys.suffix(1) ? finding(Array(first.keys.suffix(arrived))) : .unclear
        case .descending:
            return answer.keys == hint.far ? finding(Array(first.keys.prefix(arrived))) : .unclear
        }
    }

    /// The hint for next time, after these arrivals were archived.
    package func successor(manifest: String, after answer: Answer, arrived: Int) -> TailHint? {
        let rows = answer.keys.prefix(hint.order == .ascending ? .max : hint.edge.count + arrived)
        let count = TailHint.edgeCount(rows: hint.rows + arrived, page: hint.page)
        let edge = hint.order == .ascending ? Array(rows.suffix(count)) : Array(rows.prefix(count))
        return TailHint(
            manifest: manifest, start: hint.start, rows: hint.rows + arrived, total: answer.total, page: hint.page,
            isEndless: hint.isEndless, order: hint.order, edge: edge, far: hint.far, walkedAt: hint.walkedAt,
            seenTo: hint.seenTo)
    }

    /// Whether the page is the list's last: it names no next one, unless the last page always did, and is not full.
    private func isEnd(_ answer: Answer) -> Bool {
        (!answer.hasNext || hint.isEndless) && answer.keys.count < min(hint.page, pageSize)
    }

    private func judgeByTotal(_ answer: Answer, arrived: Int) -> Finding {
        guard arrived >= 0 else { return .unclear }
        let newest = hint.edge.count + arrived
        // Ascending, everything from the remembered rows to the end has to be on the page.
        guard hint.order == .ascending ? answer.keys.count == newest : answer.keys.count >= newest else {
            return .unclear
        }
        var arrivals: [EventKey] = []
        var expected = hint.edge[...]
        for key in answer.keys.prefix(newest) {
            if key == expected.first { expected.removeFirst() } else { arrivals.append(key) }
        }
        return expected.isEmpty ? finding(arrivals) : .unclear
    }

    private func finding(_ arrivals: [EventKey]) -> Finding {
        guard Set(arrivals).count == arrivals.count, Set(arrivals).isDisjoint(with: hint.edge) else { return .unclear }
        return arrivals.isEmpty ? .nothingNew : .arrivals(arrivals)
    }
}
