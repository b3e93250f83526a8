/// Everything that can be set, by the one name it has in all places.
package enum Setting: String, CaseIterable, Sendable {
    case archive
    case apiToken = "api_token"
    case apiTokenFile = "api_token_file"
    case backfillStartTime = "backfill_start_time"
    case lookback
    case baseURL = "base_url"
    case requestsPerSecond = "requests_per_second"
    case requestsPerHour = "requests_per_hour"
    case rateTier = "rate_tier"
    case pageSize = "page_size"
    case concurrency
    case maxDuration = "max_duration"
    case compressionLevel = "compression_level"
    case maxPartSize = "max_part_size"
    case connectTimeout = "connect_timeout"
    case responseTimeout = "response_timeout"
    case maxResponseSize = "max_response_size"
    case caFile = "ca_file"
    case httpsProxy = "https_proxy"
    case noProxy = "no_proxy"
    case logLevel = "log_level"
    case logFormat = "log_format"
    case json
    case quiet
    case config

    /// The key in a configuration file, such as `page_size`.
    package var name: String { rawValue }

    /// The environment variable, such as `CAPTIVATEIQ_PAGE_SIZE`.
    package var environmentName: String { Self.environmentPrefix + rawValue.uppercased() }

    /// The flag, such as `--page-size`; nil for what must not be seen in a list of processes.
    package var flag: String? { self == .apiToken ? nil : "--" + flagName }

    /// The flag without its dashes.
    package var flagName: String { String(rawValue.map { $0 == "_" ? "-" : $0 }) }

    /// Whether a configuration file may have it: all but the file's own name.
    package var isFileKey: Bool { self != .config }

    /// Whether a message may never show its value: tokens, and proxies with passwords.
    package var isSecret: Bool { self == .apiToken || self == .httpsProxy }

    /// The variables that other programs know too, looked at after this program's own.
    package var commonEnvironmentNames: [String] {
        switch self {
        case .httpsProxy: ["https_proxy", "HTTPS_PROXY"]
        case .noProxy: ["no_proxy", "NO_PROXY"]
        default: []
        }
    }

    /// What all of this program's environment variables begin with.
    package static let environmentPrefix = "CAPTIVATEIQ_"
}
