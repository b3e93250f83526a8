import AuditSync
@testable import ExportCLI
import Foundation
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
        ("max_part_size", ["1023B", "1 XB", "-1", "1048576"]),
        ("max_response_size", ["65535B", "2147483649B", "9999999TiB", "-1", "1 XB", "65536", ""]),
        ("lookback", ["-1h", "soon", "24", "59m", "0", ""]),
        ("max_duration", ["0", "-1", "forever"]),
        ("connect_timeout", ["0s", "x"]),
        ("response_timeout", ["0", "x"]),
        ("backfill_start_time", ["2025-02-30", "yesterday", "2025-01-01T00:00:00", "01/02/2025", "2026-11-24"]),
        ("create", ["maybe"]),
        ("base_url", ["http://example.com", "ftp://x", "https://u:p@h", "https://h?q", ""]),
        ("https_proxy", ["socks5://p:1", "http://", "http://p:99999"]),
        ("log_level", ["loud"]),
        ("log_format", ["xml"]),
        ("json", ["maybe"]),
        ("quiet", ["2"]),
        ("archive", [""]),
        ("ca_file", [""]),
        ("metrics_file", [""]),
        ("ping_url", ["http://example.com/x", "ftp://x", "hc-ping.com/x", "https://u:p@h/x", "https://h/x?y", ""])
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

    @Test(
        "refuse files in the archive, also by way of a link",
        arguments: ["signing_key_file", "api_token_file", "metrics_file"])
    func inArchive(name: String) async throws {
        try await withTemporaryDirectory { folder in
            let archive = "\(folder)/archive"
            try FileManager.default.createDirectory(atPath: archive, withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: archive)
            for place in ["\(archive)/file", "\(folder)/link/file", "\(archive)/../archive/file"] {
                _ = try write("x", to: place)
                let found = problems(flags: [name: place, "archive": archive])
                #expect(found.map(\.name) == [name] && found[0].hint.contains("must not be in the archive"), "\(found)")
            }
        }
    }

    @Test("say what is allowed")
    func allowed() {
        #expect(
            problems(flags: ["page_size": "5000"]).first?.description
                == #"page_size cannot be "5000" (flag --page-size): it has to be a whole number from 1 to 1000"#)
    }

    @Test(
        "suggest the unit that was left out",
        arguments: [
            ("lookback", "24", "it has no unit; did you mean 24h?"),
            ("max_duration", "90", "it has no unit; did you mean 90s?"),
            ("max_part_size", "64", "it has no unit; did you mean 64MiB?"),
            ("max_part_size", "67108864", "it has no unit; did you mean 64MiB?"),
            ("max_response_size", "100000", "it has no unit; did you mean 100000B?")
        ])
    func units(name: String, value: String, hint: String) {
        #expect(problems(flags: [name: value]).map(\.hint) == [hint])
    }

    @Test(
        "refuse a start that is yet to come, and not one that is now",
        arguments: ["2026-11-23T12:00:00.000001Z", "2027-01-01"])
    func futureStart(value: String) throws {
        #expect(
            problems(flags: ["backfill_start_time": value]).first?.hint.contains("must not be in the future") == true)
        #expect(
            try readSync(flags: ["backfill_start_time": "2026-11-23T12:00:00Z"]).sync.backfillStart == SettledClock.noon
        )
    }

    @Test(
        "name an unknown variable before anything else, with what is near to it",
        arguments: [
            ("CAPTIVATEIQ_ARCHVE", "did you mean CAPTIVATEIQ_ARCHIVE?"),
            ("CAPTIVATEIQ_TOKEN", "did you mean CAPTIVATEIQ_API_TOKEN?"),
            ("CAPTIVATEIQ_API_TOKN", "did you mean CAPTIVATEIQ_API_TOKEN?"),
            ("CAPTIVATEIQ_API_TOKENFILE", "did you mean CAPTIVATEIQ_API_TOKEN_FILE?"),
            ("CAPTIVATEIQ_XYZZY", "unset it or correct its name"), ("CAPTIVATEIQ_", "unset it or correct its name")
        ])
    func unknownVariables(name: String, hint: String) {
        for needs in [true, false] {
            let first = problems(environment: [name: secret], needs: needs).first
            #expect(first?.name == name && first?.hint.hasPrefix(hint) == true, "\(first.map { "\($0)" } ?? "none")")
            #expect(!"\(first.map { "\($0)" } ?? "")".contains(secret))
        }
        let unreadable = problems(flags: ["config": "/nonexistent"], environment: [name: "x"])
        #expect(unreadable.map(\.name) == [name, "config"])
    }

    @Test("pass over the variables that Kubernetes makes of a service's name, and empty ones")
    func foreignVariables() {
        let foreign = ["CAPTIVATEIQ_EXPORT_SERVICE_HOST": "10.0.0.1", "CAPTIVATEIQ_ARCHVE": "", "CAPTIVATE": "x"]
        #expect(problems(environment: foreign).isEmpty)
    }

    @Test("show control characters escaped and long values cut")
    func hostileValue() {
        let text = problems(flags: ["rate_tier": "\u{1B}[2J" + String(repeating: "x", count: 500)]).map(\.description)
        #expect(text.joined().contains(#""\u001b[2Jxxx"#))
        #expect(text.joined().count < 300)
    }
}
