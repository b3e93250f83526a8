import AuditSync
import CaptivateIQAPI
@testable import ExportCLI
import Logging
import SystemPackage
import Testing

/// One setting with a value for each place, and how to see which of them won.
struct SettingCase: Sendable, CustomTestStringConvertible {
    /// The setting's name.
    let setting: String
    let flag: String
    let environment: String
    let file: String
    /// What the default looks like to `shown`.
    let defaultValue: String
    /// What a value's text looks like to `shown`; the text itself unless given.
    var looks: @Sendable (String) -> String = { $0 }
    let shown: @Sendable (SyncConfiguration) -> String

    var testDescription: String { setting }

    /// Its environment variable.
    var environmentName: String { "CAPTIVATEIQ_\(setting.uppercased())" }

    static let all: [SettingCase] = fetching + limits + connection + monitoring + speaking

    private static let fetching: [SettingCase] = [
        SettingCase(
            setting: "backfill_start_time", flag: "2025-01-01", environment: "2025-02-01", file: "2025-03-01T00:00:00Z",
            defaultValue: "nil", looks: { "\($0.prefix(10))T00:00:00.000000Z" }
        ) { $0.sync.backfillStart.map { "\($0)" } ?? "nil" },
        SettingCase(setting: "lookback", flag: "1h", environment: "2h", file: "3h", defaultValue: "1d") {
            DurationFormat.text(of: $0.sync.lookback)
        },
        SettingCase(setting: "max_duration", flag: "1h", environment: "2h", file: "3h", defaultValue: "nil") {
            $0.maximumDuration.map { DurationFormat.text(of: $0) } ?? "nil"
        },
        SettingCase(setting: "compression_level", flag: "1", environment: "2", file: "3", defaultValue: "6") {
            "\($0.storing.compressionLevel)"
        },
        SettingCase(setting: "max_part_size", flag: "2KiB", environment: "4KiB", file: "8KiB", defaultValue: "64MiB") {
            SizeFormat.text(of: $0.storing.maximumPartSize)
        },
        SettingCase(setting: "create", flag: "false", environment: "true", file: "false", defaultValue: "true") {
            "\($0.creates)"
        },
        SettingCase(setting: "retire_after", flag: "1h", environment: "2h", file: "3h", defaultValue: "1d") {
            DurationFormat.text(of: $0.storing.retireAfter)
        },
        SettingCase(setting: "compact", flag: "closed", environment: "off", file: "closed", defaultValue: "off") {
            $0.sync.compactsClosedDays ? "closed" : "off"
        }
    ]

    private static let limits: [SettingCase] = [
        SettingCase(
            setting: "rate_tier", flag: "enterprise", environment: "standard", file: "enterprise",
            defaultValue: "5 1500",
            looks: { $0 == "enterprise" ? "15 6000" : "5 1500" }
        ) { "\($0.api.requestsPerSecond) \($0.api.requestsPerHour)" },
        SettingCase(setting: "requests_per_second", flag: "1", environment: "2", file: "3", defaultValue: "5") {
            "\($0.api.requestsPerSecond)"
        },
        SettingCase(setting: "requests_per_hour", flag: "100", environment: "200", file: "300", defaultValue: "1500") {
            "\($0.api.requestsPerHour)"
        },
        SettingCase(setting: "page_size", flag: "1", environment: "2", file: "3", defaultValue: "1000") {
            "\($0.sync.pageSize)"
        },
        SettingCase(setting: "concurrency", flag: "1", environment: "2", file: "3", defaultValue: "8") {
            "\($0.sync.concurrency)"
        }
    ]

    private static let connection: [SettingCase] = [
        SettingCase(
            setting: "base_url", flag: "https://a.test", environment: "https://b.test", file: "https://c.test",
            defaultValue: "https://api.captivateiq.com"
        ) { "\($0.api.baseURL)" },
        SettingCase(setting: "connect_timeout", flag: "1s", environment: "2s", file: "3s", defaultValue: "10s") {
            DurationFormat.text(of: $0.transport.connectTimeout)
        },
        SettingCase(setting: "response_timeout", flag: "1s", environment: "2s", file: "3s", defaultValue: "1m") {
            DurationFormat.text(of: $0.transport.responseTimeout)
        },
        SettingCase(
            setting: "max_response_size", flag: "64KiB", environment: "128KiB", file: "2GiB", defaultValue: "1GiB"
        ) { SizeFormat.text(of: $0.transport.maximumBodySize) },
        SettingCase(setting: "ca_file", flag: "/a.pem", environment: "/b.pem", file: "/c.pem", defaultValue: "nil") {
            $0.transport.caFile?.string ?? "nil"
        },
        SettingCase(
            setting: "https_proxy", flag: "http://a:1", environment: "http://b:2", file: "http://c:3",
            defaultValue: "nil", looks: { String($0.dropFirst(7)) }
        ) { $0.transport.proxy.map { "\($0)" } ?? "nil" },
        SettingCase(
            setting: "no_proxy", flag: "a.test", environment: "b.test", file: "c.test", defaultValue: "none"
        ) { settings in
            ["a.test", "b.test", "c.test"].first { settings.transport.noProxy.bypass(host: $0, port: 443) } ?? "none"
        }
    ]

    private static let monitoring: [SettingCase] = [
        SettingCase(
            setting: "metrics_file", flag: "/a.prom", environment: "/b.prom", file: "/c.prom", defaultValue: "nil"
        ) { $0.metricsFile?.string ?? "nil" },
        SettingCase(
            setting: "ping_url", flag: "https://a.test/x", environment: "https://b.test/x",
            file: "http://127.0.0.1:8/x",
            defaultValue: "nil"
        ) { $0.pingURL?.base.text ?? "nil" }
    ]

    private static let speaking: [SettingCase] = [
        SettingCase(setting: "archive", flag: "/f", environment: "/e", file: "/c", defaultValue: "/a") {
            $0.common.archive.string
        },
        SettingCase(setting: "log_level", flag: "debug", environment: "info", file: "error", defaultValue: "notice") {
            $0.common.output.logLevel.rawValue
        },
        SettingCase(setting: "log_format", flag: "json", environment: "text", file: "json", defaultValue: "text") {
            $0.common.output.logFormat.rawValue
        },
        SettingCase(setting: "json", flag: "true", environment: "false", file: "true", defaultValue: "false") {
            "\($0.common.output.json)"
        },
        SettingCase(setting: "quiet", flag: "true", environment: "false", file: "true", defaultValue: "false") {
            "\($0.common.output.quiet)"
        }
    ]
}
