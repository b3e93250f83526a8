import AuditArchive
@testable import ExportCLI
import SystemPackage

/// The program run in a context of the test's own, on the real file system.
struct TestProgram {
    var environment: [String: String] = [:]
    var output = Collector()
    var errors = Collector()
    var style = Messages.Style(isTerminal: false, hasColor: false)

    func run(_ arguments: String...) async -> ExitStatus { await run(arguments) }

    func run(_ arguments: [String]) async -> ExitStatus {
        await ExportProgram.run(
            arguments,
            ProgramContext(
                environment: environment, fileSystem: PosixFileSystem(), clock: SettledClock(), output: output,
                errors: errors, style: style))
    }
}
