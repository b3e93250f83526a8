import AuditArchive
import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import JSONText
import SyncTestSupport
import TestSupport

/// Runs a case: noisy syncs, some of them stopped, then one on a server that is quiet. Then the archive has to hold every
/// event that the server has, and all it ever held, each once.
struct ModelRun {
    private let model: ModelCase
    private let harness: SyncHarness
    private var random: SeededRandom
    private var archived: Set<String> = []
    private(set) var violations: [String] = []

    init(_ model: ModelCase) throws {
        self.model = model
        random = model.random
        harness = try SyncHarness.inMemory { $0 = model.configuration }
    }

    /// What is wrong with the case's course; nothing if all is well.
    static func violations(of model: ModelCase) async throws -> [String] {
        var run = try ModelRun(model)
        for round in 1...model.rounds { try await run.noisySync(round) }
        try await run.quietSync()
        return run.violations
    }

    private mutating func noisySync(_ round: Int) async throws {
        if Int.random(in: 0..<3, using: &random) == 0 { shrinkWindows() }
        let stop: (Int, MovingServer.Stop)? =
            Int.random(in: 0..<3, using: &random) > 0
            ? nil : (.random(in: 1...30, using: &random), .random(using: &random) ? .failure : .cancellation)
        let server = MovingServer(harness.core, harness.clock, model, random.next(), stop: stop)
        let client = try harness.makeClient(server)
        let work = Task { [harness, model] in
            try await harness.sync(pageSize: model.pageSize, concurrency: model.concurrency, client: client)
        }
        server.onCancellation { work.cancel() }
        let outcome = try await work.value
        if let failure = outcome.failure, !failure.isExpected(stopped: stop != nil) {
            violations.append("round \(round): \(failure)")
        }
        try await check("round \(round)")
        harness.clock.advance(by: .seconds(.random(in: 0...100_000, using: &random)))
        if .random(using: &random) { harness.arrive(.random(in: 1...40, using: &random), ties: 2) }
    }

    private mutating func quietSync() async throws {
        // A removal that coincides with a late arrival leaves total and newest rows as they were: a hint that was made
        // in between holds for a day.
        if model.purges && model.late { harness.clock.advance(by: .seconds(86_400)) }
        var outcome = try await harness.sync(pageSize: model.pageSize, concurrency: model.concurrency)
        // More ties than a page holds, listed anew for each request, may take luck to be seen all.
        for _ in 0..<3 where model.order == .shuffledTies && outcome.failure != nil {
            outcome = try await harness.sync(pageSize: model.pageSize, concurrency: model.concurrency)
        }
        if let failure = outcome.failure { violations.append("the quiet sync: \(failure)") }
        try await check("the quiet sync")
        let instant = SimulatorInstant(harness.clock)
        let missing = Set(harness.core.events(at: instant).map { String(decoding: $0.json, as: UTF8.self) })
            .intersection(harness.expectedLines).subtracting(archived)
        if !missing.isEmpty { violations.append("\(missing.count) events are missing: \(Array(missing.prefix(2)))") }
        if !(try harness.manifest().pending.isEmpty) { violations.append("something is pending") }
    }

    /// What holds after every sync, however it ended.
    private mutating func check(_ place: String) async throws {
        let lines = try harness.archivedLines()
        let now = Set(lines)
        if now.count != lines.count { violations.append("\(place): \(lines.count - now.count) events are there twice") }
        let lost = archived.subtracting(now)
        if !lost.isEmpty { violations.append("\(place): \(lost.count) events are gone") }
        let unknown = now.subtracting(harness.expectedLines)
        if !unknown.isEmpty { violations.append("\(place): \(unknown.count) events were never sent") }
        violations += try await harness.faults().map { "\(place): \($0)" }
        archived = now
    }

    /// Small windows, as after runs that were interrupted.
    private mutating func shrinkWindows() {
        let hint = BackfillHint(pages: .random(in: 1...4, using: &random))
        let path = harness.layout.hint("backfill.json")
        // Before the first sync there is no place for it.
        guard (try? harness.fileSystem.removeIfPresent(path)) != nil else { return }
        try? harness.fileSystem.createDurably(path, hint.encoded())
    }
}

extension SyncFailure {
    fileprivate func isExpected(stopped: Bool) -> Bool {
        switch kind {
        case .incomplete: true
        case .cancelled: stopped
        case .api(let error): stopped && error.kind == .unreachable
        case .archive, .foreignOrganization: false
        }
    }
}
