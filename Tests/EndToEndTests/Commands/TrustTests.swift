import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Servers that are not trusted, by certificates that OpenSSL made, and the words for it.
    @Suite struct TrustTests {
        /// A certificate, and what is said of it.
        struct Case: Sendable, CustomTestStringConvertible {
            let certificate: String
            /// Whether its authority is given as `ca_file`.
            var knowsAuthority = true
            var serverFlags: [String] = []
            let words: [String]

            var testDescription: String { "\(certificate) \(serverFlags.joined(separator: " "))" }
        }

        static let cases = [
            Case(certificate: "expired", words: ["has expired, on 2020-02-01 00:00:00 UTC", "renew it"]),
            Case(certificate: "early", words: ["is not yet valid: it begins on 2044-01-01", "date -u"]),
            Case(certificate: "self", words: ["is self-signed", "ca_file"]),
            Case(
                certificate: "good", knowsAuthority: false,
                words: ["authority unknown to this machine: Authority of the test", "ca_file"]),
            Case(
                certificate: "other",
                words: ["for another host than localhost, it is for other.test, more.test", "host in base_url"]),
            Case(
                certificate: "good", serverFlags: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
                words: ["knows no TLS version from 1.2 on", "refused"]),
            Case(
                certificate: "good", serverFlags: ["-tls1", "-cipher", "ALL:@SECLEVEL=0"],
                words: ["knows no TLS version from 1.2 on"])
        ]

        @Test(arguments: cases)
        func inWords(_ example: Case) async throws {
            try await Self.withServer(example.certificate, example.serverFlags) { runner, port in
                let flags = example.knowsAuthority ? ["--ca-file", "ca.pem"] : []
                let outcome = try await Self.sync(runner, "https://localhost:\(port)", flags)
                Self.expectRefusal(outcome, example.words)
            }
        }

        /// The certificate is looked at through the proxy's tunnel too.
        @Test func throughAProxy() async throws {
            try await Self.withServer("expired") { runner, port in
                let proxy = try runner.start(["python3", "-B", Places.tunnelProxy])
                var behind = runner
                behind.environment?["HTTPS_PROXY"] = try await proxy.address("http://127.0.0.1:")
                // Not loopback by its name, which the proxy leads here all the same.
                let outcome = try await Self.sync(behind, "https://api.test:\(port)", ["--ca-file", "ca.pem"])
                proxy.signal(SIGKILL)
                let seen = await proxy.outcome().everything
                Self.expectRefusal(outcome, ["has expired, on 2020-02-01"])
                #expect(seen.components(separatedBy: "CONNECT api.test:\(port)").count == 3, "\(seen)")
            }
        }

        @Test(arguments: ["SSL_CERT_FILE=ca.pem", "SSL_CERT_DIR=/nowhere:authorities", "CAPTIVATEIQ_CA_FILE=ca.pem"])
        func authoritiesOfOnesOwn(variable: String) async throws {
            try await Self.withServer("good") { runner, port in
                let made = try await runner.run("bash", "-euc", "mkdir authorities; cp ca.pem authorities/any-name")
                try #require(made.exitCode == 0)
                let outcome = try await runner.run(
                    ["env", variable] + Self.command("https://localhost:\(port)", ["--max-duration", "1s"]))
                // Trusted: the server then answers with a page of its own.
                #expect(outcome.errors.contains("the API sent an answer that is HTML"), "\(outcome.everything)")
            }
        }

        /// A minimal container has no root certificates: at once, by name, and `ca_file` helps.
        @Test func noRootCertificates() async throws {
            try await Self.withServer("good") { runner, port in
                let hide = "mount -t tmpfs t /etc/ssl; mkdir -p /etc/pki; mount -t tmpfs t /etc/pki; exec \"$@\""
                let cage = ["unshare", "-m", "bash", "-c", hide, "bash"]
                let address = "https://localhost:\(port)"
                for environment in [[], ["env", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"]] {
                    let bare = try await runner.run(environment + cage + Self.command(address))
                    Self.expectRefusal(bare, ["no root certificates were found", "ca-certificates", "ca_file"])
                    let own = try await runner.run(
                        environment + cage + Self.command(address, ["--ca-file", "ca.pem", "--max-duration", "1s"]))
                    #expect(own.errors.contains("the API sent an answer that is HTML"), "\(own.everything)")
                }
            }
        }

        @Test func filesThatHoldNoCertificate() async throws {
            try await withTemporaryDirectory { directory in
                let runner = Self.runner(directory)
                try "no certificate".write(toFile: "\(directory)/text.pem", atomically: false, encoding: .utf8)
                for (file, words) in [
                    ("text.pem", "holds no certificate in PEM form"), ("gone.pem", "No such file or directory")
                ] {
                    let outcome = try await Self.sync(runner, "https://localhost:1", ["--ca-file", file])
                    #expect(outcome.exitCode == 78, "\(outcome.everything)")
                    #expect(outcome.errors.contains("ca_file cannot be \"\(file)\"") && outcome.errors.contains(words))
                    #expect(outcome.errors.contains("flag --ca-file") && !outcome.errors.contains("Error"))
                }
            }
        }

        @Test func whatDoesNotSpeakTLS() async throws {
            try await Bench.with("--events", "10", "--days", "2") { bench in
                let address = bench.simulator.address.replacing("http://127.0.0.1", with: "https://localhost")
                let outcome = try await bench.runner.run(Self.command(address, ["--max-duration", "1s"]))
                #expect(outcome.errors.contains("what answers there does not speak TLS"), "\(outcome.everything)")
            }
        }

        private static func expectRefusal(
            _ outcome: RunningProgram.Outcome, _ words: [String], sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(outcome.exitCode == 69, "\(outcome.everything)", sourceLocation: sourceLocation)
            for word in words {
                #expect(outcome.errors.contains(word), "\(outcome.everything)", sourceLocation: sourceLocation)
            }
            // At once, without the words of a library and the paths of its build.
            for word in ["trying again", "SSL", "OPENSSL", "Error:", "handshake", "/work", ".cc", "NIO"]
            where !words.contains(where: { $0.contains(word) }) {
                let text = outcome.errors.replacing("SSL_CERT_FILE", with: "")
                #expect(!text.contains(word), "\(word): \(outcome.everything)", sourceLocation: sourceLocation)
            }
        }

        private static func runner(_ directory: String) -> CommandRunner {
            var environment = Places.environment
            environment["CAPTIVATEIQ_API_TOKEN"] = Bench.token
            return CommandRunner(directory: directory, environment: environment)
        }

        private static func command(_ address: String, _ flags: [String] = []) -> [String] {
            [Places.exporter, "sync", "--archive", "archive", "--base-url", address] + flags
        }

        private static func sync(
            _ runner: CommandRunner, _ address: String, _ flags: [String]
        ) async throws -> RunningProgram.Outcome {
            try await runner.run(command(address, flags))
        }

        /// Runs `body` beside a server of OpenSSL with one of the certificates.
        private static func withServer(
            _ certificate: String, _ flags: [String] = [], body: (CommandRunner, String) async throws -> Void
        ) async throws {
            try await withTemporaryDirectory { directory in
                let runner = runner(directory)
                let made = try await runner.run(Places.certificates)
                try #require(made.exitCode == 0, "\(made.everything)")
                let server = try runner.start(
                    ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", "\(certificate).pem"]
                        + ["-key", "\(certificate).key"] + flags)
                let text = try #require(await server.waitFor("ACCEPT 127.0.0.1:"))
                let port = try #require(text.split(separator: "ACCEPT 127.0.0.1:").last?.prefix { $0.isNumber })
                do {
                    try await body(runner, String(port))
                } catch {
                    server.signal(SIGKILL)
                    throw error
                }
                server.signal(SIGKILL)
            }
        }
    }
}
