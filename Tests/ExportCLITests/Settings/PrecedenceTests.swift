import AuditSync
import CaptivateIQAPI
@testable import ExportCLI
import SystemPackage
import Testing
import TestSupport

@Suite("Precedence of flag, environment, file, default")
struct PrecedenceTests {
    @Test("has a case for every setting but the secrets of files, which have their own tests")
    func complete() {
        let covered = Set(SettingCase.all.map(\.setting))
        #expect(
            Set(SettingTable.all.map(\.name)).subtracting(covered) == [
                "api_token", "api_token_file", "config", "signing_key_file"
            ])
    }

    @Test("holds for every setting", arguments: SettingCase.all)
    func order(_ item: SettingCase) async throws {
        try await withTemporaryDirectory { folder in
            let yaml = try write("\(item.setting): \(item.file)\n", to: "\(folder)/c.yaml")
            let json = try write("{\"\(item.setting)\": \"\(item.file)\"}", to: "\(folder)/c.json")
            // The archive is always needed, so that its default is what every case here is given.
            let needed = item.setting == "archive" ? [item.environmentName: ""] : [:]
            for config in [yaml, json] {
                let file = ["config": config]
                let variable = [item.environmentName: item.environment]
                let flag = file.merging([item.setting: item.flag]) { $1 }
                #expect(item.shown(try readSync(flags: flag, environment: variable)) == item.looks(item.flag))
                #expect(item.shown(try readSync(flags: file, environment: variable)) == item.looks(item.environment))
                #expect(item.shown(try readSync(flags: file, environment: needed)) == item.looks(item.file))
            }
            #expect(item.shown(try readSync()) == item.defaultValue)
        }
    }

    @Test("lets an explicit limit win over the tier, whichever place has it")
    func limits() throws {
        let settings = try readSync(
            flags: ["rate_tier": "enterprise"], environment: ["CAPTIVATEIQ_REQUESTS_PER_HOUR": "77"])
        #expect(settings.api.requestsPerSecond == 15)
        #expect(settings.api.requestsPerHour == 77)
    }

    @Test(
        "knows the variables that other programs use too",
        arguments: [
            (["HTTPS_PROXY": "http://p:1"], "p:1"),
            (["HTTPS_PROXY": "http://p:1", "https_proxy": "http://q:2"], "q:2"),
            (["https_proxy": "", "HTTPS_PROXY": "p"], "p:80"),
            (["https_proxy": "q", "CAPTIVATEIQ_HTTPS_PROXY": "r:3"], "r:3")
        ])
    func proxies(environment: [String: String], expected: String) throws {
        #expect(try readSync(environment: environment).transport.proxy?.description == expected)
    }

    @Test("takes the configuration file's name from the environment too")
    func configuration() async throws {
        try await withTemporaryDirectory { folder in
            let path = try write("page_size: 7\n", to: "\(folder)/settings")
            #expect(try readSync(environment: ["CAPTIVATEIQ_CONFIG": path]).sync.pageSize == 7)
        }
    }

    @Test("takes an empty variable for one that is not set")
    func emptyVariable() throws {
        #expect(try readSync(environment: ["CAPTIVATEIQ_PAGE_SIZE": ""]).sync.pageSize == 1000)
    }
}
