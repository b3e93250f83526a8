/// Runs programs and waits for them.
package struct CommandRunner: Sendable {
    /// The folder in which programs start.
    package var directory: String
    /// All variables that programs see; nil for those of this process.
    package var environment: [String: String]?

    /// A runner of programs in `directory`.
    package init(directory: String, environment: [String: String]? = nil) {
        self.directory = directory
        self.environment = environment
    }

    /// Runs a program found by `PATH`, with nothing on standard input, and waits for its end.
    ///
    /// - Throws: Foundation's error where no program can be started.
    package func run(_ command: String...) async throws -> RunningProgram.Outcome {
        try await run(command)
    }

    /// Runs a program found by `PATH`, with nothing on standard input, and waits for its end.
    ///
    /// - Throws: Foundation's error where no program can be started.
    package func run(_ command: [String]) async throws -> RunningProgram.Outcome {
        await (try start(command)).outcome()
    }

    /// Starts a program found by `PATH`, with nothing on standard input.
    ///
    /// - Throws: Foundation's error where no program can be started.
    package func start(_ command: [String]) throws -> RunningProgram {
        try RunningProgram(command, directory: directory, environment: environment)
    }
}
