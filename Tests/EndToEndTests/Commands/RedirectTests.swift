import CaptivateIQSimulator
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct RedirectTests {
        /// Redirected from the first request on, or in the middle; by every status that redirects.
        @Test(arguments: [301, 302, 303, 307, 308], [1, 3])
        func theOtherHostIsNeverAsked(status: Int, request: Int) async throws {
            let other = try await SimulatorServer.start(SimulatorConfiguration())
            var configuration = SimulatorConfiguration()
            configuration.population.count = 500
            let location = SimulatedHeader("Location", "\(other.address)/ciq/v1/audit-logs/")
            configuration.faults.answers[request] = SimulatedResponse(status: status, headers: [location])
            let server = try await SimulatorServer.start(configuration)
            try await withTemporaryDirectory { directory in
                var environment = Places.environment
                environment["CAPTIVATEIQ_API_TOKEN"] = configuration.token
                let outcome = try await CommandRunner(directory: directory, environment: environment).run(
                    Places.exporter, "sync", "--archive", "archive", "--base-url", server.address, "--page-size", "100",
                    "--backfill-start-time", Bench.backfillStart)
                #expect(outcome.exitCode == 76, "\(outcome.everything)")
                #expect(outcome.errors.contains("redirect"), "\(outcome.errors)")
            }
            #expect(server.core.statistics.requests >= request)
            #expect(other.core.statistics.requests == 0)
            await server.stop()
            await other.stop()
        }
    }
}
