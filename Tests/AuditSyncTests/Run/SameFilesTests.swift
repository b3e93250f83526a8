import ArchiveTestSupport
import AuditArchive
@testable import AuditSync
import SyncTestSupport
import SystemPackage
import TestSupport
import Testing

@Suite("The same events")
struct SameFilesTests {
    /// More than are kept in memory, over some days.
    private static let records = (0..<300).map { number in
        let filler = String(repeating: "\(number % 10)", count: 120_000)
        return record(id: "\"e\(number)\"", at: "2026-02-2\(number % 5)T1\(number % 10):00:00Z", ",\"f\":\"\(filler)\"")
    }

    @Test("make the same files, whatever the answers' order and the number of requests in flight")
    func files() async throws {
        var first: [String: [UInt8]] = [:]
        for (concurrency, seed) in [(1, 0), (8, 1), (8, 2), (3, 3)] as [(Int, UInt64)] {
            try await SyncHarness.runInMemory { harness in
                var random = SeededRandom(seed: seed)
                let delays = (0..<400).map { _ in Int.random(in: 0...200, using: &random) }
                let server = RecordServer(Self.records, .init(delay: { delays[$0 % 400] }))
                let outcome = try await harness.sync(
                    pageSize: 10, concurrency: concurrency, client: try harness.makeClient(server))
                #expect(outcome.failure == nil && outcome.report.events == 300)
                var files: [String: [UInt8]] = [:]
                for file in try harness.manifest().files {
                    files[file.name.path] = try harness.fileSystem.contents(of: harness.layout.absolute(file.name.path))
                }
                if first.isEmpty { first = files }
                #expect(files.keys.sorted() == first.keys.sorted(), "\(concurrency) at once, seed \(seed)")
                #expect(files == first, "\(concurrency) at once, seed \(seed)")
                #expect(files.count > 5)
            }
        }
    }
}
