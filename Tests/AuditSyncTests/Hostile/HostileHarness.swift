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

/// A transport that changes something, or stops the command, at a chosen request.
final class EventfulTransport: HTTPTransport {
    /// What happens at a request, before it is answered.
    enum Happening: Sendable {
        case nothing, failure, cancellation
    }

    private let inner: any HTTPTransport
    private let happens: @Sendable (Int) -> Happening
    private let server: CallCounter

    /// Calls `happens` with the number of each request, from 1.
    init(_ inner: any HTTPTransport, _ happens: @escaping @Sendable (Int) -> Happening) {
        self.inner = inner
        self.happens = happens
        server = CallCounter()
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        switch happens(server.next()) {
        case .nothing: return try await inner.send(request)
        case .failure: throw .connection("stopped by the test")
        case .cancellation:
            withUnsafeCurrentTask { $0?.cancel() }
            throw .cancelled
        }
    }
}

extension SyncHarness {
    /// One comparison with an archive wherever it is, by a process of its own.
    func compare(
        repairs: Bool = false, from: CalendarDay? = nil, to: CalendarDay? = nil, transport: (any HTTPTransport)? = nil
    ) async throws -> (report: ReconcileReport, failure: SyncFailure?) {
        let session = try ArchiveSession(
            layout,
            ArchiveSessionSettings(
                compression: CompressionSettings(level: 1, parallelism: 1), maximumPartSize: 64 << 20, writer: "tests"),
            fileSystem: fileSystem, processID: 1, now: clock.now())
        let engine = Reconciliation(
            settings: SyncSettings(backfillStart: nil, lookback: .seconds(86_400), pageSize: 50, concurrency: 1),
            client: try makeClient(transport), archive: session, layout: layout, fileSystem: fileSystem,
            clock: SleeplessClock(clock), logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        // A task of its own, since a transport may cancel it.
        let outcome = await Task { await engine.run(.init(from: from, to: to, repairs: repairs)) }.value
        await session.close()
        #expect(try await faults() == [])
        return outcome
    }

    /// Makes the manifest anew.
    func rebuildManifest() async throws {
        let report = try await ArchiveRebuild(layout, writer: "tests", fileSystem: fileSystem, processID: 1)
            .run(now: clock.now(), parallelism: 1)
        #expect(report.faults.isEmpty)
        #expect(try await faults() == [])
    }

    /// Time passes, and `count` events happen in it, evenly.
    func pass(days: Int, events count: Int) {
        let begin = clock.now().microseconds
        clock.advance(by: .seconds(86_400 * days))
        let step = Int64(days) * 86_400_000_000 / Int64(count + 1)
        core.add(at: (0..<count).map { begin + step * Int64($0 + 1) }, now: SimulatorInstant(clock))
    }

    /// An event dated in the future.
    func arriveAhead(hours: Int) {
        core.add(at: [clock.now().microseconds + Int64(hours) * 3_600_000_000], now: SimulatorInstant(clock))
    }

    /// Changes how the server lists.
    func list(_ change: (inout SimulatorConfiguration.Listing) -> Void) throws {
        var listing = core.listing
        change(&listing)
        try core.setListing(listing)
    }

    /// Syncs until one ends well: where counts contradict each other it may take a second look.
    func settle(pageSize: Int = 50, tries: Int = 2, client: APIClient? = nil) async throws -> Outcome {
        var outcome = try await sync(pageSize: pageSize, client: client)
        for _ in 1..<tries where outcome.failure != nil { outcome = try await sync(pageSize: pageSize, client: client) }
        #expect(outcome.failure == nil)
        return outcome
    }

    /// The archive is whole, says so, and the next syncs and a comparison find nothing in few requests.
    func expectSettled(pageSize: Int = 50, requests: Int = 2) async throws {
        try expectEqual()
        #expect(try manifest().pending.isEmpty)
        for _ in 1...2 {
            let quiet = try await sync(pageSize: pageSize)
            #expect(quiet.failure == nil && quiet.report.requests <= requests, "\(quiet.report.requests) requests")
        }
        let (report, failure) = try await compare()
        #expect(failure == nil && report.outcome == .ok && report.days > 0, "\(report)")
    }
}
