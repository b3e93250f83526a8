import ArgumentParser
@testable import ExportCLI
import Testing

/// All commands below one, by the words that call them.
private func commands(below command: any ParsableCommand.Type, _ path: [String] = []) -> [[String]] {
    command.configuration.subcommands.flatMap { next in
        let words = path + [next.configuration.commandName ?? ""]
        return [words] + commands(below: next, words)
    }
}

@Suite("The help")
struct HelpTests {
    private func help(_ arguments: String...) async -> String { await help(arguments) }

    private func help(_ arguments: [String]) async -> String {
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
        for command in [
            "sync", "check", "verify", "status", "reconcile", "rebuild", "compact", "prune", "show", "report", "attest",
            "schema"
        ] {
            #expect(text.contains("  \(command)  "))
        }
        #expect(text.contains("EXAMPLES"))
    }

    @Test(
        "is there for each command, by flag and by name, with an example",
        arguments: commands(below: ExportCommand.self))
    func commandHelp(words: [String]) async {
        let text = await help(words + ["--help"])
        #expect(text.contains("EXAMPLE"))
        #expect(await help(["help"] + words) == text)
        // The generator of manual pages drops other characters.
        #expect(text.allSatisfy { $0.isASCII })
    }

    @Test(
        "is refused for a command that does not exist",
        arguments: [
            ["help", "bogus"], ["help", "sync", "bogus"], ["help", "Sync"], ["help", "bogus", "--quiet"], ["help", ""],
            ["help", "evidence", "bogus"], ["help", "evidence", "sign", "bogus"], ["help", "help", "bogus"]
        ])
    func unknownCommand(arguments: [String]) async {
        let program = TestProgram()
        #expect(await program.run(arguments) == .usage)
        #expect(program.output.text.isEmpty)
        #expect(program.errors.text.contains("is no command"))
        #expect(program.errors.text.contains("Usage: captivateiq-export"))
    }

    @Test("of the program is the same in all ways to ask for it")
    func root() async {
        let text = await help(["--help"])
        #expect(await help(["help"]) == text)
        #expect(await help(["help", "--help"]).contains("USAGE"))
        #expect(text.allSatisfy { $0.isASCII })
    }
}
