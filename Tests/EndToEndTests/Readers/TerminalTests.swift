import TestSupport
import Testing

extension EndToEnd {
    @Suite("A terminal")
    struct TerminalTests {
        @Test("of 40, 80 and 120 columns shows what the catalog shows, and no line is broken by it")
        func pictures() async throws {
            let runner = CommandRunner(directory: Places.repository, environment: Places.environment)
            let outcome = try await runner.run(
                "python3", "-B", "Tests/Checker/terminal_pictures.py", Places.exporter, Places.simulator,
                "Sources/ExportCLI/Documentation.docc/InATerminal.md")
            #expect(outcome.exitCode == 0, "\(outcome.everything)")
        }
    }
}
