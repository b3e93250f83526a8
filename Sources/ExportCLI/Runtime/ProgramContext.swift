package import AuditArchive
import CaptivateIQAPI
package import CivilTime

/// What a command finds around it, so that tests can have their own.
package struct ProgramContext: Sendable {
    /// Environment variables.
    package var environment: [String: String]
    /// Files.
    package var fileSystem: any FileSystem
    /// The time.
    package var clock: any TimeSource
    /// Standard output: the result, nothing else.
    package var output: any TextOutput
    /// Standard error: everything else.
    package var errors: any TextOutput
    /// What standard error is connected to.
    package var style: Messages.Style

    /// A context of these parts.
    package init(
        environment: [String: String], fileSystem: any FileSystem, clock: any TimeSource, output: any TextOutput,
        errors: any TextOutput, style: Messages.Style
    ) {
        self.environment = environment
        self.fileSystem = fileSystem
        self.clock = clock
        self.output = output
        self.errors = errors
        self.style = style
    }

    /// The process's own surroundings. Colour only on a terminal, and not against `NO_COLOR` (no-color.org).
    package static func process() -> ProgramContext {
        let environment = PosixProcess.environment
        let isTerminal = PosixProcess.isErrorTerminal
        let isDumb = environment["TERM"] == "dumb"
        return ProgramContext(
            environment: environment, fileSystem: PosixFileSystem(), clock: SystemClock(),
            output: DescriptorOutput.standardOutput, errors: DescriptorOutput.standardError,
            style: Messages.Style(
                isTerminal: isTerminal && !isDumb,
                hasColor: isTerminal && !isDumb && (environment["NO_COLOR"] ?? "").isEmpty,
                width: isTerminal ? PosixProcess.terminalWidth : 80))
    }
}
