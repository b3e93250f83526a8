import AuditArchive
import CaptivateIQSimulator
import JSONText
import SyncTestSupport

extension ModelRun {
    /// Once all is quiet, a sync makes the archive whole, and the next ones see with a request or two that it is.
    mutating func settle() async throws {
        let quiet = ModelRound()
        try setListing(quiet, isOdd: model.staysOdd)
        harness.localClock = nil
        // Where windows are small after interruptions, several make the look-back, and no list holds all of it.
        try storage.disk.removeIfPresent(harness.layout.hint("backfill.json"))
        look()
        try await syncUntilOK(quiet, "the quiet sync")
        guard violations.isEmpty else { return }
        if !unarchived.isEmpty {
            // A request for the newest rows alone may not have shown these; see `mayBeHidden`.
            harness.clock.advance(by: .seconds(86_400) + worstSkew)
            look()
            try await syncUntilOK(quiet, "the sync after a day")
        }
        guard violations.isEmpty else { return }
        if !unarchived.isEmpty { note("missing", "in the end", describe(unarchived)) }
        let pending = try storage.disk.requireManifest(harness.layout).manifest.pending
        if !pending.isEmpty { note("pending", "in the end", "\(pending.ranges)") }
        guard violations.isEmpty else { return }
        for number in 1...2 { try await syncAgain(quiet, "quiet sync \(number) of a whole archive") }
    }

    /// Where the server is odd, it may take a second look to see what it means; more ties than a page holds may take luck.
    private mutating func syncUntilOK(_ quiet: ModelRound, _ place: String) async throws {
        let isOdd = model.staysOdd && !isExact
        let tries = model.configuration.listing.order == .shuffledTies ? 4 : isOdd ? 3 : 1
        for number in 1...tries {
            let outcome = try await run(quiet, place)
            if outcome.isOK || !violations.isEmpty { return }
            if number == tries { note("failure", place, "\(outcome.failure.map(String.init(describing:)) ?? "?")") }
        }
    }

    private mutating func syncAgain(_ quiet: ModelRound, _ place: String) async throws {
        let bytes = storage.manifestBytes
        let outcome = try await run(quiet, place)
        guard violations.isEmpty else { return }
        if !outcome.isOK { note("failure", place, "\(outcome.failure.map(String.init(describing:)) ?? "?")") }
        if storage.manifestBytes != bytes { note("requests", place, "it wrote a new manifest") }
        // A window of before may have been too large for one page of a few rows, which only the next one then is; and
        // remembered rows that come in another order cost the request that finds it out.
        let isRoomy = min(model.pageSize, harness.core.listing.limitCap) >= 18
        let isShuffled = model.configuration.listing.order == .shuffledTies
        let most = (isExact && isRoomy && !isShuffled ? 1 : 2) + (isShuffled ? 1 : 0)
        if outcome.requests > most && fitsProbe(outcome) {
            note("requests", place, "\(outcome.requests) requests, for \(rows(from: outcome.lastOpenStart)) rows")
        }
    }

    /// Whether totals are exact, nothing is doubled or cut, and `next` tells what is true.
    private var isExact: Bool {
        let listing = harness.core.listing
        return listing.totalMode == .exact && listing.nextRule == .list && listing.doubled == nil
            && listing.maxOffset == nil && listing.nextStyle != .neverNull
    }

    /// Whether the newest rows, or all of those that a sync looks at, fit one page: of lists without an order, and with
    /// records that are no events, only the latter can tell.
    private func fitsProbe(_ outcome: ModelProcess.Outcome) -> Bool {
        let listing = harness.core.listing
        let page = min(model.pageSize, listing.limitCap)
        let count = rows(from: outcome.lastOpenStart)
        if count < page { return true }
        let isSorted = [.ascending, .descending].contains(listing.order)
        let isPlain = model.configuration.population.traits.oddShares.isEmpty
        return isSorted && isPlain && page >= 18 && count <= listing.maxOffset ?? .max
    }

    /// The rows of a list that begins on that day in any zone.
    private func rows(from start: String?) -> Int {
        guard let day = start.flatMap(CalendarDay.init(_:)) else { return 0 }
        let first = day.start - .seconds(14 * 3_600)
        let events = truth.events.values.count { $0.isListed && Timestamp(microseconds: $0.createdAt) >= first }
        return events + (harness.core.listing.doubled?.count ?? 0)
    }
}
