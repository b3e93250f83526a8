import AuditArchive
@testable import AuditSync
import Foundation
import SyncTestSupport
import SystemPackage
import TestSupport
import Testing

/// Hints that are anything but what was written: they cost requests, never events, and are replaced or left.
@Suite("Hostile hints")
struct HostileResumeTests {
    enum Garbage: String, CaseIterable, Sendable {
        case empty, random, deep, negative, huge, folder, link, dangling, draftFolder
    }

    static let names = ["tail.json", "backfill.json", "manifest-facts.json", "requests.json"]

    @Test(arguments: Garbage.allCases)
    func garbage(kind: Garbage) async throws {
        try await SyncHarness.run { harness in
            #expect(try await harness.sync().failure == nil)
            let outside = harness.layout.root.removingLastComponent().appending("outside").string
            for seed in 0..<(kind == .random ? 8 : 1) as Range<UInt64> {
                var random = SeededRandom(seed: seed)
                try Data("kept".utf8).write(to: URL(fileURLWithPath: outside))
                for name in Self.names { try put(kind, at: harness.layout.hint(name).string, outside, &random) }
                harness.clock.advance(by: .seconds(3_600))
                harness.arrive(7, ties: 2)
                let outcome = try await harness.sync()
                #expect(outcome.failure == nil, "seed \(seed)")
                #expect(outcome.report.events == 7, "seed \(seed)")
                try harness.expectEqual("seed \(seed)")
                #expect(try String(contentsOfFile: outside, encoding: .utf8) == "kept")
            }
        }
    }

    private func put(_ kind: Garbage, at path: String, _ outside: String, _ random: inout SeededRandom) throws {
        let files = FileManager.default
        try? files.removeItem(atPath: path)
        switch kind {
        case .empty: try write([], to: path)
        case .random:
            try write(
                (0..<Int.random(in: 1...300, using: &random)).map { _ in .random(in: 0...255, using: &random) },
                to: path)
        case .deep: try write(Array(String(repeating: #"{"edge":["#, count: 100_000).utf8), to: path)
        case .negative: try write(Array(Self.negative.utf8), to: path)
        case .huge:
            try write([], to: path)
            // Zeros without blocks on the disk.
            #expect(truncate(path, 100 << 20) == 0)
        case .folder: try files.createDirectory(atPath: path, withIntermediateDirectories: false)
        case .link: try files.createSymbolicLink(atPath: path, withDestinationPath: outside)
        case .dangling: try files.createSymbolicLink(atPath: path, withDestinationPath: "\(outside)-absent")
        case .draftFolder: try files.createDirectory(atPath: "\(path).new", withIntermediateDirectories: true)
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// The shape of each hint, with values that none has.
    private static let negative = """
        {"generation": 1, "total": -9223372036854775808, "start": "0001-01-01", "order": "ascending", \
        "walked_at": "9999-12-31T23:59:59Z", "edge": ["x", "\(String(repeating: "f", count: 32))"], \
        "pages": -9223372036854775808, "from": "9999-12-31T23:59:59Z", "next": "0001-01-01", "hour": [[1, 2, -3]], \
        "second": [-9223372036854775808], "start_timestamp": "0001-01-01T00:00:00Z", "pending": [], "organization": null}
        """
}
