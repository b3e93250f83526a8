import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What the kernel is asked for, and in which order.
    @Suite struct DurabilityTests {
        @Test func dataIsOnDiskBeforeTheJournalAndTheManifestComesLast() async throws {
            try await Bench.with("--events", "600", "--days", "6") { bench in
                let calls = try await calls(of: bench)
                let journal = try #require(calls.lastIndex { $0.isRename(to: "/journal.json") })
                let manifest = try #require(calls.lastIndex { $0.isRename(to: "/manifest.json") })
                let published = calls.indices.filter { calls[$0].isRename(to: ".ndjson.gz") }
                #expect(published.count >= 6)
                for index in published {
                    let (staged, target) = (calls[index].from, calls[index].to)
                    #expect(calls[..<journal].contains { $0.isSynchronized(staged) }, "\(staged) was not synchronized")
                    #expect(journal < index && index < manifest, "\(target) was published too early or too late")
                    let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
                    #expect(
                        calls[index..<manifest].contains { $0.isSynchronized(folder) }, "\(folder) was not synchronized"
                    )
                }
                for staged in [calls[journal].from, calls[manifest].from] {
                    #expect(calls[..<journal].contains { $0.isSynchronized(staged) }, "\(staged) was not synchronized")
                }
                #expect(calls[manifest...].contains { $0.isSynchronized(bench.archive) })
                #expect(!calls[manifest...].dropFirst().contains { $0.isRename(to: ".ndjson.gz") })
            }
        }

        /// One finished call: `fsync(5</path>)` or `rename("/from", "/to")`.
        private struct Call {
            var name: String
            var from: String
            var to: String

            func isRename(to suffix: String) -> Bool { name.hasPrefix("rename") && to.hasSuffix(suffix) }

            func isSynchronized(_ path: String) -> Bool { name.hasSuffix("sync") && from == path }
        }

        private func calls(of bench: Bench) async throws -> [Call] {
            let trace = "\(bench.directory)/trace"
            let outcome = try await bench.runner.run(
                ["strace", "-f", "-y", "-s", "4096", "-o", trace, "-e", "signal=none"]
                    + ["-e", "trace=fsync,fdatasync,rename,renameat,renameat2"] + bench.syncCommand())
            try #require(outcome.exitCode == 0, "\(outcome.everything)")
            return try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").compactMap(Self.call)
        }

        /// The calls are made one after the other, so that their beginnings are in the order of their ends.
        private static func call(_ line: Substring) -> Call? {
            if let match = line.firstMatch(of: /(f(?:data)?sync)\(\d+<([^>]*)>/) {
                return Call(name: String(match.1), from: String(match.2), to: "")
            }
            guard let match = line.firstMatch(of: /(rename\w*)\(.*?"([^"]*)".*?"([^"]*)"/) else { return nil }
            return Call(name: String(match.1), from: String(match.2), to: String(match.3))
        }
    }
}
