import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The kernel refuses one call of a sync, by strace's hand: the exit code and the message fit, the archive is sound
    /// at once, and the next sync completes it.
    @Suite struct InjectedFaultTests {
        /// A call on one path of the archive, and what is to come of its failure.
        struct Fault: Sendable {
            let calls: String
            /// Relative to the archive; `DATA` stands for the name of the file that the sync publishes, `DAY` for its
            /// folder.
            let path: String
            var errors = ["EIO", "ENOSPC"]
            /// The path that the message names, if it is another.
            var named: String?
            /// Whether only a hint is lost.
            var isHarmless = false

            func code(_ error: String) -> Int32 {
                switch error {
                case _ where isHarmless: 0
                case "EACCES", "EROFS": 73
                case "EMFILE": 71
                default: 74
                }
            }
        }

        private static let own = ".captivateiq-export"
        private static let staging = "\(own)/staging"
        private static let rename = "rename,renameat,renameat2"

        static let faults = [
            Fault(calls: "mkdir,mkdirat", path: own, errors: ["EIO", "ENOSPC", "EROFS"]),
            Fault(calls: "mkdir,mkdirat", path: "DAY"),
            Fault(calls: "openat", path: "\(own)/lock", errors: ["EIO", "ENOSPC", "EACCES"]),
            Fault(calls: "openat", path: "\(staging)/DATA", errors: ["EIO", "ENOSPC", "EMFILE"]),
            Fault(calls: "openat", path: "\(staging)/journal.json", errors: ["ENOSPC"]),
            Fault(calls: "openat", path: "DAY", errors: ["EIO", "EMFILE"]),
            Fault(calls: "write,pwrite64", path: "\(own)/lock", errors: ["ENOSPC"]),
            Fault(calls: "write,pwrite64", path: "\(staging)/DATA"),
            Fault(calls: "write,pwrite64", path: "\(staging)/manifest.json"),
            Fault(calls: "write,pwrite64", path: "\(staging)/journal.json"),
            Fault(calls: "fsync", path: "\(staging)/DATA"),
            Fault(calls: "fsync", path: "\(staging)/manifest.json", errors: ["ENOSPC"]),
            Fault(calls: "fsync", path: staging, errors: ["EIO"]),
            Fault(calls: "fsync", path: own, errors: ["EIO"]),
            Fault(calls: "fsync", path: "DAY", errors: ["EIO"]),
            Fault(calls: "close", path: "\(staging)/DATA"),
            Fault(calls: rename, path: "\(staging)/journal.json", named: "\(own)/journal.json"),
            Fault(calls: rename, path: "\(staging)/DATA", named: "DAY/DATA"),
            Fault(calls: rename, path: "\(staging)/manifest.json", named: "manifest.json"),
            Fault(calls: "unlink,unlinkat", path: "\(own)/journal.json", errors: ["EIO", "EACCES"]),
            Fault(calls: "openat", path: "\(own)/manifest-facts.json.new", isHarmless: true),
            Fault(calls: "fsync", path: "\(own)/manifest-facts.json.new", errors: ["EIO"], isHarmless: true),
            Fault(calls: "write,pwrite64", path: "\(own)/requests.json.new", errors: ["ENOSPC"], isHarmless: true),
            Fault(calls: rename, path: "\(own)/tail.json.new", errors: ["EIO"], isHarmless: true)
        ]

        @Test func everyKindOfCall() async throws {
            try await Bench.with("--events", "60", "--days", "3") { bench in
                try await bench.syncWell()
                try await bench.simulator.arrive(5)
                let file = try await published(bench)
                let start = ContinuousClock.now
                var runs = 0
                for fault in Self.faults {
                    for error in fault.errors {
                        runs += 1
                        try await inject(error, fault, file, "\(bench.directory)/archive-\(runs)", bench)
                    }
                }
                print("InjectedFaultTests: \(runs) runs in \(ContinuousClock.now - start)")
            }
        }

        /// The path of the file that the next sync publishes.
        private func published(_ bench: Bench) async throws -> (day: String, name: String) {
            let copy = "\(bench.directory)/model"
            try await self.copy(bench, to: copy)
            try await bench.syncWell(archive: copy)
            let outcome = try await CommandRunner(directory: copy).run(
                "jq", "-r", ".generation as $g | .files[] | select(.generation == $g).path", "manifest.json")
            let path = URL(fileURLWithPath: String(try #require(outcome.text.split(separator: "\n").first)))
            let folder = path.deletingLastPathComponent().lastPathComponent
            return ("audit_logs/\(folder)", path.lastPathComponent)
        }

        private func copy(_ bench: Bench, to place: String) async throws {
            let outcome = try await bench.runner.run("cp", "-a", bench.archive, place)
            try #require(outcome.exitCode == 0, "\(outcome.everything)")
        }

        private func inject(
            _ error: String, _ fault: Fault, _ file: (day: String, name: String), _ archive: String, _ bench: Bench
        ) async throws {
            let note: Comment = "\(error) of \(fault.calls) on \(fault.path)"
            func place(_ path: String) -> String {
                "\(archive)/" + path.replacing("DATA", with: file.name).replacing("DAY", with: file.day)
            }
            try await copy(bench, to: archive)
            let log = "\(bench.directory)/strace.log"
            let outcome = try await bench.runner.run(
                ["strace", "-f", "-qq", "-o", log, "-e", "signal=none", "-P", place(fault.path)]
                    + ["-e", "trace=\(fault.calls)", "-e", "inject=\(fault.calls):error=\(error):when=1"]
                    + bench.syncCommand(archive: archive))
            #expect(try String(contentsOfFile: log, encoding: .utf8).contains("INJECTED"), "\(note): never struck")
            #expect(outcome.exitCode == fault.code(error), "\(note): \(outcome.everything)")
            if !fault.isHarmless {
                let lines = outcome.errors.split(separator: "\n").drop { !$0.hasPrefix("error: ") }
                #expect(lines.first?.contains("(\(place(fault.named ?? fault.path)))") == true, "\(note): \(lines)")
                #expect(lines.dropFirst().first?.contains(Self.hint(error)) == true, "\(note): \(lines)")
            }
            let verification = try await bench.verify(archive: archive)
            #expect(verification.exitCode == 0, "\(note): \(verification.everything)")
            try await bench.syncWell(archive: archive)
            try await bench.expectWhole(archive: archive, "\(note)")
        }

        private static func hint(_ error: String) -> String {
            switch error {
            case "ENOSPC": "Free some space"
            case "EMFILE": "ulimit -n"
            case "EACCES", "EROFS": "Check the owner and the rights"
            default: "Check the disk"
            }
        }
    }
}
