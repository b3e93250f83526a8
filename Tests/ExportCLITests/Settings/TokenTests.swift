import AuditSync
import CaptivateIQAPI
@testable import ExportCLI
import SystemPackage
import Testing
import TestSupport

@Suite("The token")
struct TokenTests {
    private func sent(_ flags: [String: String] = [:], _ environment: [String: String]) throws -> String {
        let all = ["CAPTIVATEIQ_ARCHIVE": "/a"].merging(environment) { $1 }
        return try readSync(flags: flags, environment: all, needs: false).token.authorizationHeaderValue()
    }

    @Test("is taken from the first place that has one")
    func places() async throws {
        try await withTemporaryDirectory { folder in
            let file = try write("  from-file\n", to: "\(folder)/t")
            let other = try write("from-other-file", to: "\(folder)/u")
            try write("from-systemd\n", to: "\(folder)/api_token")
            let key = try write("api_token: from-config\napi_token_file: \(other)\n", to: "\(folder)/key.yaml")
            let path = try write("api_token_file: \(other)\n", to: "\(folder)/path.yaml")
            var environment = ["CREDENTIALS_DIRECTORY": folder]
            #expect(try sent([:], environment) == "Token from-systemd")
            #expect(try sent(["config": path], environment) == "Token from-other-file")
            #expect(try sent(["config": key], environment) == "Token from-config")
            environment["CAPTIVATEIQ_API_TOKEN_FILE"] = file
            #expect(try sent(["config": key], environment) == "Token from-file")
            environment["CAPTIVATEIQ_API_TOKEN"] = " from-environment "
            #expect(try sent(["config": key], environment) == "Token from-environment")
            #expect(try sent(["config": key, "api_token_file": other], environment) == "Token from-other-file")
        }
    }

    @Test("is missing when no place has it")
    func missing() {
        let found = problems(environment: ["CAPTIVATEIQ_ARCHIVE": "/a", "CREDENTIALS_DIRECTORY": "/none"], needs: false)
        #expect(found.map(\.name) == ["api_token"])
        #expect(found.first?.description.contains("CAPTIVATEIQ_API_TOKEN") == true)
    }

    @Test(
        "is refused without being shown",
        arguments: ["two \(secret)", "\(secret)\n\(secret)", "\(secret)é", "\u{1}\(secret)"])
    func unusable(token: String) async throws {
        try await withTemporaryDirectory { folder in
            let file = try write(token, to: "\(folder)/t")
            for environment in [["CAPTIVATEIQ_API_TOKEN": token], ["CAPTIVATEIQ_API_TOKEN_FILE": file]] {
                let all = environment.merging(["CAPTIVATEIQ_ARCHIVE": "/a"]) { $1 }
                let found = problems(environment: all, needs: false)
                #expect(found.map(\.name) == ["api_token"])
                #expect(found.first?.place == environment.keys.first.map { "environment variable \($0)" })
                #expect(!"\(found)".contains(secret))
            }
        }
    }

    @Test("given in place of its file's path is not shown either")
    func tokenAsPath() {
        for value in [secret, "/dev/null/\(secret)"] {
            let found = problems(environment: ["CAPTIVATEIQ_API_TOKEN": "", "CAPTIVATEIQ_API_TOKEN_FILE": value])
            #expect(found.map(\.name) == ["api_token_file"])
            #expect(!"\(found)".contains(secret))
        }
    }

    @Test("in a file that everybody may read gets a warning")
    func openFile() async throws {
        let open: FilePermissions = [.ownerRead, .ownerWrite, .otherRead]
        try await withTemporaryDirectory { folder in
            let loose = try write("abc", to: "\(folder)/loose", permissions: open)
            let tight = try write("abc", to: "\(folder)/tight")
            let config = try write("api_token: abc\n", to: "\(folder)/c.yaml", permissions: open)
            let harmless = try write("page_size: 5\n", to: "\(folder)/d.yaml", permissions: open)
            let cleared = ["CAPTIVATEIQ_API_TOKEN": ""]
            #expect(try readSync(flags: ["api_token_file": loose]).warnings.count == 1)
            #expect(try readSync(flags: ["api_token_file": tight]).warnings.isEmpty)
            #expect(try readSync(flags: ["config": config], environment: cleared).warnings.count == 1)
            #expect(try readSync(flags: ["config": harmless]).warnings.isEmpty)
        }
    }

    @Test("leaves no trace in what the settings print as")
    func description() throws {
        let settings = try readSync()
        #expect(!"\(settings)".contains(secret))
        #expect(!String(reflecting: settings).contains(secret))
        var text = ""
        dump(settings, to: &text)
        #expect(!text.contains(secret))
    }
}
