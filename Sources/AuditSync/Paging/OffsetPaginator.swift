import AuditRecords
import CaptivateIQAPI

/// Walks the pages of one query by offset: what to ask for next, and when everything was asked for. It does no I/O and
/// judges nothing; see ``WindowCompletion`` for that.
///
/// - The next offset is the offset plus the records received; `next` is never followed.
/// - What is still to be read is whatever no answer covered yet below `total_count`, so a page that came short, for
///   whatever reason, is filled up by a further request.
/// - There is more, whatever the total, while a page that is not empty names a next one or is full; and there may be behind
///   one that is as long as any before, as ``PageLength`` says.
/// - A page begins with the last rows of the one before, as ``PageOverlap`` says.
struct OffsetPaginator: Sendable {
    /// An answered request, as far as the pass needs to know.
    struct Answer: Sendable, Equatable {
        /// The request; its `limit` may be smaller than what was asked for at first.
        var request: PageRequest
        /// The records received.
        var rows: [PageRow]
        /// `total_count`.
        var total: Int
        /// Whether `next` was there and not null.
        var hasNext: Bool

        /// The request's first offset behind the page.
        var end: Int { request.offset + rows.count }
    }

    /// Pages without a new row in the middle of the list that are asked for again.
    private static let maximumAttempts = 3
    /// Empty pages at the list's end that are believed although the total says that there is more.
    private static let emptyPagesAtEnd = 2
    /// Answers in a row that may show nothing but rows that the pass has seen: a server can list two pages in turn for ever.
    private static let mostIdleAnswers = 16

    /// A request without an answer yet.
    private struct Pending: Sendable {
        var offset: Int
        /// The rows that are read with it for the first time.
        var new: Range<Int>
        /// Where the page begins that the answer is to join to the one before it.
        var bridged: Int?
        /// Rows that are on the page before as well.
        var shared: Int { new.lowerBound - offset }
    }

    private let query: EventQuery
    private let excesses: Set<Int>
    private var limit: Int

    /// Records that a page is taken to hold: what was asked for, or what the server cut it to.
    private(set) var step: Int

    private var covered = RangeSet<Int>()
    private var inFlight: [Pending] = []
    private var pageOverlap = PageOverlap()
    private var windowOverlap: WindowOverlap?
    private var read = RangeSet<Int>()
    private var longestPage = 1
    private var lastShortPage: Int?
    /// As far as a page that is full, or names a next one, says that there is something.
    private var promised = 1
    /// Where pages turned out to have no new row, if that is the list's end.
    private var knownEnd: Int?
    private var emptyAtEnd = 0
    private var emptyInside = 0
    /// Rows that neighbouring pages may share, since a page held no more than it shared.
    private var mostShared = Int.max
    private var firstRows: [PageRow] = []
    private var lastRows: [PageRow] = []
    private var repeatedAnswers = 0
    private var answers = 0
    private var halvedInARow = 0
    private var distinct = 0
    private var distinctForSure = 0
    private var idleAnswers = 0
    /// Rows that answers brought for the first time in their place: so far, and when the last one was a different row.
    private var placedRows = (all: 0, atLastFind: 0)
    /// The lowest total that a page has reached: none, if there are rows behind it.
    private var deniedTotal = Int.max
    /// Where a page ended that may have been cut, and its rows.
    private var doubted: (end: Int, count: Int)?
    private var hasPassedTotal = false
    /// Whether a total went beyond the page that it came with: then one that is larger later says that the list grew.
    private var hasOpenTotal = false
    /// Where a page ended that was not full and named no next one.
    private var likelyEnd = Int.max

    /// The longest page of the server; `nil` where it is not to be doubted that short pages end a list.
    private(set) var pageLength: PageLength?

    /// Whether all was asked for and answered, or the pass gave up.
    private(set) var isOver = false

    /// Every `total_count` seen, as the smallest and the largest, and the newest one.
    private(set) var totals: (lowest: Int, highest: Int, newest: Int)?

    /// Whether a total was below the first one: rows were removed. The first request goes alone, so that answers which
    /// overtake each other do not look like it.
    var hasShrunk: Bool { totals.map { $0.lowest < firstTotal ?? $0.lowest } ?? false }

    private var firstTotal: Int?

    /// No page, or the same one, came where other records should have been, again and again.
    private(set) var gaveUp = false

    /// A pass that asks for at most `pageSize` records at once.
    ///
    /// - Parameters:
    ///   - windowOverlap: rows that may be left out, for the window before had them.
    ///   - excesses: by how much more the API is known to count than it lists.
    ///   - pageLength: the longest page of the server so far.
    init(
        _ query: EventQuery, pageSize: Int, windowOverlap: WindowOverlap? = nil, excesses: Set<Int> = [],
        pageLength: PageLength? = nil
    ) {
        self.query = query
        self.pageLength = pageLength
        self.windowOverlap = windowOverlap
        self.excesses = excesses
        limit = pageSize
        step = pageLength.map { $0.isCut ? min($0.rows, pageSize) : pageSize } ?? pageSize
    }

    /// Records that a page can hold, as far as this pass tells. A list that ends with its first page may name a next one all
    /// the same: that shows no cut.
    var pageRows: Int { halvedInARow < 3 && rowCount <= longestPage ? limit : step }

    /// Whether neighbouring pages fit together, as far as they have come.
    var pagesOverlap: Bool { pageOverlap.hold && !hasRetreated }

    /// Whether the list ends before rows that were on it: some were removed, and others may have slipped past unseen.
    private var hasRetreated = false

    /// Whether no row is likely to have been on two pages, but for those that they share.
    var overlapsAreClean: Bool { pageOverlap.areClean }

    /// Rows that were left out, since the window before had them.
    var skippedRows: Int {
        guard let windowOverlap, windowOverlap.isConfirmed else { return 0 }
        let rows = windowOverlap.skippedRows(total: totals?.newest)
        return rows.count - read.count(in: rows)
    }

    /// Rows of the list, as far as it was found to go on without a hole, those that were left out among them.
    var rowCount: Int {
        let skipped = windowOverlap?.isConfirmed == true ? skipped : 0..<0
        var end = 0
        while let next = covered.end(containing: end) ?? (skipped.contains(end) ? skipped.upperBound : nil) {
            end = next
        }
        return end
    }

    /// Rows of a list of one page that stand there twice. Between two answers a row may have moved; in one it cannot.
    var doubledRows: Int {
        firstRows.count == rowCount ? firstRows.count - Set(firstRows.lazy.map(\.key)).count : 0
    }

    /// Whether totals are less than what the list has, so that they tell nothing of its end.
    var countsAreLow: Bool { hasPassedTotal || !hasOpenTotal && rowCount > deniedTotal }

    /// Whether the list ended although the total says that there is more.
    var isShort: Bool { !countsAreLow && totals.map { rowCount < $0.newest } ?? false }

    /// How many rows more the API counts than its list has.
    var excess: Int { isShort ? (totals?.newest ?? 0) - rowCount : 0 }

    /// Whether the rows that tell what may be left out were where they should have been.
    var hasConfirmedOverlap: Bool { windowOverlap?.isConfirmed ?? false }

    /// Whether the rows to be left out were not where they should have been.
    var hasRefutedOverlap: Bool { windowOverlap?.isRefuted ?? false }

    /// The next request that can be sent while others are in flight; `nil` for none now. The first one goes alone, for
    /// only its answer tells how many there are.
    mutating func nextRequest() -> PageRequest? {
        guard !isOver, totals != nil || inFlight.isEmpty else { return nil }
        guard let open = firstOpenOffset else { return nextBridge() }
        // Most likely nothing comes: one page can tell.
        if open >= likelyEnd, !inFlight.isEmpty { return nil }
        // Pages of one row have none to share. Where most likely nothing comes, nothing need be read again.
        let offset = max(0, open - (doubted?.end == open ? 0 : overlap))
        let room = nextKnownOffset(after: open).map { $0 - offset } ?? step
        let new = open..<offset + max(open - offset + 1, min(step, room))
        assert(covered.count(in: new) == 0, "rows are asked for again as new ones")
        assert(!inFlight.contains { $0.new.overlaps(new) }, "rows are asked for twice at once")
        inFlight.append(Pending(offset: offset, new: new))
        // Up to what is known already and not a record more; at the end whatever fits, for events may have arrived.
        return PageRequest(query: query, offset: offset, limit: room < step ? room : limit)
    }

    /// A page around an edge where two pages did not fit, at last, when all else was read.
    private mutating func nextBridge() -> PageRequest? {
        guard inFlight.isEmpty, let bridge = pageOverlap.nextToBridge() else { return nil }
        let offset = max(0, bridge.middle - step / 2)
        inFlight.append(Pending(offset: offset, new: offset..<offset, bridged: bridge.edge))
        return PageRequest(query: query, offset: offset, limit: step)
    }

    /// Takes the answer to a request that ``nextRequest()`` gave. Returns which of its rows count: the others are those
    /// that it shares with the page before.
    @discardableResult
    mutating func receive(_ answer: Answer, askedLimit: Int) -> Range<Int> {
        let offset = answer.request.offset
        let index = inFlight.firstIndex { $0.offset == offset }
        let asked = index.map { inFlight.remove(at: $0) } ?? Pending(offset: offset, new: offset..<offset + 1)
        record(total: answer.total)
        // Rows that a total leaves out, whether or not they are new.
        if !answer.rows.isEmpty, answer.end > answer.total { hasPassedTotal = true }
        if !answer.rows.isEmpty, answer.end < answer.total { hasOpenTotal = true }
        learnStep(answer, askedLimit: askedLimit)
        if let edge = asked.bridged {
            pageOverlap.bridge(edge, offset: offset, rows: answer.rows)
            isOver = firstOpenOffset == nil && !pageOverlap.canBridge
            return 0..<0
        }
        let start = asked.new.lowerBound
        let isEmpty = answer.end <= start
        if settleDoubt(start: start, isEmpty: isEmpty) { return 0..<0 }
        if offset == 0 { firstRows = answer.rows }
        // A page without a new row is asked for again, and would stand in its own way.
        if !isEmpty || asked.shared == 0 { pageOverlap.add(offset: offset, rows: answer.rows, shared: asked.shared) }
        read.insert(contentsOf: offset..<answer.end)
        check(answer)
        if isEmpty, asked.shared > 0, answer.rows.count >= answer.request.limit {
            // It had no room for another one, and says nothing of the list's end: the next one shares less.
            mostShared = max(answer.rows.count > 1 ? 1 : 0, answer.rows.count / 4)
        } else if isEmpty {
            recordEmpty(from: start, total: answer.total)
            if knownEnd == start { hasRetreated = answer.end < start }
        } else {
            covered.insert(contentsOf: start..<answer.end)
            placedRows.all += answer.end - start
            recordRows(answer)
            doubt(answer, askedLimit: askedLimit)
        }
        recordRepetition(answer)
        answers += 1
        if answers > mostAnswers { gaveUp = true }
        if inFlight.isEmpty, firstOpenOffset == nil, windowOverlap?.isConfirmed == false { windowOverlap?.refute() }
        isOver = gaveUp || (inFlight.isEmpty && firstOpenOffset == nil && !pageOverlap.canBridge)
        assert(covered.isSubset(of: read), "rows count as new that no answer brought")
        return min(start - offset, answer.rows.count)..<answer.rows.count
    }

    /// Takes how many different rows the pass has seen by now: answers that show nothing new do not go on for ever. Records
    /// that cannot be told apart may be many rows, or few again and again, so that more answers have to show it.
    mutating func record(distinct count: SeenRows) {
        idleAnswers = count.fewest > distinctForSure ? 0 : idleAnswers + 1
        if idleAnswers == 0 { placedRows.atLastFind = placedRows.all }
        distinctForSure = max(distinctForSure, count.fewest)
        distinct = max(distinct, count.most)
        let most = count.most > count.fewest ? 3 * Self.mostIdleAnswers : Self.mostIdleAnswers
        // A list can hold every row twice, its second half nothing but rows of its first.
        let isBeyondDoubling = placedRows.all - placedRows.atLastFind > distinctForSure
        guard idleAnswers > most, isBeyondDoubling, firstOpenOffset != nil else { return }
        gaveUp = true
        isOver = true
    }

    /// Looks for the rows that tell whether others can be left out.
    private mutating func check(_ answer: Answer) {
        guard var windowOverlap, !windowOverlap.isRefuted else { return }
        windowOverlap.record(answer)
        if windowOverlap.isConfirmed, windowOverlap.order == .ascending {
            pageOverlap.dismissAll(before: windowOverlap.skipped)
        }
        self.windowOverlap = windowOverlap
    }

    private var skipped: Range<Int> { windowOverlap?.skippedRows(total: totals?.newest) ?? 0..<0 }

    /// Rows that a page shares with the one before. Among a few there is nearly always one that is the only one of its time.
    private var overlap: Int { min(max(pageOverlap.overlap, min(8, step / 100)), step - 1, mostShared) }

    /// As far as there is something to be read. The total alone may say too little, and too much.
    private var goal: Int { min(max(expected, promised), knownEnd ?? .max) }

    /// The total, but for what it is known to be off by.
    private var expected: Int {
        guard let total = totals?.newest else { return 1 }
        return likelyEnd < total && excesses.contains(total - likelyEnd) ? likelyEnd : total
    }

    /// The lowest offset that is neither covered nor asked for.
    private var firstOpenOffset: Int? {
        let skipped = skipped
        var offset = 0
        // The end of what may be left out is asked for even before anything tells how much there is.
        while offset < max(goal, totals == nil ? skipped.upperBound + 1 : 0) {
            if skipped.contains(offset) {
                offset = skipped.upperBound
                continue
            }
            let asked = inFlight.first { $0.new.contains(offset) }
            guard let end = covered.end(containing: offset) ?? asked?.new.upperBound else { return offset }
            offset = end
        }
        return nil
    }

    private func nextKnownOffset(after offset: Int) -> Int? {
        let asked = inFlight.lazy.map(\.new.lowerBound).filter { $0 > offset }.min()
        let left = skipped.lowerBound > offset ? skipped.lowerBound : nil
        return [covered.start(after: offset), asked, left].compactMap { $0 }.min()
    }

    private mutating func record(total: Int) {
        firstTotal = firstTotal ?? total
        let seen = totals ?? (total, total, total)
        totals = (min(seen.lowest, total), max(seen.highest, total), total)
    }

    /// A page shorter than asked although more follows: the server cuts `limit`, and so many are a page from now on.
    private mutating func learnStep(_ answer: Answer, askedLimit: Int) {
        let isHalved = answer.request.limit < askedLimit
        halvedInARow = isHalved ? halvedInARow + 1 : 0
        if halvedInARow >= 3 {
            // Not a passing fault: whole pages are too much for the server.
            limit = max(1, answer.request.limit)
            step = min(step, limit)
        }
        let count = answer.rows.count
        guard count > 0, !isHalved, askedLimit >= step else { return }
        // Where no next one is named, a second page of the same length tells.
        let isCut = count < askedLimit && (answer.hasNext || answer.end < answer.total && count == lastShortPage)
        if count < askedLimit { lastShortPage = count }
        guard isCut || count == askedLimit else { return }
        pageLength?.record(count)
        // A single page may be short by accident: the longest one seen tells the cut.
        longestPage = max(longestPage, count)
        step = min(limit, longestPage)
    }

    /// Three times as many answers as were to be expected at first: a list that grows faster than its pages are read has
    /// no end. Where the total is none, as the rows seen call for.
    private var mostAnswers: Int {
        let expected = countsAreLow ? max(firstTotal ?? 0, distinct) : firstTotal ?? 0
        return 16 + 3 * (expected / max(1, step - overlap))
    }

    /// A server that does not look at `offset` sends the same page for ever.
    private mutating func recordRepetition(_ answer: Answer) {
        let isRepeated = answer.rows == lastRows && answer.rows.contains { $0.time != nil }
        repeatedAnswers = isRepeated ? repeatedAnswers + 1 : 0
        lastRows = answer.rows
        if repeatedAnswers > Self.maximumAttempts { gaveUp = true }
    }

    /// A page that names a next one says that there is more, whatever the total. So does a full one: where `next` is made
    /// from a total that is too low, it is null although there is.
    private mutating func recordRows(_ answer: Answer) {
        let end = answer.end
        let isFull = answer.rows.count >= min(step, answer.request.limit)
        likelyEnd = end > likelyEnd ? .max : answer.hasNext || isFull ? likelyEnd : end
        if let known = knownEnd, end > known { (knownEnd, hasRetreated) = (nil, false) }
        emptyAtEnd = 0
        if answer.hasNext || isFull { promised = max(promised, end + 1) }
        if end >= answer.total { deniedTotal = min(deniedTotal, answer.total) }
    }

    /// Asks what is behind a page that says it is the last, but may have been cut.
    private mutating func doubt(_ answer: Answer, askedLimit: Int) {
        let count = answer.rows.count
        guard let pageLength, !answer.hasNext, answer.end >= answer.total, askedLimit == limit,
            answer.request.limit == limit, count < limit, pageLength.mayBeCut(count)
        else { return }
        promised = max(promised, answer.end + 1)
        if !pageLength.isCut || count > pageLength.rows { doubted = (answer.end, count) }
    }

    /// Learns from what came behind a page that may have been cut. Returns whether that was rows: they are asked for again, with
    /// the last rows of that page before them.
    private mutating func settleDoubt(start: Int, isEmpty: Bool) -> Bool {
        guard let doubted, doubted.end == start else { return false }
        self.doubted = nil
        if isEmpty {
            pageLength?.record(doubted.count)
        } else {
            pageLength?.recordCut(doubted.count)
            step = min(step, doubted.count)
        }
        return !isEmpty
    }

    /// A page without a new row is the list's end where the total agrees, or at the second try; in the middle of the list
    /// it is a fault that passes or not.
    private mutating func recordEmpty(from start: Int, total: Int) {
        guard covered.start(after: start) == nil else {
            emptyInside += 1
            if emptyInside > Self.maximumAttempts { gaveUp = true }
            return
        }
        emptyAtEnd += 1
        if start >= total || emptyAtEnd >= Self.emptyPagesAtEnd { knownEnd = min(knownEnd ?? start, start) }
    }
}
