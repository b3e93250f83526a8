import ExportCLI
import SystemPackage
import TestSupport
import Testing

@Suite("Wrong settings")
struct SettingsErrorTests {
    static let wrongValues: [(Setting, [String])] = [
        (.pageSize, ["0", "1001", "-1", "x", "1.5", ""]),
        (.concurrency, ["0", "65", "many"]),
        (.compressionLevel, ["0", "10"]),
        (.requestsPerSecond, ["0", "1001", "-5"]),
        (.requestsPerHour, ["0", "1000001"]),
        (.rateTier, ["gold", ""]),
        (.maxPartSize, ["1023", "1 XB", "-1"]),
        (.maxResponseSize, ["65535", "2147483649", "9999999TiB", "-1", "1 XB", ""]),
        (.lookback, ["-1h", "soon", ""]),
        (.maxDuration, ["0", "-1", "forever"]),
        (.connectTimeout, ["0s", "x"]),
        (.responseTimeout, ["0", "x"]),
        (.backfillStartTime, ["2025-02-30", "yesterday", "2025-01-01T00:00:00", "01/02/2025"]),
        (.baseURL, ["http://example.com", "ftp://x", "https://u:p@h", "https://h?q", ""]),
        (.httpsProxy, ["socks5://p:1", "http://", "http://p:99999"]),
        (.logLevel, ["loud"]),
        (.logFormat, ["xml"]),
        (.json, ["maybe"]),
        (.quiet, ["2"]),
        (.archive, [""]),
        (.caFile, [""])
    ]

    @Test("are refused with their name, place and value", arguments: wrongValues)
    func flags(setting: Setting, values: [String]) {
        for value in values {
            let found = problems(flags: [setting: value])
            #expect(found.count == 1, "\(setting.name) = \(value)")
            let text = found.map(\.description).joined()
            #expect(text.hasPrefix(setting.name))
            #expect(text.contains("(flag \(setting.flag ?? "?"))"))
            let isShown = !setting.isSecret && !value.contains("@")
            #expect(text.contains("\"\(value)\"") == isShown)
        }
    }

    @Test("name the environment variable they came from", arguments: wrongValues)
    func environment(setting: Setting, values: [String]) {
        for value in values where !value.isEmpty {
            let text = problems(environment: [setting.environmentName: value]).map(\.description).joined()
            #expect(text.contains("(environment variable \(setting.environmentName))"))
        }
    }

    @Test("name the key and the file they came from", arguments: wrongValues)
    func file(setting: Setting, values: [String]) async throws {
        try await withTemporaryDirectory { folder in
            for value in values where !value.isEmpty {
                let path = try write("{\"\(setting.name)\": \"\(value)\"}", to: "\(folder)/c.json")
                let text = problems(flags: [.config: path]).map(\.description).joined()
                #expect(text.contains("(key \(setting.name) in \(path))"), "\(value)")
            }
        }
    }

    @Test("are all told at once, missing ones too")
    func together() {
        let found = problems(flags: [.pageSize: "0", .lookback: "x"], needs: false)
        #expect(Set(found.map(\.name)) == ["archive", "api_token", "page_size", "lookback"])
    }

    @Test("say what is allowed")
    func allowed() {
        #expect(
            problems(flags: [.pageSize: "5000"]).first?.description
                == #"page_size cannot be "5000" (flag --page-size): it has to be a whole number from 1 to 1000"#)
    }

    @Test("show control characters escaped and long values cut")
    func hostileValue() {
        let text = problems(flags: [.rateTier: "\u{1B}[2J" + String(repeating: "x", count: 500)]).map(\.description)
        #expect(text.joined().contains(#""\u001b[2Jxxx"#))
        #expect(text.joined().count < 300)
    }
}
