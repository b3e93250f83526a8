import ArgumentParser
import Glibc

/// The program.
package enum ExportProgram {
    /// Its version, also in manifests and in the `User-Agent` header.
    static let version = "0.1.0"

    /// Program and version, for manifests.
    static let writer = "captivateiq-export \(version)"

    /// Runs the process's command line and ends the process.
    package static func main() async -> Never {
        PosixProcess.prepare()
        let status = await run(PosixProcess.arguments, .process())
        exit(status.rawValue)
    }

    /// Runs a command line, without the program's name.
    static func run(_ arguments: [String], _ context: ProgramContext) async -> ExitStatus {
        do {
            var command = try ExportCommand.parseAsRoot(arguments)
            if let command = command as? any ContextCommand { return await command.run(context) }
            // The parser's own commands: help and completion scripts.
            try command.run()
            return .done
        } catch {
            return finish(error, arguments, context)
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
