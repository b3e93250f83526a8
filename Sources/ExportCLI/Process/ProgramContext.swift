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
    var outputStyle = Messages.Style(isTerminal: false, hasColor: false)

    /// The surroundings of this process. Colour is for terminals only, and not with `NO_COLOR` (no-color.org).
    static func process() -> ProgramContext {
        let environment = PosixProcess.environment
        return ProgramContext(
            environment: environment, fileSystem: PosixFileSystem(), clock: SystemClock(),
            output: DescriptorOutput.standardOutput, errors: DescriptorOutput.standardError,
            style: style(width: PosixProcess.errorTerminalWidth, environment),
            outputStyle: style(width: PosixProcess.outputTerminalWidth, environment))
    }

    /// - Parameter width: nil where there is no terminal.
    private static func style(width: Int?, _ environment: [String: String]) -> Messages.Style {
        let isDumb = environment["TERM"] == "dumb"
        let isTerminal = width != nil && !isDumb
        return Messages.Style(
            isTerminal: isTerminal, hasColor: isTerminal && (environment["NO_COLOR"] ?? "").isEmpty, width: width ?? 80)
    }

    /// Whether the locale's characters are those of Unicode. The first variable that is set counts, as for every program.
    var isUnicodeLocale: Bool {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"]
        let locale = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
        let codeset = locale.lowercased().filter { $0 != "-" }
        return codeset.contains("utf8")
    }
}
