import ArgumentParser
import Testing

@testable import ExportCLI

@Suite("Flags")
struct SettingFlagsTests {
    /// The flags that take a value and those that do not, with what is read of them.
    private static let given: [(arguments: [String], name: String, value: String)] = SettingTable.all.flatMap {
        setting -> [(arguments: [String], name: String, value: String)] in
        let flag = "--\(setting.flagName)"
        switch setting.form {
        case .option: return [([flag, "x y"], setting.name, "x y"), (["\(flag)=-y"], setting.name, "-y")]
        case .toggle: return [([flag], setting.name, "true"), (["--no-\(setting.flagName)"], setting.name, "false")]
        case .refused: return []
        }
    }

    @Test("of sync are those of all settings", arguments: given)
    func sync(arguments: [String], name: String, value: String) throws {
        #expect(try #require(ExportCommand.parseAsRoot(["sync"] + arguments) as? SyncCommand).flags == [name: value])
    }

    @Test("that are not given have no value")
    func none() throws {
        #expect(try #require(ExportCommand.parseAsRoot(["sync"]) as? SyncCommand).flags.isEmpty)
    }

    @Test("count the last time they are given")
    func last() throws {
        let command = try ExportCommand.parseAsRoot(["sync", "--page-size", "1", "--page-size=2", "--json", "--no-json"]
        )
        #expect(try #require(command as? SyncCommand).flags == ["page_size": "2", "json": "false"])
    }

    @Test("have names that no other has, and defaults that they take themselves")
    func declarations() throws {
        let names = SettingTable.all.map(\.name)
        #expect(Set(names).count == names.count)
        for setting in SettingTable.all {
            guard let text = setting.defaultText else { continue }
            #expect(problems(flags: [setting.name: text]).isEmpty, "\(setting.name)")
        }
    }
}
