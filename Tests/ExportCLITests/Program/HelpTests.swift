@testable import ExportCLI
import Testing

@Suite("The help")
struct HelpTests {
    private func help(_ arguments: String...) async -> String {
        let program = TestProgram()
        #expect(await program.run(arguments) == .done)
        return program.output.text
    }

    @Test("of sync names every setting's flag, variables and default", arguments: SettingTable.all)
    func settings(setting: Setting) async {
        // Lines are wrapped, so that white space does not count.
        let text = await help("sync", "--help").filter { !$0.isWhitespace }
        if let flag = setting.flag { #expect(text.contains(flag)) }
        for name in setting.environmentNames { #expect(text.contains(name)) }
        if let value = setting.defaultText { #expect(text.contains("(default:\(value))")) }
    }

    @Test("has no flag for the token")
    func token() async {
        #expect(await !help("sync", "--help").contains("--api-token "))
    }

    @Test("names every exit code and command")
    func overview() async {
        let text = await help("--help")
        for status in ExitStatus.allCases { #expect(text.contains("\n  \(status.rawValue) ")) }
        for command in ["sync", "verify", "status", "reconcile", "rebuild", "show", "report"] {
            #expect(text.contains("  \(command)  "))
        }
        #expect(text.contains("EXAMPLES"))
    }

    @Test(
        "is there for each command, by flag and by name",
        arguments: ["sync", "verify", "status", "reconcile", "rebuild", "show", "report"])
    func commands(command: String) async {
        let text = await help(command, "--help")
        #expect(text.contains("EXAMPLE"))
        #expect(await help("help", command) == text)
    }
}
