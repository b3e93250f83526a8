import ArgumentParser
import Glibc

/// The program.
package enum ExportProgram {
    /// Its version, also in manifests and in the `User-Agent` header.
    static let version = "0.2.0"

    /// Program, version and commit, for manifests.
    static let writer = BuildInfo.current.writer

    /// Runs the process's command line and ends the process. It is no asynchronous function, for the first descriptor that the
    /// queues open would get the number of a closed standard output.
    package static func main() -> Never {
        PosixProcess.prepare()
        let arguments = PosixProcess.arguments
        if let shortage = ProcessLimits.shortage(.start(processors: PosixProcess.processorCount)) {
            end(shortage, asJSON: arguments.contains("--json"))
        }
        Task { exit(await run(arguments, .process()).rawValue) }
        // Not by `dispatchMain`, which ends this thread: glibc needs libgcc_s.so.1 for that, which not every system has.
        // Signals end the process here until they are watched, also where whoever started it had blocked them.
        var none = sigset_t()
        sigemptyset(&none)
        while true { sigsuspend(&none) }
    }

    /// Ends the process before anything has begun, without the threads that anything else would need.
    private static func end(_ failure: Failure, asJSON: Bool) -> Never {
        // The exit code says the same where the texts cannot be written.
        if asJSON { try? DescriptorOutput.standardOutput.write(failure.json) }
        try? DescriptorOutput.standardError.write(failure.text)
        exit(failure.status.rawValue)
    }

    /// Runs a command line, without the program's name.
    static func run(_ arguments: [String], _ context: ProgramContext) async -> ExitStatus {
        do {
            try checkHelp(arguments)
            var command = try ExportCommand.parseAsRoot(arguments)
            if let command = command as? any ContextCommand { return await command.run(context) }
            // The parser's own commands: help and completion scripts.
            try command.run()
            return .done
        } catch {
            return finish(error, arguments, context)
        }
    }

    /// Checks that all commands that `help COMMAND` names exist. The parser shows the program's own help for one that it
    /// does not know, which a script takes for success.
    private static func checkHelp(_ arguments: [String]) throws {
        guard arguments.first == "help" else { return }
        var command: any ParsableCommand.Type = ExportCommand.self
        for name in arguments.dropFirst().prefix(while: { !$0.hasPrefix("-") }) {
            let commands = command.configuration.subcommands
            guard let next = commands.first(where: { $0.configuration.commandName == name }) else {
                let known = commands.compactMap { $0.configuration.commandName }.joined(separator: ", ")
                throw ValidationError("'\(name)' is no command\(known.isEmpty ? "" : "; there are \(known)").")
            }
            command = next
        }
    }

    /// Writes what the parser threw. Help and version are results; all else is about a wrong command line.
    private static func finish(
        _ error: any Error, _ arguments: [String], _ context: ProgramContext
    ) -> ExitStatus {
        let isResult = ExportCommand.exitCode(for: error).isSuccess
        let text = ExportCommand.fullMessage(for: error) + "\n"
        // Settings cannot be read from a line that is wrong; the flag itself can be seen.
        if !isResult, arguments.contains("--json") {
            let failure = Failure(
                .usage, ExportCommand.message(for: error),
                hints: ["`captivateiq-export help` lists commands and flags."])
            try? context.output.write(failure.json)
        }
        // The exit code says the same where the text cannot be written.
        try? (isResult ? context.output : context.errors).write(text)
        return isResult ? .done : .usage
    }
}
