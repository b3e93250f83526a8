@testable import ExportCLI
import SystemPackage
import TestSupport
import Testing

@Suite("Wrong settings")
struct SettingsErrorTests {
    static let wrongValues: [(String, [String])] = [
        ("page_size", ["0", "1001", "-1", "x", "1.5", ""]),
        ("concurrency", ["0", "65", "many"]),
        ("compression_level", ["0", "10"]),
        ("requests_per_second", ["0", "1001", "-5"]),
        ("requests_per_hour", ["0", "1000001"]),
        ("rate_tier", ["gold", ""]),
        ("max_part_size", ["1023", "1 XB", "-1"]),
        ("max_response_size", ["65535", "2147483649", "9999999TiB", "-1", "1 XB", ""]),
        ("lookback", ["-1h", "soon", ""]),
        ("max_duration", ["0", "-1", "forever"]),
        ("connect_timeout", ["0s", "x"]),
        ("response_timeout", ["0", "x"]),
        ("backfill_start_time", ["2025-02-30", "yesterday", "2025-01-01T00:00:00", "01/02/2025"]),
        ("base_url", ["http://example.com", "ftp://x", "https://u:p@h", "https://h?q", ""]),
        ("https_proxy", ["socks5://p:1", "http://", "http://p:99999"]),
        ("log_level", ["loud"]),
        ("log_format", ["xml"]),
        ("json", ["maybe"]),
        ("quiet", ["2"]),
        ("archive", [""]),
        ("ca_file", [""])
    ]

    @Test("are refused with their name, place and value", arguments: wrongValues)
    func flags(name: String, values: [String]) throws {
        let setting = try #require(SettingTable.setting(name))
        for value in values {
            let found = problems(flags: [name: value])
            #expect(found.count == 1, "\(setting.name) = \(value)")
            let text = found.map(\.description).joined()
            #expect(text.hasPrefix(setting.name))
            #expect(text.contains("(flag \(setting.flag ?? "?"))"))
            let isShown = !setting.isSecret && !value.contains("@")
            #expect(text.contains("\"\(value)\"") == isShown)
        }
    }

    @Test("name the environment variable they came from", arguments: wrongValues)
    func environment(name: String, values: [String]) throws {
        let setting = try #require(SettingTable.setting(name))
        for value in values where !value.isEmpty {
            let text = problems(environment: [setting.environmentName: value]).map(\.description).joined()
            #expect(text.contains("(environment variable \(setting.environmentName))"))
        }
    }

    @Test("name the key and the file they came from", arguments: wrongValues)
    func file(name: String, values: [String]) async throws {
        try await withTemporaryDirectory { folder in
            for value in values where !value.isEmpty {
                let path = try write("{\"\(name)\": \"\(value)\"}", to: "\(folder)/c.json")
                let text = problems(flags: ["config": path]).map(\.description).joined()
                #expect(text.contains("(key \(name) in \(path))"), "\(value)")
            }
        }
    }

    @Test("are all told at once, missing ones too")
    func together() {
        let found = problems(flags: ["page_size": "0", "lookback": "x"], needs: false)
        #expect(Set(found.map(\.name)) == ["archive", "api_token", "page_size", "lookback"])
    }

    @Test("say what is allowed")
    func allowed() {
        #expect(
            problems(flags: ["page_size": "5000"]).first?.description
                == #"page_size cannot be "5000" (flag --page-size): it has to be a whole number from 1 to 1000"#)
    }

    @Test("show control characters escaped and long values cut")
    func hostileValue() {
        let text = problems(flags: ["rate_tier": "\u{1B}[2J" + String(repeating: "x", count: 500)]).map(\.description)
        #expect(text.joined().contains(#""\u001b[2Jxxx"#))
        #expect(text.joined().count < 300)
    }
}
