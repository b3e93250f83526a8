import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport

extension ModelRun {
    /// Looks at the server.
    mutating func look(hasRun: Bool = false) {
        truth.look(harness.core, SimulatorInstant(harness.clock), archived: archivedIDs, hasRun: hasRun)
    }

    /// What holds after every command, however it ended: nothing is doubled, changed, lost or made up, and `verify` finds
    /// nothing.
    mutating func check(_ place: String) async throws {
        guard let lines = try storage.changedLines()?.map(truth.canonical) else { return }
        var now: [String: ModelTruth.Line] = [:]
        var unknown = 0
        for line in lines {
            if let known = truth.lines[line] { now[line] = known } else { unknown += 1 }
        }
        let ids = Dictionary(grouping: now.values, by: \.id).filter { $1.count > 1 }.keys
        if now.count + unknown < lines.count {
            note("doubled", place, "\(lines.count - now.count - unknown) lines are there twice")
        }
        if !ids.isEmpty { note("doubled", place, "ids are there twice: \(ids.sorted().prefix(3))") }
        if unknown > 0 { note("made up", place, "\(unknown) events were never sent") }
        let pruned = storage.pruned
        let gone = archived.filter { now[$0.key] == nil }.values
        // One that was pruned where it was archived first may be listed elsewhere since.
        truth.noteLoss(of: Set(gone.lazy.filter { pruned.contains($0.time) }.map(\.id)))
        let erased = erasedIDs
        let lost = gone.filter { !pruned.contains($0.time) && !erased.contains($0.id) }
        if !lost.isEmpty {
            note("lost", place, "\(lost.count) events are gone: \(lost.map(\.id).sorted().prefix(3))")
        }
        archived = now
        let kept = now.values.filter { pruned.contains($0.time) }
        if !kept.isEmpty && !storage.hasJournal {
            note("pruned", place, "\(kept.count) events are there although their days were pruned")
        }
        let back = erased.intersection(now.values.map(\.id))
        if !back.isEmpty && !storage.hasJournal { note("erased", place, "there again: \(back.sorted().prefix(3))") }
        guard storage.hasManifest else { return }
        harness.fileSystem = storage.disk
        for fault in try await harness.faults().prefix(3) { note("unsound", place, "\(fault)") }
    }

    /// Whether what a command said is right.
    mutating func check(
        _ outcome: ModelProcess.Outcome, of round: ModelRound, since before: Before, _ place: String
    ) {
        if !outcome.isDead { checkFailure(outcome, of: round, place) }
        let isEndless = outcome.requests > MovingServer.patience(model)
        if isEndless { note("requests", place, "no end after \(outcome.requests)") }
        let isSync = if case .sync = round.command { true } else { false }
        checkProgress(outcome, of: round, isSync: isSync, since: before, place)
        // One that died behind its last commit had ended whole as well, but for one that finished another's commit first.
        let hasMoved = storage.progress.syncedTo != before.progress.syncedTo && !before.hasJournal
        let hasEndedWhole = outcome.isOK || outcome.isDead && hasMoved
        if isSync && hasEndedWhole { checkSuccess(outcome, since: before, place) }
        if let comparison = outcome.comparison, outcome.isOK, comparison.outcome == .ok {
            checkAgreement(round, since: before, place)
        }
    }

    private mutating func checkFailure(_ outcome: ModelProcess.Outcome, of round: ModelRound, _ place: String) {
        if let error = outcome.error, !isRefusedErasure(error, round) { note("failure", place, "\(error)") }
        guard let failure = outcome.failure else { return }
        switch (failure.kind, round.stop) {
        case (.archive, _), (.foreignOrganization, _): note("failure", place, "\(failure)")
        case (.cancelled, .cancellation), (.cancelled, .duration): break
        case (.cancelled, _): note("failure", place, "cancelled by nobody")
        case (.api(let error), .failure) where error.kind == .unreachable: break
        case (.api(let error), _) where error.kind == .unreachable: note("failure", place, "\(failure)")
        default:
            // Pages of a moving or odd server need not add up, those of another do.
            if isPlain(round) { note("failure", place, "nothing moved, and yet: \(failure)") }
        }
    }

    /// Whether an event of a day that is held was to be erased.
    private func isRefusedErasure(_ error: ArchiveError, _ round: ModelRound) -> Bool {
        guard case .erase = round.command, error.kind == .notWritable else { return false }
        return archived.values.contains { $0.id == erasing && storage.isHeld($0.time.day) }
    }

    /// Whether the server is quiet and says what is true. Where records are odd, they may be all that is new, which is an
    /// answer that cannot be used.
    private func isPlain(_ round: ModelRound) -> Bool {
        let listing = model.configuration.listing
        return model.configuration.population.traits.oddShares.isEmpty && !round.isMoving && !round.cycles
            && round.zoneInRun == nil && !model.cutsOffsets
            && listing.totalMode == .exact && listing.nextRule == .list && listing.doubled == nil
            && listing.order != .shuffledTies && round.stop == nil
    }

    /// A sync that ended well, without a warning, left nothing that was visible when it began.
    private mutating func checkSuccess(_ outcome: ModelProcess.Outcome, since before: Before, _ place: String) {
        guard outcome.warnings.allSatisfy({ $0.contains("clock") || $0.contains("is ignored") }) else { return }
        let left = unarchived.intersection(before.listed).filter { !mayBeHidden($0, at: before.time) }
        if !left.isEmpty { note("false ok", place, "it left \(describe(left))") }
    }

    /// What the server lists, the archive lacks and a sync has to find.
    var unarchived: Set<String> {
        let left = truth.listed.subtracting(archivedIDs).subtracting(truth.excused).subtracting(erasedIDs)
        let (start, pruned) = (storage.start, storage.pruned)
        return left.filter { id in
            guard let time = truth.events[id].map({ Timestamp(microseconds: $0.createdAt) }) else { return true }
            return time >= start && !pruned.contains(time)
        }
    }

    /// Events with their times.
    func describe(_ ids: Set<String>) -> String {
        let shown = ids.sorted().prefix(3).compactMap { truth.events[$0] }
            .map { "\($0.id) of \(Timestamp(microseconds: $0.createdAt))" }
        return "\(ids.count) events: \(shown.joined(separator: ", "))"
    }

    /// Whether an event is not at the newest end of the list. Among equal times that change places no row has a place.
    private func isAmongOthers(_ id: String) -> Bool {
        let time = truth.events[id]?.createdAt
        let isTied = { self.truth.events.values.contains { $0.id != id && $0.createdAt == time } }
        return truth.late.contains(id) || model.configuration.listing.order == .shuffledTies && isTied()
    }

    /// Whether a request for the newest rows alone cannot have shown an event, which is then found half a day later: it is
    /// not at the newest end, and either the total does not tell or a removal made up for it.
    func mayBeHidden(_ id: String, at time: Timestamp) -> Bool {
        guard isAmongOthers(id), let seen = truth.firstSeen[id] else { return false }
        let tells = [.exact, .plus(1), .plus(2), .plus(3)].contains(model.configuration.listing.totalMode)
        return (truth.hasRemovals || !tells) && time - seen <= .seconds(43_200) + worstSkew
    }

    /// `synced_to` and `complete_through` move as the contract says.
    private mutating func checkProgress(
        _ outcome: ModelProcess.Outcome, of round: ModelRound, isSync: Bool, since before: Before, _ place: String
    ) {
        let now = storage.progress
        let (old, new) = (before.progress.syncedTo, now.syncedTo)
        // Every command that writes finishes the commit of a sync that died in it.
        let mayMove = before.hasJournal || isSync && (outcome.isDead || outcome.failure == nil && outcome.error == nil)
        if new != old && !mayMove {
            note(
                "progress", place, "synced_to went from \(old?.description ?? "null") to \(new?.description ?? "null")")
        }
        if let old, new.map({ $0 < old }) ?? true { note("progress", place, "synced_to went back from \(old)") }
        // Where the clock is ahead, the `Date` of the first answer is the beginning, to the second.
        if let new, new > before.time + .seconds(round.latency + 1), !closedTooEarly {
            note("progress", place, "synced_to is \(new), after its beginning")
        }
        if let day = before.progress.completeThrough, now.completeThrough.map({ $0 < day }) ?? true {
            note("progress", place, "complete_through went back from \(day)")
        }
        checkCompleteness(isAfterSync: isSync && outcome.isOK, place)
    }

    /// No date up to `complete_through` lacks an event. A clock that was ahead without anybody saying so closes days that
    /// have not ended; events of those are missing until the next sync. So are those that are late by more than the look-back
    /// with which a day was closed.
    private mutating func checkCompleteness(isAfterSync: Bool, _ place: String) {
        guard let day = storage.progress.completeThrough, isAfterSync || !closedTooEarly else { return }
        // Nothing moves it back: what a rebuild found to be gone is pending, and so is what is to be there before its start.
        let pending = hasLostFiles || model.features.contains(.starts) ? storage.pending : RangeSet()
        let missing = unarchived.filter { id in
            guard let time = truth.events[id].map({ Timestamp(microseconds: $0.createdAt) }) else { return false }
            let isTooLate = truth.firstSeen[id].map { $0 > time + ModelTruth.lookback } ?? false
            return (isAfterSync || !model.growsLookback || !isTooLate) && time.day <= day && !pending.contains(time)
        }
        if !missing.isEmpty { note("progress", place, "complete_through is \(day), without \(describe(missing))") }
    }
}
