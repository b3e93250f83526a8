import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct DamageTests {
        /// A way to damage an archive, and what `verify` has to say about it.
        struct Damage: Sendable, CustomTestStringConvertible {
            let testDescription: String
            /// Bash, run in the archive; `$f` is the path of the second data file.
            let script: String
            /// One of these kinds of fault is to be found.
            let kinds: Set<String>
            /// The fault's path; nil for that of `$f`.
            var path: String?
        }

        static let damages = [
            Damage(
                testDescription: "one flipped bit",
                script:
                    #"b=$(od -An -tu1 -j200 -N1 $f); printf "\\x$(printf %x $((b ^ 4)))" | dd of=$f bs=1 seek=200 conv=notrunc"#,
                kinds: ["sha256"]),
            Damage(testDescription: "a cut file", script: "truncate -s -7 $f", kinds: ["size"]),
            Damage(
                testDescription: "a byte after the member", script: #"printf '\0' >>$f"#,
                kinds: ["size", "trailing_bytes"]),
            Damage(testDescription: "a second member", script: "gzip </dev/null >>$f", kinds: ["second_member"]),
            Damage(testDescription: "a missing file", script: "rm $f", kinds: ["missing_file"]),
            Damage(
                testDescription: "a stray file", script: "cp $f audit_logs/other.gz", kinds: ["stray_file"],
                path: "audit_logs/other.gz"),
            Damage(
                testDescription: "a wrong count in the manifest",
                script: #"""
                    r=$(jq --arg f $f '.files[] | select(.path == $f).records' manifest.json)
                    sed -i "s|\(\"path\": *\"$f\".*\"records\": *\)$r|\1$((r + 1))|" manifest.json
                    above=$(head -n -2 manifest.json; echo .)
                    printf '%s' "${above%.}" >manifest.json
                    sum=$(sha256sum <manifest.json | cut -d' ' -f1)
                    printf '  "sha256_above": "%s"\n}\n' "$sum" >>manifest.json
                    """#,
                kinds: ["records"])
        ]

        @Test func eachIsFoundAloneAndAllTogether() async throws {
            try await Bench.with("--events", "900", "--days", "9") { bench in
                try await bench.syncWell()
                let sound = try await bench.verify()
                #expect(sound.exitCode == 0 && sound.text.hasPrefix("Sound"), "\(sound.everything)")
                for damage in Self.damages {
                    let copy = try await copy(of: bench)
                    let path = try await inflict(damage, on: copy, file: 2)
                    try await expectFound([(damage, path)], in: copy, bench)
                    #expect(try await bench.verify().exitCode == 0, "the original is not the copy")
                }
                let copy = try await copy(of: bench)
                var all: [(Damage, String)] = []
                // The manifest first, while all files are still there to be counted.
                for (index, damage) in Self.damages.reversed().enumerated() {
                    all.append((damage, try await inflict(damage, on: copy, file: index + 2)))
                }
                try await expectFound(all, in: copy, bench)
            }
        }

        private func copy(of bench: Bench) async throws -> String {
            let copy = "\(bench.directory)/copy"
            let outcome = try await bench.bash("rm -rf \(copy); cp -a . \(copy)")
            try #require(outcome.exitCode == 0, "\(outcome.everything)")
            let dropped = try await CommandRunner(directory: copy).run("bash", "-euc", Bench.dropEvidence)
            try #require(dropped.exitCode == 0, "\(dropped.everything)")
            return copy
        }

        /// Gives the path that the fault is to name.
        private func inflict(_ damage: Damage, on archive: String, file: Int) async throws -> String {
            let script = "f=$(jq -r '.files[\(file)].path' manifest.json); \(damage.script); echo \"path=$f\""
            let outcome = try await CommandRunner(directory: archive).run("bash", "-euc", script)
            try #require(outcome.exitCode == 0, "\(damage.testDescription): \(outcome.everything)")
            let path = outcome.text.split(separator: "\n").last?.dropFirst("path=".count)
            let damaged = String(try #require(path))
            return damage.path ?? damaged
        }

        private struct Report: Decodable {
            struct Fault: Decodable {
                var kind: String
                var path: String
            }
            var outcome: String
            var faults: [Fault]
        }

        private func expectFound(_ damages: [(Damage, path: String)], in archive: String, _ bench: Bench) async throws {
            let outcome = try await bench.verify("--json", archive: archive)
            #expect(outcome.exitCode == 65, "\(outcome.everything)")
            let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output))
            #expect(report.outcome == "damaged")
            let text = try await bench.verify(archive: archive)
            #expect(text.exitCode == 65)
            for (damage, path) in damages {
                let isFound = report.faults.contains { damage.kinds.contains($0.kind) && $0.path == path }
                #expect(isFound, "\(damage.testDescription) of \(path): \(outcome.text)")
                #expect(text.text.contains("\(path): "), "\(damage.testDescription): \(text.text)")
            }
        }
    }
}
