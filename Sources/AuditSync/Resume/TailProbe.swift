import AuditArchive
import AuditRecords
import CaptivateIQAPI

/// Asks for the newest rows only, and tells from them whether they are all that is new.
struct TailProbe: Sendable {
    /// What the newest rows show.
    enum Finding: Sendable, Equatable {
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
    struct Answer: Sendable {
        /// `total_count`.
        var total: Int
        /// The rows, in their order.
        var keys: [EventKey]
        /// Whether `next` was there and not null.
        var hasNext: Bool
    }

    private let tail: TailFingerprint
    private let pageSize: Int

    /// Probes what `tail` remembers.
    init(_ tail: TailFingerprint, pageSize: Int) {
        self.tail = tail
        self.pageSize = pageSize
    }

    /// The request. Ascending: from the remembered rows on; descending: the first page.
    var request: PageRequest {
        let offset = tail.order == .ascending ? max(0, tail.rows - tail.edge.count) : 0
        return PageRequest(query: EventQuery(startDate: tail.start), offset: offset, limit: pageSize)
    }

    /// Judges the answer. A caller that gets `arrivals` must read the window all the same if any of them is archived
    /// already: then something arrived elsewhere.
    func judge(_ answer: Answer) -> Finding {
        let grown = answer.total - tail.total
        let isAskedBehind = isAskedBehind(answer)
        if tail.order == .ascending && !isAskedBehind && !isEnd(answer) { return .unclear }
        if tail.rows == tail.total && !isAskedBehind { return judgeByTotal(answer, arrived: grown) }
        // The total is not exact. It may still grow as the list does; else the rows' places have to tell.
        switch tail.order {
        case .ascending:
            guard answer.keys.starts(with: tail.edge) else { return .unclear }
            let arrivals = Array(answer.keys.dropFirst(tail.edge.count))
            if isAskedBehind { return .endOnly(arrived: arrivals.count) }
            return tail.total < tail.rows || arrivals.count == grown ? finding(arrivals) : .unclear
        case .descending:
            guard let place = answer.keys.indices.first(where: { answer.keys[$0...].starts(with: tail.edge) }) else {
                return .unclear
            }
            if isAskedBehind || tail.total < tail.rows { return .endOnly(arrived: place) }
            return place == grown ? finding(Array(answer.keys.prefix(place))) : .unclear
        }
    }

    /// The second request, after `endOnly`: for what is behind the page where it holds all that is known, or reaches the
    /// newest end; else for the list's other end. `first` is the answer before.
    func farRequest(after first: Answer, arrived: Int) -> PageRequest {
        let known = reachesEnd(first, arrived) ? 0 : tail.far.count
        return PageRequest(
            query: EventQuery(startDate: tail.start), offset: max(0, tail.rows + arrived - known), limit: pageSize)
    }

    /// Judges the answer to ``farRequest(after:arrived:)``; `first` is the answer before.
    func judge(_ answer: Answer, after first: Answer, arrived: Int) -> Finding {
        guard isEnd(answer), answer.keys == (reachesEnd(first, arrived) ? [] : tail.far) else { return .unclear }
        switch tail.order {
        case .ascending: return finding(Array(first.keys.suffix(arrived)))
        case .descending:
            let showsFar = !reachesEnd(first, arrived) || first.keys.suffix(tail.far.count) == tail.far[...]
            return showsFar ? finding(Array(first.keys.prefix(arrived))) : .unclear
        }
    }

    /// Whether the list always names a next page, and its total tells nothing, or may be the page's: it ends where nothing is
    /// behind it.
    private func isAskedBehind(_ answer: Answer) -> Bool {
        tail.isEndless && answer.keys.count < pageSize
            && (tail.total < tail.rows || tail.rows <= min(tail.page, pageSize))
    }

    /// Whether the first answer reaches the end of the list that is asked for next.
    private func reachesEnd(_ first: Answer, _ arrived: Int) -> Bool {
        tail.order == .ascending || first.keys.count == tail.rows + arrived
    }

    /// The rows of an answer that stood in the list before, if they are all but the arrivals.
    func knownRows(of answer: Answer, arrived: Int) -> Range<Int>? {
        let rows = tail.order == .ascending ? 0..<answer.keys.count - arrived : arrived..<answer.keys.count
        return tail.isSorted && answer.keys[rows].starts(with: tail.edge) ? rows : nil
    }

    /// The fingerprint for next time, after these arrivals were archived. `texts`: those of the answer's rows.
    func successor(
        manifest: String, after answer: Answer, arrived: Int, texts: RowTexts
    ) -> TailFingerprint? {
        let rows = answer.keys.prefix(tail.order == .ascending ? .max : tail.edge.count + arrived)
        let count = TailFingerprint.edgeCount(rows: tail.rows + arrived, page: tail.page, isSorted: tail.isSorted)
        guard let count else { return nil }
        let edge = tail.order == .ascending ? Array(rows.suffix(count)) : Array(rows.prefix(count))
        let known = !tail.isSorted ? RowTexts() : tail.order == .ascending ? texts.suffix(count) : texts
        return TailFingerprint(
            manifest: manifest, start: tail.start, rows: tail.rows + arrived, total: answer.total, page: tail.page,
            isEndless: tail.isEndless, order: tail.order, isSorted: tail.isSorted, edge: edge,
            texts: known, far: tail.far, walkedAt: tail.walkedAt,
            seenTo: tail.seenTo)
    }

    /// Whether the page is the list's last: it names no next one, unless the last page always did, and is not full.
    private func isEnd(_ answer: Answer) -> Bool {
        (!answer.hasNext || tail.isEndless) && answer.keys.count < min(tail.page, pageSize)
    }

    private func judgeByTotal(_ answer: Answer, arrived: Int) -> Finding {
        guard arrived >= 0 else { return .unclear }
        let newest = tail.edge.count + arrived
        // Ascending, everything from the remembered rows to the end has to be on the page.
        guard tail.order == .ascending ? answer.keys.count == newest : answer.keys.count >= newest else {
            return .unclear
        }
        var arrivals: [EventKey] = []
        var expected = tail.edge[...]
        for key in answer.keys.prefix(newest) {
            if key == expected.first { expected.removeFirst() } else { arrivals.append(key) }
        }
        return expected.isEmpty ? finding(arrivals) : .unclear
    }

    private func finding(_ arrivals: [EventKey]) -> Finding {
        guard Set(arrivals).count == arrivals.count, Set(arrivals).isDisjoint(with: tail.edge) else { return .unclear }
        return arrivals.isEmpty ? .nothingNew : .arrivals(arrivals)
    }
}
