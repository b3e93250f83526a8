import ArchiveTestSupport
@testable import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport
import TestSupport

/// Runs a case: its course, in which much goes wrong, and then syncs while all is quiet. The archive is compared with the
/// server after every step; in the end it has to hold all that the server lists and all it ever held, each once.
struct ModelRun {
    let model: ModelCase
    var harness: SyncHarness
    var storage: ModelDisk
    var truth: ModelTruth
    /// The archive's lines, and the ids and times of its events, at the last look.
    var archived: [String: ModelTruth.Line] = [:]
    var zone: Int
    /// Whether a sorted list is the other way round than at first.
    var isTurned = false
    var limitCap: Int
    var places: [String] = []
    var violations: [String] = []
    /// The furthest that the system's clock was ever off.
    var worstSkew = Duration.zero
    /// Whether the system's clock was ahead and no answer said so: then days may be closed that have not ended.
    var closedTooEarly = false
    /// Whether a rebuild found that something is gone.
    var hasLostFiles = false
    /// The events of which it was accepted that the server has them no more.
    var acceptedGone: Set<String> = []
    /// The event that is being erased, until the commit that does it is whole.
    var erasing: String?
    /// Whether any was ever to be erased.
    private(set) var erases = false
    /// When the last command began.
    var lastBegin: Timestamp

    init(_ model: ModelCase) throws {
        self.model = model
        let disk = MemoryFileSystem()
        harness = try SyncHarness.inMemory(disk) { $0 = model.configuration }
        lastBegin = harness.clock.now()
        storage = ModelDisk(disk, harness.layout)
        truth = ModelTruth(isUnordered: model.configuration.listing.shufflesMembers)
        zone = model.configuration.listing.filterOffsetMinutes
        limitCap = model.configuration.listing.limitCap
    }

    /// What is wrong with the case's course; nothing if all is well.
    static func violations(of model: ModelCase) async throws -> [String] {
        var run = try ModelRun(model)
        for (index, round) in model.rounds.enumerated() {
            try await run.take(round, "round \(index + 1)")
            // What follows from a fault is another fault's shadow.
            guard run.violations.isEmpty else { return run.violations }
        }
        try await run.settle()
        return run.violations
    }

    var archivedIDs: Set<String> { Set(archived.values.map(\.id)) }

    /// The ids that the evidence says were erased, and one whose commit is half done.
    var erasedIDs: Set<String> {
        guard erases, let hashes = try? storage.erasedIDs() else { return [] }
        let unfinished = storage.hasJournal ? erasing : nil
        return Set(truth.events.keys.filter { $0 == unfinished || hashes.contains(TreeHash.plain($0).hexadecimal) })
    }

    mutating func note(_ kind: String, _ place: String, _ text: String) {
        violations.append("[\(kind)] \(place): \(text)")
    }

    private mutating func take(_ round: ModelRound, _ place: String) async throws {
        try pass(round)
        zone = round.zone ?? zone
        isTurned = round.isTurned ?? isTurned
        limitCap = round.limitCap ?? limitCap
        try setListing(round, isOdd: true)
        harness.localClock = round.skew == 0 ? nil : SkewedClock(harness.clock, by: .seconds(round.skew))
        worstSkew = max(worstSkew, .seconds(abs(round.skew)))
        if round.skew > 0 && !round.hasDate { closedTooEarly = true }
        if let pages = round.windowPages { shrinkWindows(pages) }
        look()
        switch round.command {
        case .restore(let what, let age): try await restore(what, age, place)
        case .rebuild(let damage): try await rebuild(damage, round, place)
        case .prune:
            guard storage.hasManifest else { break }
            // A clock that is ahead takes more for old.
            _ = try await run(round, place)
        case .reconcile, .acceptGone, .retryQuarantine, .compact, .hold:
            if storage.hasManifest { _ = try await run(round, place) }
        case .erase(let number): if storage.hasManifest { try await erase(number, round, place) }
        case .sync: _ = try await run(round, place)
        }
        try storage.keepCopy()
    }

    /// Runs a command, and checks what it did and said.
    mutating func run(_ round: ModelRound, _ place: String) async throws -> ModelProcess.Outcome {
        let before = Before(self)
        lastBegin = before.time
        var process = ModelProcess(harness: harness, model: model, round: round, disk: storage.disk)
        process.erased = erasing
        if MovingServer.isTraced { print("\(place): \(round)") }
        let outcome = try await process.run(round.command)
        if MovingServer.isTraced { print("  \(outcome)") }
        look(hasRun: true)
        if case .acceptGone = round.command { acceptedGone.formUnion(archivedIDs.subtracting(truth.listed)) }
        try await check(place)
        if violations.isEmpty { check(outcome, of: round, since: before, place) }
        return outcome
    }

    /// What the archive and the server were before a command.
    struct Before {
        let listed: Set<String>
        let archived: [String: ModelTruth.Line]
        let progress: ModelDisk.Progress
        let hasJournal: Bool
        let time: Timestamp
        let localTime: Timestamp

        init(_ run: ModelRun) {
            listed = run.truth.listed
            archived = run.archived
            progress = run.storage.progress
            hasJournal = run.storage.hasJournal
            time = run.harness.clock.now()
            localTime = (run.harness.localClock ?? run.harness.clock).now()
        }
    }

    private mutating func restore(_ what: ModelRound.Restore, _ age: Int, _ place: String) async throws {
        let before = archivedIDs
        // The journal of a commit that is half done does not belong to an older manifest; until a rebuild, nothing goes on.
        guard !storage.hasJournal, try storage.restore(what, age: age) else { return }
        harness.fileSystem = storage.disk
        archived = [:]
        try await check(place)
        truth.noteLoss(of: before.subtracting(archivedIDs))
    }

    /// Erases one of the archived events, unless its day is held.
    private mutating func erase(_ number: Int, _ round: ModelRound, _ place: String) async throws {
        let ids = archivedIDs.sorted()
        guard !ids.isEmpty else { return }
        let id = ids[number % ids.count]
        (erasing, erases) = (id, true)
        let isHeld = archived.values.contains { $0.id == id && storage.isHeld($0.time.day) }
        let outcome = try await run(round, place)
        if !storage.hasJournal { erasing = nil }
        truth.noteLoss(of: [id])
        guard outcome.isOK, violations.isEmpty else { return }
        let isErased = try storage.erasedIDs().contains(TreeHash.plain(id).hexadecimal)
        if isErased == isHeld || archivedIDs.contains(id) != isHeld {
            note("erased", place, "\(id) is \(isErased ? "" : "not ")erased, and its day \(isHeld ? "" : "not ")held")
        }
    }

    private mutating func rebuild(_ damage: ModelRound.Damage, _ round: ModelRound, _ place: String) async throws {
        // Without an event there would be nothing to make a manifest from.
        guard storage.hasEvents else { return }
        // A commit that is half done may hold the manifest that is to be lost.
        if try storage.disk.status(of: harness.layout.journal) == nil { try storage.damage(damage) }
        let process = ModelProcess(harness: harness, model: model, round: round, disk: storage.disk)
        var outcome = try await process.run(round.command)
        if outcome.isDead && (damage != .none || outcome.rebuild == nil) {
            // The commands after it say that the archive is damaged, and a person runs it again.
            var again = round
            again.stop = nil
            outcome = try await ModelProcess(harness: harness, model: model, round: again, disk: storage.disk)
                .run(round.command)
        }
        hasLostFiles = hasLostFiles || outcome.rebuild?.isIncomplete ?? true
        if let error = outcome.error { note("rebuild", place, "failed: \(error)") }
        if let faults = outcome.rebuild?.faults, !faults.isEmpty { note("rebuild", place, "refused: \(faults)") }
        try await check(place)
    }

    /// Lets time pass and the vendor do what it does.
    private func pass(_ round: ModelRound) throws {
        let begin = harness.clock.now()
        harness.clock.advance(by: .seconds(round.pause))
        let instant = SimulatorInstant(harness.clock)
        for change in round.changes {
            switch change {
            case .arrive(let count, let ties): harness.core.arrive(count: count, ties: ties, at: instant)
            case .arriveLate(let count): harness.core.arrive(count: count, lateHours: Double(round.latest), at: instant)
            case .arriveAllAlong(let count):
                let step = Int64(round.pause) * 1_000_000 / Int64(count + 1)
                harness.core.add(at: (1...count).map { begin.microseconds + step * Int64($0) }, now: instant)
            case .arriveAhead(let hours):
                harness.core.add(at: [instant.wall + Int64(hours) * 3_600_000_000], now: instant)
            case .purge(let count): harness.core.purge(count: count)
            case .remove(let count): harness.core.remove(count: count)
            case .move(let count): harness.core.move(count: count, hours: 72)
            case .edit(let count): harness.core.edit(count: count)
            }
        }
    }

    /// Small windows, as after runs that were interrupted.
    private func shrinkWindows(_ pages: Int) {
        let path = harness.layout.hint("backfill.json")
        let old = (try? storage.disk.contents(of: path)).flatMap { $0 }.flatMap(BackfillCursor.init(decoding:))
        // Before the first sync there is no place for it.
        guard (try? storage.disk.removeIfPresent(path)) != nil else { return }
        try? storage.disk.createDurably(path, BackfillCursor(pages: pages, chain: old?.chain).encoded())
    }
}
