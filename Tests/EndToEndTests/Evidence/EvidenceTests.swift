import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The evidence of the real program, checked by parts that share nothing with it.
    @Suite struct EvidenceTests {
        private static let article = "\(Places.repository)/Sources/ExportCLI/Documentation.docc/Evidence.md"

        /// The verifier that the documentation ships.
        private static func writeVerifier(to path: String) throws {
            let text = try String(contentsOfFile: article, encoding: .utf8)
            let parts = text.components(separatedBy: "```python\n")
            let program = try #require(parts.last?.components(separatedBy: "```\n").first)
            try #require(parts.count == 2)
            try program.write(toFile: path, atomically: true, encoding: .utf8)
        }

        @Test func theDocumentedVerifierProvesWhatTheProgramDid() async throws {
            try await Bench.with("--events", "600", "--days", "8") { bench in
                let key = ["--signing-key-file", "key.pem"]
                let verifier = "\(bench.directory)/verify.py"
                try Self.writeVerifier(to: verifier)
                func run(_ command: [String]) async throws -> RunningProgram.Outcome {
                    let outcome = try await bench.runner.run(
                        [Places.exporter] + command + ["--archive", bench.archive])
                    try #require(outcome.exitCode == 0, "\(command): \(outcome.everything)")
                    return outcome
                }
                func prove(_ anchors: String...) async throws {
                    let outcome = try await bench.runner.run(
                        ["python3", "-B", verifier, bench.archive, "\(bench.archive)/evidence/key.pub.pem"] + anchors)
                    #expect(outcome.exitCode == 0 && outcome.text.hasPrefix("PROVEN: "), "\(outcome.everything)")
                    let own = try await bench.verify("--public-key", "\(bench.archive)/evidence/key.pub.pem")
                    #expect(own.exitCode == 0, "\(own.everything)")
                }
                let keygen = try await bench.runner.run(Places.exporter, "evidence", "keygen", "--output", "key.pem")
                try #require(keygen.exitCode == 0, "\(keygen.everything)")
                try await bench.syncWell("--signing-key-file", "key.pem")
                try await prove()
                let head = try await run(["evidence", "anchor"])
                let anchor = "\(bench.directory)/head.checkpoint"
                try head.text.write(toFile: anchor, atomically: true, encoding: .utf8)
                // Late events give closed days a second file each.
                try await bench.simulator.arrive(60, lateHours: 20)
                try await bench.syncWell("--signing-key-file", "key.pem")
                try await prove(anchor)
                let id = try await bench.bash("zcat audit_logs/*/*.gz | sed -n 9p | jq -r .id").text
                    .trimmingCharacters(in: .whitespacesAndNewlines)
                _ = try await run(["evidence", "erase", "--id", id, "--reason", "asked for"] + key)
                _ = try await run(["compact"] + key)
                _ = try await run(["prune", "--keep", "4d"] + key)
                try await bench.syncWell("--signing-key-file", "key.pem")
                try await prove(anchor)
                let left = try await bench.bash("zcat audit_logs/*/*.gz | grep -c \(id) || true")
                #expect(left.text == "0\n")

                // The same verifier, on the same archive with one event changed as cleverly as one can without the key.
                let forged = try await bench.bash(
                    """
                    f=$(ls audit_logs/*/*.gz | tail -1); zcat $f | sed '1s/user/usex/' | gzip -n >x; cat x >$f; rm x
                    """)
                #expect(forged.exitCode == 0, "\(forged.everything)")
                let outcome = try await bench.runner.run(
                    "python3", "-B", verifier, bench.archive, "\(bench.archive)/evidence/key.pub.pem")
                #expect(outcome.exitCode == 1 && outcome.errors.hasPrefix("NOT PROVEN: "), "\(outcome.everything)")
            }
        }

        @Test func aKeyIsShownWhateverQuietSaysAndNeedsAFolder() async throws {
            try await Bench.with("--events", "1", "--days", "1") { bench in
                let quiet = try await bench.runner.run(
                    Places.exporter, "evidence", "keygen", "--output", "key.pem", "--quiet")
                #expect(quiet.exitCode == 0 && quiet.text.contains("Fingerprint"), "\(quiet.everything)")
                let nowhere = try await bench.runner.run(
                    Places.exporter, "evidence", "keygen", "--output", "none/key.pem")
                #expect(
                    nowhere.exitCode == 73 && nowhere.errors.contains("there is no folder for the key"),
                    "\(nowhere.everything)")
            }
        }

        @Test func aProofIsCheckedWithTheKeyAlone() async throws {
            try await Bench.with("--events", "90", "--days", "3") { bench in
                _ = try await bench.runner.run(Places.exporter, "evidence", "keygen", "--output", "key.pem")
                try await bench.syncWell("--signing-key-file", "key.pem")
                let id = try await bench.bash("zcat audit_logs/*/*.gz | sed -n 7p | jq -r .id").text
                    .trimmingCharacters(in: .whitespacesAndNewlines)
                let proof = try await bench.runner.run(
                    Places.exporter, "evidence", "prove", id, "--archive", bench.archive)
                try #require(proof.exitCode == 0, "\(proof.everything)")
                try proof.text.write(
                    toFile: "\(bench.directory)/proof.json", atomically: true, encoding: .utf8)
                let script = """
                    import base64, hashlib, json
                    sha = lambda data: hashlib.sha256(data).digest()
                    def climb(hash, index, count, path):
                        path = [bytes.fromhex(text) for text in path]
                        last = count - 1
                        while last:
                            if index & 1: hash = sha(b"\\1" + path.pop(0) + hash)
                            elif index < last: hash = sha(b"\\1" + hash + path.pop(0))
                            index, last = index >> 1, last >> 1
                        assert not path
                        return hash
                    proof = json.load(open("proof.json"))
                    line = base64.b64decode(proof["line"])
                    assert json.loads(line)["id"] == "\(id)"
                    add = proof["add"]
                    root = climb(sha(b"\\0" + line), proof["index"], add["records"], proof["leaf_path"])
                    assert root.hex() == add["root"]
                    entry = json.dumps(add, separators=(",", ":"), ensure_ascii=False).encode()
                    _, entries, digest = proof["checkpoint"].split("\\n")[:3]
                    root = climb(sha(b"\\0" + entry), proof["operation_index"], int(entries), proof["log_path"])
                    assert root == base64.b64decode(digest)
                    print("proven")
                    """
                let outcome = try await bench.runner.run("python3", "-c", script)
                #expect(outcome.text == "proven\n", "\(outcome.everything)")
                let unknown = try await bench.runner.run(
                    Places.exporter, "evidence", "prove", "nobody", "--archive", bench.archive)
                #expect(unknown.exitCode == 1, "\(unknown.everything)")
            }
        }

        @Test func anAuthorityStampsAHeadAndOpensslAgrees() async throws {
            try await Bench.with("--events", "30", "--days", "2") { bench in
                _ = try await bench.runner.run(Places.exporter, "evidence", "keygen", "--output", "key.pem")
                try await bench.syncWell("--signing-key-file", "key.pem")
                let authority = "\(bench.directory)/authority"
                let server = try bench.runner.start([
                    "python3", "-B", "\(Places.repository)/Tests/Checker/time_stamp_server.py", authority
                ])
                let address = try await server.address("http://127.0.0.1:")
                let anchor = try await bench.runner.run(
                    Places.exporter, "evidence", "anchor", "--archive", bench.archive, "--rfc3161", address)
                server.signal(SIGKILL)
                _ = await server.outcome()
                #expect(anchor.exitCode == 0, "\(anchor.everything)")
                let check = try await bench.bash(
                    """
                    cd evidence/anchors; head=$(ls *.checkpoint); cmp $head ../checkpoint
                    openssl ts -verify -data $head -in ${head%.checkpoint}.tsr -CAfile \(authority)/ca.pem
                    """)
                #expect(check.exitCode == 0, "\(check.everything)")
                #expect(try await bench.verify().exitCode == 0)
                let gone = try await bench.runner.run(
                    Places.exporter, "evidence", "anchor", "--archive", bench.archive, "--rfc3161", address)
                #expect(gone.exitCode == 69, "\(gone.everything)")
            }
        }

        @Test func aWitnessFindsARollback() async throws {
            try await Bench.with("--events", "60", "--days", "3") { bench in
                _ = try await bench.runner.run(Places.exporter, "evidence", "keygen", "--output", "key.pem")
                try await bench.syncWell("--signing-key-file", "key.pem")
                var environment = Places.environment
                environment["CAPTIVATEIQ_EXPORT"] = Places.exporter
                let runner = CommandRunner(directory: bench.directory, environment: environment)
                func witness(_ archive: String) async throws -> RunningProgram.Outcome {
                    try await runner.run(
                        "\(Places.repository)/scripts/witness", archive, "state",
                        "\(bench.archive)/evidence/key.pub.pem")
                }
                let older = "\(bench.directory)/older"
                _ = try await bench.bash("cp -a . \(older)")
                #expect(try await witness(older).exitCode == 0)
                try await bench.simulator.arrive(5)
                try await bench.syncWell("--signing-key-file", "key.pem")
                let outcome = try await witness(bench.archive)
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                let rolledBack = try await witness(older)
                #expect(rolledBack.exitCode == 65, "\(rolledBack.everything)")
                #expect(rolledBack.text.contains("last.checkpoint"))
                #expect(try await witness(bench.archive).exitCode == 0)
            }
        }

        @Test func aKeyThatCannotBeReadIsRefusedBeforeAnythingIsFetched() async throws {
            try await Bench.with("--events", "30", "--days", "2") { bench in
                for file in ["none.pem", "/dev/null"] {
                    let outcome = try await bench.sync("--signing-key-file", file)
                    #expect(outcome.exitCode == 78, "\(outcome.everything)")
                }
                #expect(try await bench.simulator.statistics().requests == 0)
                try await bench.syncWell()
                for flags in [["--public-key", "none.pem"], ["--anchor", "none"], ["--public-key", "/etc/hostname"]] {
                    let outcome = try await bench.runner.run(
                        [Places.exporter, "verify", "--archive", bench.archive] + flags)
                    #expect(outcome.exitCode == 78, "\(outcome.everything)")
                }
            }
        }
    }
}
