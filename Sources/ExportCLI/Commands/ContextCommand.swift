import ArgumentParser

/// A command that runs in a context rather than in the process alone.
protocol ContextCommand: AsyncParsableCommand {
    /// Does the command's work and says all there is to say.
    func run(_ context: ProgramContext) async -> ExitStatus
}
