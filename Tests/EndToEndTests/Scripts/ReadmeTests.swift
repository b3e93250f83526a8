import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The README is true")
    struct ReadmeTests {
        private let readme: String

        init() throws {
            readme = try String(contentsOfFile: "\(Places.repository)/README.md", encoding: .utf8)
        }

        /// The text of the code blocks in one language.
        private func blocks(_ language: String) -> [String] {
            readme.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
                $0.components(separatedBy: "```").first
            }
        }

        @Test("its shell commands run, one after the other, against the simulator")
        func shellCommands() async throws {
            try await Bench.with("--events", "500", "--days", "5", "--seed", "11") { bench in
                try Bench.token.write(toFile: "\(bench.directory)/token", atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o600], ofItemAtPath: "\(bench.directory)/token")
                try makeDuckDB(in: bench.directory)
                var environment = Places.environment
                environment["PATH"] = "\(bench.directory)/bin:\(Places.products):\(environment["PATH"] ?? "")"
                environment["CAPTIVATEIQ_BASE_URL"] = bench.simulator.address
                let runner = CommandRunner(directory: bench.directory, environment: environment)
                let scripts = blocks("sh")
                #expect(scripts.count >= 2)
                for script in scripts {
                    let outcome = try await runner.run("bash", "-euo", "pipefail", "-c", script)
                    #expect(outcome.exitCode == 0, "\(script)\n\(outcome.everything)")
                }
                try await bench.expectWhole(archive: "\(bench.directory)/audit")
            }
        }

        @Test("its configuration file is read")
        func configuration() async throws {
            let text = try #require(blocks("yaml").first)
            try await withTemporaryDirectory { directory in
                try text.replacingOccurrences(of: "/var/lib/captivateiq-export/", with: "\(directory)/")
                    .replacingOccurrences(of: "/etc/captivateiq-export/", with: "\(directory)/")
                    .write(toFile: "\(directory)/captivateiq.yaml", atomically: true, encoding: .utf8)
                let runner = CommandRunner(directory: directory, environment: Places.environment)
                let outcome = try await runner.run(Places.exporter, "sync", "--config", "captivateiq.yaml")
                // All that is wrong is the token's file, which is not there.
                #expect(outcome.exitCode == 78)
                #expect(outcome.errors.contains("api_token_file"))
                #expect(outcome.errors.split(separator: "\n").count == 2, "\(outcome.errors)")
            }
        }

        @Test("every setting and exit code it lists is in the help, and every file it names exists")
        func names() async throws {
            let runner = CommandRunner(directory: "/", environment: Places.environment)
            let help = try await runner.run(Places.exporter, "sync", "--help").text
            let overview = try await runner.run(Places.exporter, "--help").text
            let settings = section("Settings").matches(of: /^\| `([^|]+)`[^|]*\|/.anchorsMatchLineEndings())
                .flatMap { $0.output.1.components(separatedBy: "`, `") }
            #expect(settings.count > 15)
            for name in settings where name != "api_token" {
                let flag = "--" + name.lowercased().replacingOccurrences(of: "_", with: "-")
                #expect(help.contains(flag), "\(name)")
            }
            let codes = section("Exit codes").matches(of: /^\| ([0-9, ]+) \|/.anchorsMatchLineEndings())
                .flatMap { $0.output.1.components(separatedBy: ", ") }
            #expect(
                Set(codes) == [
                    "0", "1", "64", "65", "66", "69", "70", "71", "73", "74", "75", "76", "77", "78", "129", "130",
                    "143"
                ])
            for code in codes {
                #expect(overview.contains(code), "\(code)")
            }
            for match in readme.matches(of: /(scripts|Sources|\.ci)\/[A-Za-z._\/-]*[A-Za-z]/) {
                #expect(
                    FileManager.default.fileExists(atPath: "\(Places.repository)/\(match.output.0)"),
                    "\(match.output.0)")
            }
        }

        private func section(_ title: String) -> String {
            readme.components(separatedBy: "\n## \(title)\n").last?.components(separatedBy: "\n## ").first ?? ""
        }

        /// DuckDB's command line, as far as `-c` goes, from its Python package.
        private func makeDuckDB(in directory: String) throws {
            let script = """
                #!/bin/sh
                exec \(Places.python) -c 'import duckdb, sys; print(duckdb.sql(sys.argv[2]))' "$@"

                """
            try FileManager.default.createDirectory(atPath: "\(directory)/bin", withIntermediateDirectories: true)
            let path = "\(directory)/bin/duckdb"
            try script.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
    }
}
