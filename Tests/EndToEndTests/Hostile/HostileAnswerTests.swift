import Foundation
import TestSupport
import Testing

/// Answers that are made to use up memory or the stack. What was archived before stays as it was. Pauses between tries
/// are most of the time, so these run beside one another.
@Suite struct HostileAnswerTests {
    static let cap = "8MiB"
    /// The program without any answer has about 60 MB as a debug build.
    static let mostKilobytes = 200_000

    @Test(arguments: [
        ("endless", "max_response_size"), ("endless-unannounced", "max_response_size"),
        ("endless-chunked", "max_response_size"), ("endless-white-space", "max_response_size"),
        ("bomb", "max_response_size")
    ])
    func anAnswerPastTheCap(way: String, word: String) async throws {
        // Smaller pages are tried before it is given up: 1000, 500, 250, 125, 62, 31, 15, 7, 3, 1.
        try await expectUnusable(way, saying: [word, "larger than 8388608 bytes", "10 tries"])
    }

    @Test(arguments: [
        ("bomb-in-bomb", "gzip, gzip"), ("twice", "gzip, gzip"), ("brotli", "compressed as br"),
        ("unknown", "something unknown"), ("deep", "not JSON")
    ])
    func anAnswerThatCannotBeRead(way: String, word: String) async throws {
        try await expectUnusable(way, saying: [word, "8 tries"])
    }

    private func expectUnusable(_ way: String, saying words: [String]) async throws {
        try await Bench.with("--events", "300", "--days", "3") { bench in
            try await bench.syncWell()
            let before = try await bench.snapshot()
            let server = try bench.runner.start(["python3", "-B", Places.hostileServer, way])
            let address = try await server.address("http://127.0.0.1:")
            let outcome = try await bench.runner.run(
                ["/usr/bin/time", "-f", "%M kilobytes"]
                    + bench.syncCommand(["--max-response-size", Self.cap, "--base-url", address]))
            server.signal(SIGKILL)
            _ = await server.outcome()
            #expect(outcome.exitCode == 76, "\(outcome.everything)")
            for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
            #expect(!outcome.everything.contains(Bench.token) && !outcome.everything.contains("\u{1B}"))
            let used = outcome.errors.split(separator: "\n").last { $0.hasSuffix(" kilobytes") }
            let kilobytes = try #require(used?.split(separator: " ").first.flatMap { Int($0) })
            #expect(kilobytes < Self.mostKilobytes, "\(way)")
            #expect(try await bench.snapshot() == before)
            try await bench.expectWhole()
        }
    }
}
