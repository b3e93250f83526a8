package import CaptivateIQAPI
import JSONText

/// Walks the pages of one query by offset: what to ask for next, and when everything was asked for. It does no I/O and
/// judges nothing; see ``WalkVerdict`` for that.
///
/// - The next offset is the offset plus the records received; `next` is never followed.
/// - What is still to be read is whatever no answer covered yet below `total_count`, so a page that came short, for
///   whatever reason, is filled up by a further request.
package struct WindowWalk: Sendable {
    /// An answered request, as far as the walk needs to know.
    package struct Answer: Sendable, Equatable {
        /// The request; its `limit` may be smaller than what was asked for at first.
        package var request: PageRequest
        /// Records received.
        package var count: Int
        /// `total_count`.
        package var total: Int
        /// Whether `next` was there and not null.
        package var hasNext: Bool

        /// Describes an answer.
        package init(request: PageRequest, count: Int, total: Int, hasNext: Bool) {
            self.request = request
            self.count = count
            self.total = total
            self.hasNext = hasNext
        }

        /// What a page tells the walk.
        init(_ page: Page) {
            self.init(
                request: page.request, count: page.records.count, total: page.totalCount,
                hasNext: page.next == .present)
        }
    }

    /// Empty pages before the total that are asked for again.
    private static let patience = 3

    private let query: EventQuery
    private var limit: Int

    /// Records that a page is taken to hold: what was asked for, or what the server cut it to.
    package private(set) var step: Int

    private var covered = OffsetRanges()
    private var inFlight = OffsetRanges()
    private var goal = 1
    private var probeEnd = 0
    private var emptyAnswers = 0
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

    /// An empty page came where records should have been, again and again.
    package private(set) var gaveUp = false

    /// A walk that asks for at most `pageSize` records at once.
    package init(_ query: EventQuery, pageSize: Int) {
        self.query = query
        limit = pageSize
        step = pageSize
    }

    /// The next request that can be sent while others are in flight; `nil` for none now. The first one goes alone, for
    /// only its answer tells how many there are.
    package mutating func nextRequest() -> PageRequest? {
        guard !isOver, let offset = firstOpenOffset, totals != nil || inFlight.isEmpty else { return nil }
        let room = nextKnownOffset(after: offset).map { $0 - offset } ?? step
        inFlight.insert(offset..<offset + min(step, room))
        // Up to what is known already and not a record more; at the end whatever fits, for events may have arrived.
        return PageRequest(query: query, offset: offset, limit: room < step ? room : limit)
    }

    /// Takes the answer to a request that ``nextRequest()`` gave at `offset`.
    package mutating func receive(_ answer: Answer, askedLimit: Int) {
        let offset = answer.request.offset
        inFlight.removeRange(startingAt: offset)
        note(total: answer.total)
        learnStep(answer, askedLimit: askedLimit)
        if answer.count > 0 {
            covered.insert(offset..<offset + answer.count)
            emptyAnswers = 0
        }
        if answer.count == 0 && offset < answer.total { tolerateEmptyPage() }
        probeBeyond(answer)
        goal = max(answer.total, probeEnd)
        isOver = gaveUp || (inFlight.isEmpty && firstOpenOffset == nil)
    }

    /// The lowest offset that is neither covered nor asked for.
    private var firstOpenOffset: Int? {
        var offset = 0
        while offset < goal {
            guard let end = covered.end(containing: offset) ?? inFlight.end(containing: offset) else { return offset }
            offset = end
        }
        return nil
    }

    private func nextKnownOffset(after offset: Int) -> Int? {
        [covered.start(after: offset), inFlight.start(after: offset)].compactMap { $0 }.min()
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
        guard answer.count > 0, !isHalved, askedLimit >= step else { return }
        let isCut = answer.count < askedLimit && answer.request.offset + answer.count < answer.total
        if isCut {
            // A single page may be short by accident: the longest one seen tells the cut.
            step = step == limit ? answer.count : max(step, answer.count)
        } else if answer.count == askedLimit {
            step = min(limit, max(step, answer.count))
        }
    }

    private mutating func tolerateEmptyPage() {
        emptyAnswers += 1
        gaveUp = emptyAnswers > Self.patience
    }

    /// A full last page that still names a next one: one more request tells whether `next` or `total_count` lies.
    private mutating func probeBeyond(_ answer: Answer) {
        let end = answer.request.offset + answer.count
        if answer.count == 0 && end >= answer.total { probeEnd = 0 }
        guard answer.hasNext, end >= answer.total, answer.count > 0, answer.count >= min(step, answer.request.limit)
        else {
            return
        }
        guard !hasProbedBeyond || end > answer.total else { return }
        hasProbedBeyond = true
        probeEnd = end + 1
    }
}
