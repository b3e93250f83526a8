import ArchiveTestSupport
import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CivilTime
import Glibc
import Synchronization
import SyncTestSupport
import SystemPackage
import Testing

/// What a rebuilt manifest costs the syncs after it.
@Suite("A sync after a rebuild")
struct SyncAfterRebuildTests {
    @Test("with the last commit's notes asks no more than one without hints, and archives nothing twice")
    func withNotes() async throws {
        let lossless = try await outcome(of: .hints)
        let rebuilt = try await outcome(of: .manifest)
        #expect(rebuilt.requests == lossless.requests)
        #expect(rebuilt.firstDay == lossless.firstDay)
        // The newest event is of the last day, and the look-back a day, and half a day more without hints.
        #expect(try #require(rebuilt.firstDay) >= SyncHarness.begin.day.advanced(by: -3))
    }

    @Test("without them asks once for what the events cover, and archives nothing twice")
    func withoutNotes() async throws {
        let rebuilt = try await outcome(of: .manifestAndNotes)
        #expect(try #require(rebuilt.firstDay) >= SyncHarness.begin.day.advanced(by: -6))
        // 400 events in pages of 50, and one for each day on either side that two windows share; then all dates close anew
        // and are compared again.
        #expect(rebuilt.requests <= 16)
    }

    /// What was lost between two syncs.
    fileprivate enum Loss {
        case hints, manifest, manifestAndNotes
    }

    private func outcome(of loss: Loss) async throws -> (requests: Int, firstDay: CalendarDay?) {
        var figures = (requests: 0, firstDay: CalendarDay?.none)
        try await SyncHarness.run { harness in
            _ = try await harness.sync()
            let (before, files) = (try harness.archivedLines(), try harness.manifest().files.map(\.name))
            try await harness.lose(loss)
            let recorder = RecordingTransport(SimulatorTransport(harness.core, clock: harness.clock))
            // The start that was lost with the manifest is in no setting.
            let sync = try await harness.sync(since: nil, client: harness.makeClient(recorder))
            #expect(sync.failure == nil && sync.report.events == 0)
            #expect(try harness.archivedLines() == before)
            #expect(try harness.manifest().files.map(\.name) == files)
            #expect(try harness.manifest().pending.isEmpty)
            figures = (recorder.urls.count, recorder.firstDay)
            // From then on all is as ever.
            #expect(try await harness.sync(since: nil).report.requests == 1)
            harness.clock.advance(by: .seconds(60))
            harness.arrive(30)
            let next = try await harness.sync(since: nil)
            #expect(next.report.requests == 1 && next.report.events == 30)
            try harness.expectEqual()
        }
        return figures
    }

    @Test("fetches what the files of a newer manifest held, and nothing else, under a newer generation still")
    func newerManifest() async throws {
        try await SyncHarness.run { harness in
            _ = try await harness.sync()
            harness.clock.advance(by: .seconds(3 * 86_400))
            harness.arrive(20)
            _ = try await harness.sync()
            let newer = try harness.manifest()
            let gone = newer.files.filter { $0.name.generation > 2 }
            #expect(!gone.isEmpty)
            // As if the data files came from an older copy and the manifest did not.
            for file in gone { try harness.remove(file) }
            let report = try await harness.rebuild()
            #expect(report.source == .manifest && report.lost == gone.map(\.name.path))
            #expect(report.manifest?.generation == newer.generation + 1)
            let recorder = RecordingTransport(SimulatorTransport(harness.core, clock: harness.clock))
            let sync = try await harness.sync(client: harness.makeClient(recorder))
            #expect(sync.report.events == gone.reduce(0) { $0 + $1.records })
            try harness.expectEqual()
            // The look-back begins at the newest event that is left.
            #expect(try #require(recorder.firstDay) >= SyncHarness.begin.day.advanced(by: -2))
            #expect(Set(try harness.manifest().files.map(\.name.path)).isDisjoint(with: gone.map(\.name.path)))
        }
    }

    @Test("believes no hint of the generations that were lost")
    func oldHints() async throws {
        try await SyncHarness.run { harness in
            _ = try await harness.sync()
            harness.clock.advance(by: .seconds(20 * 86_400))
            harness.arrive(20)
            _ = try await harness.sync()
            let newest = try harness.manifest()
            // What a backfill that was interrupted then would have left behind.
            let chain = BackfillCursor.Chain(
                manifest: newest.digest, from: (SyncHarness.begin - .seconds(86_400 * 40)).day.start,
                next: SyncHarness.begin.day.advanced(by: 10))
            let hint = harness.layout.hint("backfill.json")
            try harness.fileSystem.removeIfPresent(hint)
            try harness.fileSystem.createDurably(hint, BackfillCursor(chain: chain).encoded())
            // All that the archive's first sync did not write is lost, and the files of one of its days.
            for file in newest.files where file.name.generation > 2 { try harness.remove(file) }
            try harness.remove(try #require(newest.files.dropFirst().first))
            try await harness.lose(.manifestAndNotes)
            #expect(try harness.manifest().digest != chain.manifest)
            _ = try await harness.sync()
            try harness.expectEqual()
        }
    }
}

extension SyncHarness {
    /// Runs `rebuild`.
    fileprivate func rebuild() async throws -> RebuildReport {
        let report = try await ArchiveRebuild(layout, writer: "tests", fileSystem: fileSystem, processID: 1)
            .run(now: clock.now(), parallelism: 2)
        #expect(report.faults.isEmpty)
        #expect(try await faults() == [])
        return report
    }

    /// Loses something, and rebuilds the manifest if that is needed.
    fileprivate func lose(_ loss: SyncAfterRebuildTests.Loss) async throws {
        if loss == .hints {
            for name in ["tail.json", "backfill.json"] { try fileSystem.removeIfPresent(layout.hint(name)) }
            return
        }
        // The evidence would tell as well.
        if loss == .manifestAndNotes { try fileSystem.dropEvidence(layout) }
        try fileSystem.remove(layout.manifest)
        if loss == .manifestAndNotes { try fileSystem.remove(layout.hint("manifest-facts.json")) }
        #expect(try await rebuild().source == (loss == .manifest ? .hint : .events))
    }

    /// Removes a data file, and its folder with the last one.
    fileprivate func remove(_ file: DataFile) throws {
        let path = layout.absolute(file.name.path)
        try fileSystem.remove(path)
        let folder = path.removingLastComponent()
        if try fileSystem.names(in: folder).isEmpty { try removeFolder(folder) }
    }
}

/// A transport that notes what is asked for.
private final class RecordingTransport: HTTPTransport {
    private let inner: SimulatorTransport
    private let asked = Mutex<[String]>([])

    init(_ inner: SimulatorTransport) { self.inner = inner }

    var urls: [String] { asked.withLock { $0 } }

    /// The earliest day that was asked for.
    var firstDay: CalendarDay? {
        urls.compactMap { url in
            url.firstRange(of: "start_date=").flatMap { CalendarDay(String(url[$0.upperBound...].prefix(10))) }
        }.min()
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        asked.withLock { $0.append(request.url) }
        return try await inner.send(request)
    }
}

private func removeFolder(_ path: FilePath) throws {
    try #require(path.withPlatformString { rmdir($0) } == 0)
}
