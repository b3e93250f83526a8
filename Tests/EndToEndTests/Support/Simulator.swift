import Foundation
import TestSupport
import Testing

/// A running `captivateiq-simulator`.
struct Simulator {
    /// The counts that the simulator keeps.
    struct Statistics: Decodable {
        var requests: Int
        var byStatus: [String: Int]
        var byFault: [String: Int]
        var limitsBroken: Int
    }

    let address: String
    let runner: CommandRunner
    private let program: RunningProgram

    /// Starts one and waits until it listens. The population is of 30 days by default.
    static func start(_ flags: [String], in directory: String) async throws -> Simulator {
        let runner = CommandRunner(directory: directory, environment: Places.environment)
        let program = try runner.start([Places.simulator, "--port", "0"] + flags)
        let address = try await program.address("http://127.0.0.1:")
        return Simulator(address: address, runner: runner, program: program)
    }

    func stop() async {
        program.signal(SIGTERM)
        _ = await program.outcome()
    }

    /// Adds events: at the newest end, or up to some hours back.
    func arrive(_ count: Int, ties: Int = 1, lateHours: Double = 0) async throws {
        try await post("arrive?count=\(count)&ties=\(ties)&late_hours=\(lateHours)")
    }

    /// Replaces what goes wrong; nothing for nothing.
    func setFaults(_ specifications: String = "") async throws {
        try await post("faults", body: specifications)
    }

    /// Sends a control request.
    func post(_ path: String, body: String = "") async throws {
        _ = try await curl("-X", "POST", "--data-binary", body, "\(address)/_simulator/\(path)")
    }

    /// What an archive should hold, written to a file.
    func writeEvents(to path: String) async throws {
        _ = try await curl("-o", path, "\(address)/_simulator/events")
    }

    func statistics() async throws -> Statistics {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Statistics.self, from: Data(try await curl("\(address)/_simulator/stats")))
    }

    private func curl(_ arguments: String...) async throws -> [UInt8] {
        let outcome = try await runner.run(["curl", "-fsS", "--noproxy", "*", "--max-time", "60"] + arguments)
        try #require(outcome.exitCode == 0, "curl \(arguments): \(outcome.errors)")
        return outcome.output
    }
}
