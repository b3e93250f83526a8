@testable import CaptivateIQSimulator
import Foundation
import Testing

@Suite struct SimulatorServerTests {
    private func serving(
        _ configure: (inout SimulatorConfiguration) -> Void = { _ in },
        _ body: (SimulatorServer, String) async throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        configuration.population.count = 1_000
        configure(&configuration)
        let server = try await SimulatorServer.start(configuration)
        do {
            try await body(server, server.address + "/ciq/v1/audit-logs/?limit=1000")
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test func servesThePagesOfTheCore() async throws {
        try await serving { server, url in
            let answer = try await Curl.run([url])
            #expect(answer.code == 0)
            let ids = try Page(Array(answer.output)).ids
            #expect(ids == server.core.events(at: SystemTime.now()).map(\.id))
        }
    }

    @Test func compressesForThoseWhoAccept() async throws {
        try await serving({ $0.gzip = true }) { _, url in
            let plain = try await Curl.run([url])
            let packed = try await Curl.run(["-H", "Accept-Encoding: gzip, deflate", url])
            let unpacked = try await Curl.run(["--compressed", url])
            #expect(Array(packed.output.prefix(2)) == [0x1F, 0x8B])
            #expect(packed.output.count < plain.output.count / 3)
            #expect(unpacked.output == plain.output)
        }
    }

    @Test func resetClosesBeforeAnAnswer() async throws {
        try await serving({ $0.faults.schedule = [1: .reset] }) { _, url in
            let answer = try await Curl.run([url])
            #expect(answer.code == 56 && answer.output.isEmpty)
            let next = try await Curl.run([url])
            #expect(next.code == 0)
        }
    }

    @Test(arguments: [false, true])
    func truncateSendsPartOfWhatItDeclares(gzip: Bool) async throws {
        let configure: (inout SimulatorConfiguration) -> Void = { configuration in
            configuration.faults.schedule = [1: .truncate]
            configuration.gzip = gzip
        }
        try await serving(configure) { _, url in
            let cut = try await Curl.run(gzip ? ["--compressed", url] : [url])
            let whole = try await Curl.run([url])
            #expect(cut.code == 18)
            #expect(cut.output.count < whole.output.count && !cut.output.isEmpty)
            #expect(whole.output.starts(with: cut.output))
        }
    }

    @Test func timeoutSaysNothing() async throws {
        try await serving({ $0.faults.schedule = [1: .timeout] }) { _, url in
            let answer = try await Curl.run(["--max-time", "1", url])
            #expect(answer.code == 28 && answer.output.isEmpty)
            let next = try await Curl.run([url])
            #expect(next.code == 0)
        }
    }

    @Test func stopEndsStalledAndIdleConnections() async throws {
        var configuration = SimulatorConfiguration()
        configuration.population.count = 10
        configuration.faults.schedule = [1: .timeout]
        let seen = AsyncStream<Void>.makeStream()
        let server = try await SimulatorServer.start(
            configuration, observer: { _, _ in seen.continuation.yield() })
        async let stalled = Curl.run([server.address + "/ciq/v1/audit-logs/"])
        for await _ in seen.stream { break }
        await server.stop()
        let left = try await stalled
        #expect(left.code == 52 || left.code == 56)
        // Whoever has the port by now: this server does not answer.
        let requests = server.core.statistics.requests
        _ = try await Curl.run(["--max-time", "5", server.address + "/ciq/v1/audit-logs/"])
        #expect(requests == 1 && server.core.statistics.requests == requests)
    }

    @Test func delaysAreReal() async throws {
        try await serving({ $0.pacing.latency = .milliseconds(300) }) { _, url in
            let clock = ContinuousClock()
            let start = clock.now
            let answer = try await Curl.run([url])
            #expect(answer.code == 0)
            #expect(clock.now - start >= .milliseconds(300))
        }
    }

    @Test func controlOverTheSocket() async throws {
        try await serving { server, url in
            let faults = server.address + "/_simulator/faults"
            _ = try await Curl.run(["-X", "POST", "--data-binary", "503@1", faults])
            let status = try await Curl.run(["-o", "/dev/null", "-w", "%{http_code}", url])
            #expect(String(decoding: status.output, as: UTF8.self) == "503")
            _ = try await Curl.run(["-X", "POST", server.address + "/_simulator/arrive?count=7"])
            let events = try await Curl.run([server.address + "/_simulator/events"])
            #expect(Array(events.output) == server.core.ndjson(at: SystemTime.now()))
            #expect(events.output.count { $0 == UInt8(ascii: "\n") } == 1_007)
        }
    }

    @Test func aTakenPortIsReported() async throws {
        try await serving { server, _ in
            await #expect(throws: SimulatorServer.StartError.self) {
                try await SimulatorServer.start(SimulatorConfiguration(), port: server.port)
            }
        }
    }
}
