import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Answers after which trying again would be of no use.
    @Suite struct RefusalTests {
        @Test(
            arguments: [
                ("401", 77, "token"), ("403", 77, "permission"), ("html403", 77, "firewall"),
                ("redirect", 76, "redirect")
            ] as [(String, Int32, String)])
        func endsAtOnce(fault: String, code: Int32, word: String) async throws {
            try await Bench.with("--events", "100", "--days", "2", "--fault", "\(fault):1") { bench in
                let outcome = try await bench.sync()
                #expect(outcome.exitCode == code, "\(outcome.everything)")
                #expect(outcome.errors.contains(word), "\(outcome.errors)")
                #expect(outcome.errors.contains(bench.simulator.address), "\(outcome.errors)")
                let statistics = try await bench.simulator.statistics()
                #expect(statistics.requests == 1, "tried again: \(statistics)")
            }
        }

        @Test func archiveOfAnotherOrganizationIsLeftAlone() async throws {
            try await Bench.with("--events", "100", "--days", "2") { bench in
                try await bench.syncWell()
                let before = try await bench.snapshot()
                try await Bench.with("--events", "100", "--days", "2", "--organization-id", "org_2") { other in
                    let outcome = try await other.sync(archive: bench.archive)
                    #expect(outcome.exitCode == 65, "\(outcome.everything)")
                    #expect(outcome.errors.contains("org_2") && outcome.errors.contains("org_123456"))
                }
                #expect(try await bench.snapshot() == before)
            }
        }

        @Test(arguments: [
            #"s/"format_version": 2/"format_version": 3/"#, "s/captivateiq-audit-archive/something-else/", "3,$d", "d"
        ])
        func manifestThatCannotBeUsedIsDamage(edit: String) async throws {
            try await Bench.with("--events", "100", "--days", "2") { bench in
                try await bench.syncWell()
                let edited = try await bench.bash("sed -i '\(edit)' manifest.json")
                #expect(edited.exitCode == 0)
                let before = try await bench.snapshot()
                let sync = try await bench.sync()
                #expect(sync.exitCode == 65, "\(sync.everything)")
                #expect(sync.errors.contains("manifest.json"), "\(sync.errors)")
                #expect(try await bench.verify().exitCode == 65)
                #expect(try await bench.snapshot() == before)
            }
        }

        @Test func archiveThatCannotBeMade() async throws {
            try await Bench.with("--events", "10", "--days", "2") { bench in
                let outcome = try await bench.sync(archive: "/proc/captivateiq/archive")
                #expect([73, 74].contains(outcome.exitCode), "\(outcome.everything)")
                #expect(outcome.errors.contains("/proc/captivateiq"), "\(outcome.errors)")
            }
        }
    }
}
