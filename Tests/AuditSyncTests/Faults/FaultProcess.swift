import ArchiveTestSupport
import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import Logging
import SyncTestSupport
import SystemPackage

/// One run of the program as far as archive and API can tell: at its own time, on a file system of its own.
struct FaultProcess {
    let course: FaultCourse
    let fileSystem: any FileSystem
    private let harness: SyncHarness
    private let engineClock: TimerlessClock

    private static let pause = Duration.seconds(2 * 86_400)
    private static let lookback = Duration.seconds(86_400)

    /// A process that works through `fileSystem` on `disk`. `isLater`: two days after the archive began.
    init(_ course: FaultCourse, _ disk: MemoryFileSystem, _ fileSystem: any FileSystem, isLater: Bool) throws {
        self.course = course
        self.fileSystem = fileSystem
        harness = try SyncHarness.inMemory(disk, course.configure)
        engineClock = TimerlessClock(harness.clock)
        guard isLater else { return }
        harness.clock.advance(by: Self.pause)
        harness.arrive(14, ties: 2)
        harness.arrive(4, lateHours: 20)
    }

    var layout: ArchiveLayout { harness.layout }

    /// What the archive should hold in the end.
    var expectedLines: [String] {
        guard course == .retention else { return harness.expectedLines }
        let end = harness.clock.now().day.advanced(by: -Self.keptDays)
        return harness.expectedLines.filter { ArchivePicture.date(of: $0).map { $0 >= end } ?? false }
    }

    private static let keptDays = 4

    /// Runs `sync`.
    func sync() async throws {
        try await withSession { session, client in
            let engine = Sync(
                settings: settings, client: client, archive: session, layout: layout, fileSystem: fileSystem,
                clock: engineClock, logger: Self.silence, progress: { _ in })
            return await engine.run().failure
        }
    }

    /// Runs `reconcile --repair`, which has to find no difference that it cannot mend.
    func repair() async throws {
        try await withSession { session, client in
            let engine = Reconciliation(
                settings: settings, client: client, archive: session, layout: layout, fileSystem: fileSystem,
                clock: engineClock, logger: Self.silence)
            return await engine.run(ReconcileRequest(repairs: true)).failure
        }
    }

    /// Runs `rebuild`, which has to find no damage.
    func rebuild() async throws {
        let report = try await ArchiveRebuild(layout, writer: "tests", fileSystem: fileSystem, processID: 1)
            .run(now: harness.clock.now(), parallelism: 1)
        if !report.faults.isEmpty { throw RefusedRebuild(faults: report.faults) }
    }

    /// Runs `compact`, for which the disk has to be able to exchange folders.
    func compact() async throws {
        try await withSession { session in
            let now = harness.clock.now()
            let report = try await Compaction(session).run { now }
            if let obstacle = report.obstacle { throw obstacle }
        }
    }

    /// Runs `prune`.
    func prune() async throws {
        try await withSession { session in
            _ = try await Pruning(keeping: Self.keptDays).run(session, now: harness.clock.now())
        }
    }

    private func withSession(_ body: (ArchiveSession) async throws -> Void) async throws {
        let session = try openSession()
        do {
            try await body(session)
            await session.close()
        } catch {
            await session.discard()
            await session.close()
            throw error
        }
    }

    /// Opens and closes the archive, as any command that writes does.
    func recover() async throws { await (try openSession()).close() }

    private var settings: SyncSettings {
        SyncSettings(
            backfillStart: SyncHarness.begin - .seconds(86_400 * 40), lookback: Self.lookback, pageSize: 5,
            concurrency: 1)
    }

    private func openSession() throws -> ArchiveSession {
        try ArchiveSession(
            layout,
            ArchiveSessionSettings(
                compression: CompressionSettings(level: 1, parallelism: 1), maximumPartSize: 6_000, writer: "tests"),
            fileSystem: fileSystem, processID: 1, now: harness.clock.now())
    }

    private func withSession(_ body: (ArchiveSession, APIClient) async -> SyncFailure?) async throws {
        let session = try openSession()
        let slow = SlowTransport(inner: SimulatorTransport(harness.core, clock: harness.clock), clock: harness.clock)
        let failure = await body(session, try harness.makeClient(slow))
        await session.close()
        guard let failure else { return }
        if case .archive(let error) = failure.kind { throw error }
        throw failure
    }

    private static let silence = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
}

/// Why a manifest was not rebuilt.
struct RefusedRebuild: Error {
    let faults: [ArchiveFault]
}

/// A network so slow that the end of every window is worth a commit.
private struct SlowTransport: HTTPTransport {
    let inner: SimulatorTransport
    let clock: ManualClock

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        clock.advance(by: .seconds(6))
        return try await inner.send(request)
    }
}

/// A clock whose sleeps last until they are cancelled: the engine's timer would move the time.
private struct TimerlessClock: TimeSource {
    private let clock: ManualClock
    private let sleeper = ManualClock()

    init(_ clock: ManualClock) { self.clock = clock }

    func now() -> Timestamp { clock.now() }

    func uptime() -> Duration { clock.uptime() }

    func sleep(for duration: Duration) async throws(CancellationError) { try await sleeper.sleep(for: duration) }
}
