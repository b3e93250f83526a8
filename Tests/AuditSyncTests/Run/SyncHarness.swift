import ArchiveTestSupport
import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import Logging
import SyncTestSupport
import SystemPackage
import Testing
import TestSupport

/// A simulated API, an archive in a temporary folder, and the time; every sync is checked by `verify`.
struct SyncHarness {
    /// What a sync said.
    struct Outcome {
        var report: SyncReport
        var failure: SyncFailure?
    }

    let core: SimulatorCore
    /// Moves on by itself whenever the client waits.
    let clock: ManualClock
    let layout: ArchiveLayout
    /// Where the archive is; a test may put a faulty one in its place.
    var fileSystem: any FileSystem
    /// What the program sees as the time where that is not the API's.
    var localClock: (any TimeSource)?

    /// 2026-03-01T12:00:00Z, when every test begins.
    static let begin = Timestamp(microseconds: 1_772_366_400_000_000)

    /// Runs a test with a harness of its own, which starts with the simulator's events up to now.
    static func run(
        _ configure: (inout SimulatorConfiguration) throws -> Void = { _ in },
        _ body: (SyncHarness) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { path in
            let layout = ArchiveLayout(root: FilePath(path).appending("archive"))
            try await body(try SyncHarness(layout, PosixFileSystem(), configure))
        }
    }

    /// A harness whose archive is in memory: a thousand syncs in the time that fsync takes for ten.
    static func inMemory(
        _ disk: MemoryFileSystem = MemoryFileSystem(),
        _ configure: (inout SimulatorConfiguration) throws -> Void = { _ in }
    ) throws -> SyncHarness {
        try disk.ensureDirectory("/srv")
        try disk.synchronizeDirectory("/")
        return try SyncHarness(ArchiveLayout(root: "/srv/archive"), disk, configure)
    }

    private init(
        _ layout: ArchiveLayout, _ fileSystem: any FileSystem,
        _ configure: (inout SimulatorConfiguration) throws -> Void
    ) throws {
        var configuration = SimulatorConfiguration()
        configuration.population.count = 400
        configuration.population.days = 5
        try configure(&configuration)
        clock = ManualClock(start: Self.begin, mode: .immediate)
        core = try SimulatorCore(configuration, at: SimulatorInstant(clock))
        self.layout = layout
        self.fileSystem = fileSystem
    }

    /// One sync, by a process of its own as far as the archive can tell. `isSound`: whether `verify` has to find nothing after
    /// it.
    func sync(
        since start: Timestamp? = begin - .seconds(86_400 * 40), pageSize: Int = 50, concurrency: Int = 4,
        lookback: Duration = .seconds(86_400), compacts: Bool = false, client: APIClient? = nil,
        isSound: Bool = true, shortestCut: Int = 1_000,
        begun: @escaping @Sendable (NewArchive) -> Void = { _ in }
    ) async throws -> Outcome {
        let session = try ArchiveSession(
            layout,
            ArchiveSessionSettings(
                compression: CompressionSettings(level: 6, parallelism: 2), maximumPartSize: 64 << 20, writer: "tests"),
            fileSystem: fileSystem, processID: 1, now: (localClock ?? clock).now())
        var settings = SyncSettings(
            backfillStart: start, lookback: lookback, pageSize: pageSize, concurrency: concurrency)
        settings.compactsClosedDays = compacts
        settings.shortestCut = shortestCut
        let engine = Sync(
            settings: settings,
            client: try client ?? makeClient(), archive: session, layout: layout, fileSystem: fileSystem,
            // The engine's own timer never fires here; the client's waits move the clock of both.
            clock: TimerlessClock(localClock ?? clock), logger: Self.silence, progress: { _ in }, begun: begun)
        let (report, failure) = await engine.run()
        await session.close()
        if isSound { #expect(try await faults() == []) }
        return Outcome(report: report, failure: failure)
    }

    /// A client of the simulator with the real retries and limits.
    func makeClient(_ transport: (any HTTPTransport)? = nil) throws -> APIClient {
        let token = try #require(APIToken(trimming: "simulator-token"))
        return APIClient(
            settings: try APISettings(
                baseURL: "https://api.captivateiq.com", requestsPerSecond: 100, requestsPerHour: 100_000),
            token: token, transport: transport ?? SimulatorTransport(core, clock: clock), clock: localClock ?? clock,
            random: { 0.5 }, ledger: NoRequestLedger(), logger: Self.silence)
    }

    /// Every event that the archive should hold now, in the archive's order.
    var expectedLines: [String] {
        core.ndjson(at: SimulatorInstant(clock), includingPurged: true).split(separator: UInt8(ascii: "\n")).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The lines of all data files.
    func archivedLines() throws -> [String] { try ArchiveContents(layout.root, fileSystem).lines }

    /// The archive holds the simulator's events, each once, byte for byte.
    func expectEqual(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let (archived, expected) = (try archivedLines(), expectedLines)
        #expect(archived.count == expected.count, comment, sourceLocation: sourceLocation)
        #expect(archived.sorted() == expected.sorted(), comment, sourceLocation: sourceLocation)
    }

    /// Runs a test with a harness of `org_foreign`, which has no events.
    static func runForeign(_ body: (SyncHarness) async throws -> Void) async throws {
        try await run(
            {
                $0.population.traits.organizationID = "org_foreign"
                $0.population.count = 0
            }, body)
    }

    /// The token of `org_foreign` was refused, and the archive is as it was.
    func expectForeign(
        _ failure: SyncFailure?, _ before: Manifest, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        guard case .foreignOrganization(let expected, let found)? = failure?.kind else {
            Issue.record("it was not refused: \(failure.map(String.init(describing:)) ?? "no failure")")
            return
        }
        #expect(expected == before.organization?.id && found == "org_foreign", sourceLocation: sourceLocation)
        #expect(try manifest() == before, sourceLocation: sourceLocation)
    }

    /// Adds events at the newest end, some of them late.
    func arrive(_ count: Int, lateHours: Double = 0, ties: Int = 1) {
        core.arrive(count: count, lateHours: lateHours, ties: ties, at: SimulatorInstant(clock))
    }

    func manifest() throws -> Manifest { try fileSystem.requireManifest(layout).manifest }

    /// What `verify` finds wrong; nothing where there is no archive yet.
    func faults() async throws -> [ArchiveFault] {
        guard try fileSystem.status(of: layout.manifest) != nil else { return [] }
        return try await ArchiveVerifier(layout, fileSystem: fileSystem).verify(parallelism: 2).faults
    }

    private static let silence = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
}

/// A clock whose sleeps last until they are cancelled.
private struct TimerlessClock: TimeSource {
    private let clock: any TimeSource
    private let sleeper = ManualClock()

    init(_ clock: any TimeSource) { self.clock = clock }

    func now() -> Timestamp { clock.now() }

    func uptime() -> Duration { clock.uptime() }

    func sleep(for duration: Duration) async throws(CancellationError) { try await sleeper.sleep(for: duration) }
}

/// A clock that shows another time of day than the one it follows.
struct SkewedClock: TimeSource {
    private let clock: ManualClock
    private let difference: Duration

    init(_ clock: ManualClock, by difference: Duration) {
        self.clock = clock
        self.difference = difference
    }

    func now() -> Timestamp { clock.now() + difference }

    func uptime() -> Duration { clock.uptime() }

    func sleep(for duration: Duration) async throws(CancellationError) { try await clock.sleep(for: duration) }
}

extension SimulatorConfiguration.Listing {
    /// Cuts every list to so many rows, and has neither totals nor `next` say so.
    mutating func cut(to most: Int) {
        maxOffset = most
        totalMode = .capped(most)
        nextRule = .total
    }
}
