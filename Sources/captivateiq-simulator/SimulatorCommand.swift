import ArgumentParser
import CaptivateIQSimulator

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The command `captivateiq-simulator`: serves a simulated API until it is ended by a signal.
@main
struct SimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "captivateiq-simulator",
        abstract: "Serves a stand-in for CaptivateIQ's audit-log API, for trials and tests.",
        discussion: """
            Prints one line, "listening on http://127.0.0.1:PORT", once it listens, and
            serves until SIGTERM or SIGINT. The same --seed and --until give the same
            events, byte for byte.

            The API (Authorization: Token simulator-token):
              GET /ciq/v1/audit-logs/ and GET /ciq/v1/me/organizations

            Behind it, without a token:
              GET  /_simulator/events       what an archive should hold, as NDJSON by
                                            (time, id); ?purged=1 adds removed ones
              GET  /_simulator/stats        requests, answers by status, limits broken
              POST /_simulator/arrive       adds events: ?count=100&ties=2&late_hours=20,
                                            or all ?at=2026-11-22T10:00:00Z
              POST /_simulator/purge        removes the oldest: ?count=10
              POST /_simulator/remove       removes any ?count=10, or the one of ?id=
              POST /_simulator/move         gives any another time: ?count=1&hours=72
              POST /_simulator/edit         gives any another content: ?count=1
              POST /_simulator/listing      changes lists: words such as total=page and
                                            max-offset=none in the body, named as the
                                            options are
              POST /_simulator/faults       replaces the faults: specifications as for
                                            --fault in the body, none clears them
              POST /_simulator/quiet        no more arrivals, purges and faults
              POST /_simulator/reset-stats  counts anew

            Try:
              captivateiq-simulator --port 8080 --events 20000 --days 30 --seed 1
              captivateiq-simulator --port 0 --fault 502:0.2 --fault html200@3,7
              captivateiq-simulator --port 0 --order descending --limit-cap 137
            """)

    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 picks a free one.")
    var port = 0

    @Option(help: "The token that clients must send.")
    var token = "simulator-token"

    @Flag(help: "Compress answers with gzip for clients that accept it.")
    var gzip = false

    @Flag(help: "Write a line for each request to standard error.")
    var log = false

    @OptionGroup(title: "Events") var population: PopulationOptions
    @OptionGroup(title: "Lists") var listing: ListingOptions
    @OptionGroup(title: "Speed and limits") var pacing: PacingOptions
    @OptionGroup(title: "Change while being read") var motion: MotionOptions
    @OptionGroup(title: "Faults") var faults: FaultOptions

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0 to 65535") }
        do {
            try settings().validate()
        } catch let error as SimulatorConfigurationError {
            throw ValidationError(error.description)
        }
    }

    func run() async throws {
        let server = try await SimulatorServer.start(
            settings(), host: host, port: port, observer: log ? Self.report : nil)
        print("listening on \(server.address)")
        // A pipe is not flushed by a new line, and whoever started this waits for the line.
        fflush(nil)
        try await server.waitUntilStopped()
    }

    private func settings() throws -> SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.token = token
        configuration.gzip = gzip
        configuration.population = try population.settings()
        configuration.listing = listing.settings()
        configuration.pacing = pacing.settings()
        configuration.motion = motion.settings()
        configuration.faults = try faults.settings()
        configuration.clockOffset = pacing.clockOffset
        return configuration
    }

    /// Only method, target and outcome: headers hold the token.
    @Sendable private static func report(_ request: SimulatedRequest, _ response: SimulatedResponse) {
        let outcome = response.effect == .normal ? "" : " \(response.effect)"
        let line = "\(request.method) \(request.target) \(response.status) \(response.body.count)\(outcome)\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }
}
