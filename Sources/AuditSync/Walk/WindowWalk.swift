package import CaptivateIQAPI
import JSONText

/// Walks the pages of one query by offset: what to ask for next, and when everything was asked for. It does no I/O and
/// judges nothing; see ``WalkVerdict`` for that.
///
/// - The next offset is the offset plus the records received; `next` is never followed.
/// - What is still to be read is whatever no answer covered yet below `total_count`, so a page that came short, for
///   whatever reason, is filled up by a further request.
/// - A page begins with the last row of the one before, as ``PageSeams`` says.
package struct WindowWalk: Sendable {
    /// An answered request, as far as the walk needs to know.
    package struct Answer: Sendable, Equatable {
        /// The request; its `limit` may be smaller than what was asked for at first.
        package var request: PageRequest
        /// The records received.
        package var rows: [PageRow]
        /// `total_count`.
        package var total: Int
        /// Whether `next` was there and not null.
        package var hasNext: Bool

        /// The request's first offset behind the page.
        var end: Int { request.offset + rows.count }

        /// Describes an answer.
        package init(request: PageRequest, rows: [PageRow], total: Int, hasNext: Bool) {
            self.request = request
            self.rows = rows
            self.total = total
            self.hasNext = hasNext
        }

        /// What a page tells the walk.
        init(_ reading: PageReading) {
            let page = reading.page
            self.init(
                request: page.request, rows: reading.rows, total: page.totalCount, hasNext: page.next == .present)
        }
    }

    /// Pages without anything new before the total that are asked for again.
    private static let patience = 3

    /// A request without an answer yet.
    private struct Pending: Sendable {
        var offset: Int
        /// The rows that are read with it for the first time.
        var new: Range<Int>
        /// Where the page begins that the answer is to join to the one before it.
        var bridged: Int?
        var isSharing: Bool { offset < new.lowerBound }
    }

    private let query: EventQuery
    private var limit: Int

    /// Records that a page is taken to hold: what was asked for, or what the server cut it to.
    package private(set) var step: Int

    private var covered = OffsetRanges()
    private var inFlight: [Pending] = []
    private var seams = PageSeams()
    private var joint: WindowJoint?
    private var read = OffsetRanges()
    private var longestPage = 1
    private var goal = 1
    private var probeEnd = 0
    private var emptyAnswers = 0
    private var lastRows: [PageRow] = []
    private var repeatedAnswers = 0
    private var answers = 0
    private var halvedInARow = 0
    private var hasProbedBeyond = false

    /// Whether all was asked for and answered, or the walk gave up.
    package private(set) var isOver = false

    /// Every `total_count` seen, as the smallest and the largest, and the newest one.
    package private(set) var totals: (lowest: Int, highest: Int, newest: Int)?

    /// Whether a total was below the first one: rows were removed. The first request goes alone, so that answers which
    /// overtake each other do not look like it.
    package var hasShrunk: Bool { totals.map { $0.lowest < firstTotal ?? $0.lowest } ?? false }

    private var firstTotal: Int?

    /// No page, or the same one, came where other records should have been, again and again.
    package private(set) var gaveUp = false

    /// A walk that asks for at most `pageSize` records at once. `joint`: rows that may be left out, for the window before
    /// had them.
    package init(_ query: EventQuery, pageSize: Int, joint: WindowJoint? = nil) {
        self.query = query
        self.joint = joint
        limit = pageSize
        step = pageSize
    }

    /// Whether neighbouring pages fit together, as far as they have come.
    package var seamsHold: Bool { seams.hold }

    /// Whether no row is likely to have been on two pages, but for those that they share.
    package var seamsAreClean: Bool { seams.areClean }

    /// Rows that were left out, since the window before had them.
    package var skippedRows: Int {
        guard let joint, joint.isConfirmed else { return 0 }
        let rows = joint.skippedRows(total: totals?.newest)
        return rows.count - read.count(in: rows)
    }

    /// Whether the rows to be left out were not where they should have been.
    package var hasRefutedJoint: Bool { joint?.isRefuted ?? false }

    /// The next request that can be sent while others are in flight; `nil` for none now. The first one goes alone, for
    /// only its answer tells how many there are.
    package mutating func nextRequest() -> PageRequest? {
        guard !isOver, totals != nil || inFlight.isEmpty else { return nil }
        guard let open = firstOpenOffset else { return nextBridge() }
        // Pages of one row have none to share.
        let offset = max(0, step > 1 ? open - 1 : open)
        let room = nextKnownOffset(after: open).map { $0 - offset } ?? step
        inFlight.append(Pending(offset: offset, new: open..<offset + min(step, room)))
        // Up to what is known already and not a record more; at the end whatever fits, for events may have arrived.
        return PageRequest(query: query, offset: offset, limit: room < step ? room : limit)
    }

    /// A page around a seam that did not fit, at last, when all else was read.
    private mutating func nextBridge() -> PageRequest? {
        guard inFlight.isEmpty, let seam = seams.nextToBridge() else { return nil }
        let offset = max(0, seam - step / 2)
        inFlight.append(Pending(offset: offset, new: offset..<offset, bridged: seam))
        return PageRequest(query: query, offset: offset, limit: step)
    }

    /// Takes the answer to a request that ``nextRequest()`` gave. Returns which of its rows count: the others are those
    /// that it shares with the page before.
    @discardableResult
    package mutating func receive(_ answer: Answer, askedLimit: Int) -> Range<Int> {
        let offset = answer.request.offset
        let index = inFlight.firstIndex { $0.offset == offset }
        let asked = index.map { inFlight.remove(at: $0) } ?? Pending(offset: offset, new: offset..<offset + 1)
        note(total: answer.total)
        learnStep(answer, askedLimit: askedLimit)
        if let seam = asked.bridged {
            seams.bridge(seam, offset: offset, rows: answer.rows)
            isOver = firstOpenOffset == nil && !seams.canBridge
            return 0..<0
        }
        let start = asked.new.lowerBound
        // A page without a new row is asked for again, and would stand in its own way.
        if answer.end > start || !asked.isSharing {
            seams.add(offset: offset, rows: answer.rows, isSharing: asked.isSharing)
        }
        read.insert(offset..<answer.end)
        check(answer)
        if answer.end > start {
            covered.insert(start..<answer.end)
            emptyAnswers = 0
        } else if start < answer.total {
            tolerateEmptyPage()
        }
        noteRepetition(answer)
        answers += 1
        if answers > mostAnswers { gaveUp = true }
        probeBeyond(answer, isEmpty: answer.end <= start)
        goal = max(answer.total, probeEnd)
        if inFlight.isEmpty, firstOpenOffset == nil, joint?.isConfirmed == false { joint?.refute() }
        isOver = gaveUp || (inFlight.isEmpty && firstOpenOffset == nil && !seams.canBridge)
        return min(start - offset, answer.rows.count)..<answer.rows.count
    }

    /// Looks for the rows that tell whether others can be left out.
    private mutating func check(_ answer: Answer) {
        guard var joint, !joint.isRefuted else { return }
        joint.note(answer)
        if joint.isConfirmed, joint.order == .ascending { seams.dismiss(offset: joint.skipped - 1) }
        self.joint = joint
    }

    private var skipped: Range<Int> { joint?.skippedRows(total: totals?.newest) ?? 0..<0 }

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

    private mutating func note(total: Int) {
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
        let isCut = count < askedLimit && answer.end < answer.total
        guard isCut || count == askedLimit else { return }
        // A single page may be short by accident: the longest one seen tells the cut.
        longestPage = max(longestPage, count)
        step = min(limit, longestPage)
    }

    /// Three times as many answers as were to be expected at first: a list that grows faster than its pages are read has
    /// no end.
    private var mostAnswers: Int { 16 + 3 * ((firstTotal ?? 0) / max(1, step - 1)) }

    /// A server that does not look at `offset` sends the same page for ever.
    private mutating func noteRepetition(_ answer: Answer) {
        let isRepeated = answer.rows == lastRows && answer.rows.contains { $0.time != nil }
        repeatedAnswers = isRepeated ? repeatedAnswers + 1 : 0
        lastRows = answer.rows
        if repeatedAnswers > Self.patience { gaveUp = true }
    }

    private mutating func tolerateEmptyPage() {
        emptyAnswers += 1
        if emptyAnswers > Self.patience { gaveUp = true }
    }

    /// A full last page that still names a next one: one more request tells whether `next` or `total_count` lies.
    private mutating func probeBeyond(_ answer: Answer, isEmpty: Bool) {
        let (end, count) = (answer.end, answer.rows.count)
        if isEmpty && end >= answer.total { probeEnd = 0 }
        guard answer.hasNext, end >= answer.total, !isEmpty, count >= min(step, answer.request.limit) else { return }
        guard !hasProbedBeyond || end > answer.total else { return }
        hasProbedBeyond = true
        probeEnd = end + 1
    }
}
