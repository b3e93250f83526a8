import AuditArchive
import CivilTime

/// A command's surroundings. Tests have their own.
struct ProgramContext: Sendable {
    /// Environment variables.
    var environment: [String: String]
    /// Files.
    var fileSystem: any FileSystem
    /// The time.
    var clock: any TimeSource
    /// Standard output: the result, nothing else.
    var output: any TextOutput
    /// Standard error: everything else.
    var errors: any TextOutput
    /// What standard error is connected to.
    var style: Messages.Style
    /// What standard output is connected to.
    var outputStyle = OutputStyle()

    /// The surroundings of this process. Colour is for terminals only, and not with `NO_COLOR` (no-color.org).
    static func process() -> ProgramContext {
        let environment = PosixProcess.environment
        let isTerminal = PosixProcess.isErrorTerminal
        let isDumb = environment["TERM"] == "dumb"
        return ProgramContext(
            environment: environment, fileSystem: PosixFileSystem(), clock: SystemClock(),
            output: DescriptorOutput.standardOutput, errors: DescriptorOutput.standardError,
            style: Messages.Style(
                isTerminal: isTerminal && !isDumb,
                hasColor: isTerminal && !isDumb && (environment["NO_COLOR"] ?? "").isEmpty,
                width: isTerminal ? PosixProcess.terminalWidth : 80),
            outputStyle: OutputStyle(environment, isTerminal: PosixProcess.isOutputTerminal))
    }
}
