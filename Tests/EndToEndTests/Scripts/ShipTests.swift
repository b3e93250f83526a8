import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// `SHIP_COPIES` sets how many new copies are made while syncs go on.
    @Suite struct ShipTests {
        private static let copies =
            ProcessInfo.processInfo.environment["SHIP_COPIES"].flatMap { Int($0) }.map { max(1, $0) } ?? 8

        @Test func everyCopyMadeDuringSyncsVerifies() async throws {
            try await Bench.with("--events", "600", "--days", "10", "--odd", "no-id:0.01") { bench in
                try await bench.syncWell()
                async let syncs: Void = keepSyncing(bench, rounds: max(2, Self.copies * 3 / 4))
                var generations: Set<String> = []
                for number in 1...Self.copies {
                    generations.insert(try await ship(bench, to: "\(bench.directory)/new/copy-\(number)"))
                    _ = try await ship(bench, to: "\(bench.directory)/one")
                }
                try await syncs
                #expect(generations.count > 1, "no commit came between the copies")
                let last = try await ship(bench, to: "\(bench.directory)/one")
                try await bench.expectWhole(archive: "\(bench.directory)/one")
                #expect(last == (try await bench.bash("jq .generation manifest.json")).text)
            }
        }

        private func keepSyncing(_ bench: Bench, rounds: Int) async throws {
            for _ in 1...rounds {
                try await bench.simulator.arrive(50, ties: 2, lateHours: 20)
                try await bench.syncWell()
            }
        }

        /// Gives the generation of the copy.
        private func ship(_ bench: Bench, to copy: String) async throws -> String {
            let outcome = try await bench.runner.run("\(Places.repository)/scripts/ship", bench.archive, copy)
            #expect(outcome.exitCode == 0, "\(outcome.everything)")
            let verification = try await bench.verify(archive: copy)
            #expect(verification.exitCode == 0, "\(verification.everything)")
            #expect(!FileManager.default.fileExists(atPath: "\(copy)/.captivateiq-export"))
            return try await bench.runner.run("jq", ".generation", "\(copy)/manifest.json").text
        }

        @Test func refusesWhatIsNoArchive() async throws {
            try await withTemporaryDirectory { directory in
                let runner = CommandRunner(directory: directory, environment: Places.environment)
                let empty = try await runner.run("\(Places.repository)/scripts/ship", directory, "\(directory)/copy")
                #expect(empty.exitCode == 1 && empty.errors.contains("manifest.json"), "\(empty.everything)")
                let usage = try await runner.run("\(Places.repository)/scripts/ship", directory)
                #expect(usage.exitCode == 64 && usage.errors.contains("usage:"), "\(usage.everything)")
            }
        }
    }
}
