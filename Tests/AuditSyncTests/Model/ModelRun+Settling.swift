import ArchiveTestSupport
import AuditArchive
@testable import AuditSync
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport

extension ModelRun {
    /// Once all is quiet, a sync makes the archive whole, and the next ones see with a request or two that it is.
    mutating func settle() async throws {
        var quiet = ModelRound()
        quiet.lookback = model.rounds.last?.lookback ?? quiet.lookback
        try setListing(quiet, isOdd: model.staysOdd)
        harness.localClock = nil
        try forgetWindows()
        look()
        let outcome = try await syncUntilOK(quiet, "the quiet sync")
        guard violations.isEmpty else { return }
        if !unarchived.isEmpty {
            // A request for the newest rows alone may not have shown these; see `mayBeHidden`.
            harness.clock.advance(by: .seconds(86_400) + worstSkew)
            look()
            _ = try await syncUntilOK(quiet, "the sync after a day")
        }
        guard violations.isEmpty else { return }
        if !unarchived.isEmpty { note("missing", "in the end", describe(unarchived)) }
        if storage.start > ModelTruth.start { note("missing", "in the end", "all before \(storage.start)") }
        let pending = try storage.disk.requireManifest(harness.layout).manifest.pending
        if !pending.isEmpty { note("pending", "in the end", "\(pending.ranges)") }
        guard violations.isEmpty else { return }
        // A sync that went through several windows leaves rows of the last one unread, since the one before had them; the
        // next one looks at them.
        var last = outcome
        if last.starts.count > 1 { last = try await syncUntilOK(quiet, "the sync after several windows") }
        // Where lists are odd, one that looks from another day than the sync before has another list to get to know, once.
        for number in 1...2 {
            let place = "quiet sync \(number) of a whole archive"
            last = try await syncAgain(quiet, place, mayLookFromAnotherDayThan: number == 1 ? last : nil)
        }
    }

    /// Where windows are small after interruptions, several make the look-back, and no list holds all of it. What is known of
    /// counts stays: else the list would have to be divided again.
    private func forgetWindows() throws {
        let path = harness.layout.hint("backfill.json")
        guard let old = try storage.disk.contents(of: path) else { return }
        var cursor = BackfillCursor()
        cursor.record(excesses: Set(BackfillCursor(decoding: old)?.excesses ?? []))
        try storage.disk.remove(path)
        try storage.disk.createDurably(path, cursor.encoded())
    }

    /// Where the server is odd, or nothing but odd records is new, it may take a second look to see what it means; more
    /// ties than a page holds may take luck.
    private mutating func syncUntilOK(_ quiet: ModelRound, _ place: String) async throws -> ModelProcess.Outcome {
        let hasOddRecords = !model.configuration.population.traits.oddShares.isEmpty
        let isOdd = model.staysOdd && !isExact(model.configuration.listing) || hasOddRecords
        let tries = model.configuration.listing.order == .shuffledTies ? 4 : isOdd ? 3 : 1
        var outcome = try await run(quiet, place)
        for _ in 1..<tries where !outcome.isOK && violations.isEmpty { outcome = try await run(quiet, place) }
        if !outcome.isOK { note("failure", place, "\(outcome.failure.map(String.init(describing:)) ?? "?")") }
        return outcome
    }

    private mutating func syncAgain(
        _ quiet: ModelRound, _ place: String, mayLookFromAnotherDayThan last: ModelProcess.Outcome?
    ) async throws -> ModelProcess.Outcome {
        let bytes = storage.manifestBytes
        let before = lastBegin
        let isShuffled = model.configuration.listing.order == .shuffledTies
        let outcome = isShuffled ? try await syncUntilOK(quiet, place) : try await run(quiet, place)
        guard violations.isEmpty else { return outcome }
        if !outcome.isOK { note("failure", place, "\(outcome.failure.map(String.init(describing:)) ?? "?")") }
        // One that looks further back than the sync before, of which nothing is remembered, may meet what changed there.
        let isFurther = last.flatMap { last in outcome.starts.min().map { $0 < last.starts.min() ?? $0 } } ?? false
        // The one commit of a day, where it ended since the sync before.
        if storage.manifestBytes != bytes && before.day == lastBegin.day && !isFurther {
            let difference = lines(storage.manifestBytes).difference(from: lines(bytes))
            note("requests", place, "it wrote a new manifest: \(difference.map(String.init(describing:)))")
        }
        // One more where a window of before was too large for one page of a few rows, or of those that the server cuts;
        // where what is remembered is of a server that was odd until now; and where rows come in another order.
        let isExact = isExact(harness.core.listing) && isExact(model.configuration.listing) && !model.cutsOffsets
        let isRoomy = model.pageSize >= 18 && harness.core.listing.limitCap >= model.pageSize
        let most = isShuffled ? 4 : isExact && isRoomy ? 1 : 2
        let isNewList = !isExact && last.map { $0.starts != outcome.starts } ?? false
        if outcome.requests > most && fitsProbe(outcome) && !isNewList {
            note("requests", place, "\(outcome.requests) requests, for \(rows(from: outcome.starts.min())) rows")
        }
        return outcome
    }

    private func lines(_ bytes: [UInt8]?) -> [Substring] {
        String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n")
    }

    /// Whether totals are exact, nothing is doubled or cut, and `next` tells what is true.
    private func isExact(_ listing: SimulatorConfiguration.Listing) -> Bool {
        listing.totalMode == .exact && listing.nextRule == .list && listing.doubled == nil
            && listing.maxOffset == nil && listing.nextStyle != .neverNull
    }

    /// Whether the newest rows, or all of those that a sync looks at, fit one page: of lists without an order only the
    /// latter can tell. Records that are no events are rows that nobody remembers.
    private func fitsProbe(_ outcome: ModelProcess.Outcome) -> Bool {
        let listing = harness.core.listing
        let page = min(model.pageSize, listing.limitCap)
        let count = rows(from: outcome.starts.min())
        guard model.configuration.population.traits.oddShares.isEmpty else { return false }
        // What is divided, since it is cut, is read in several windows every time.
        guard count <= listing.maxOffset ?? .max else { return false }
        if count < page { return true }
        // Rows that stand twice, far apart, leave no order by which arrivals could be told.
        let isSorted = [.ascending, .descending].contains(listing.order) && listing.doubled?.areFarApart != true
        return isSorted && page >= 18
    }

    /// The rows of a list that begins on that day in any zone.
    private func rows(from start: String?) -> Int {
        guard let day = start.flatMap(CalendarDay.init(_:)) else { return 0 }
        let first = day.start - .seconds(14 * 3_600)
        return rows(of: truth.events.values.count { $0.isListed && Timestamp(microseconds: $0.createdAt) >= first })
    }
}
