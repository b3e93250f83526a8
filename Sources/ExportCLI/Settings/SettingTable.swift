import CaptivateIQAPI
import Logging

/// Settings that a command takes together, under one title of its help. A setting is declared in one place: as a
/// property of its group. Its flag, its variable, its key and its help come from there.
protocol SettingGroup: Sendable {
    /// The title of the flags in the help; empty for none.
    static var title: String { get }

    /// The settings, in the order of their declaration: what ``declared()`` returns, kept.
    static var settings: [Setting] { get }

    init()
}

extension SettingGroup {
    /// Returns what the group's properties declare, in their order.
    static func declared() -> [Setting] {
        Mirror(reflecting: Self()).children.compactMap { ($0.value as? any AnySettingKey)?.setting }
    }
}

private protocol AnySettingKey {
    var setting: Setting { get }
}

extension SettingKey: AnySettingKey {}

/// Everything that can be set. A command takes the groups that it names as its flags.
enum SettingTable {
    static let common = Common()
    static let beginning = Beginning()
    static let keeping = Keeping()
    static let storing = Storing()
    static let limits = Limits()
    static let connection = Connection()
    static let signing = Signing()
    static let monitoring = Monitoring()

    /// All settings.
    static let all =
        Common.settings + Beginning.settings + Keeping.settings + Storing.settings + Limits.settings
        + Connection.settings + Signing.settings + Monitoring.settings

    /// The setting of this name.
    static func setting(_ name: String) -> Setting? { all.first { $0.name == name } }

    /// What every command needs to know.
    struct Common: SettingGroup {
        static let title = ""
        static let settings = declared()

        let archive = SettingKey("archive", .option("dir"), .path, "The archive's folder; made if absent.")
        let config = SettingKey(
            "config", .option("file"), .path, isFileKey: false, "A configuration file, JSON or YAML.")
        let logLevel = SettingKey<Logger.Level>(
            "log_level", .option("level"), .choice, default: .notice,
            "trace, debug, info, notice, warning, error or critical.")
        let logFormat = SettingKey<LogFormat>(
            "log_format", .option("format"), .choice, default: .text, "Lines on standard error as text or json.")
        let json = SettingKey(
            "json", .toggle, .toggle, default: false, "The result as one JSON object on standard output.")
        let quiet = SettingKey(
            "quiet", .toggle, .toggle, default: false, "Say nothing but what needs a person, each kind once in 24 h.")
    }

    /// Where a sync begins.
    struct Beginning: SettingGroup {
        static let title = Keeping.title
        static let settings = declared()

        let backfillStartTime = SettingKey(
            "backfill_start_time", .option("time"), .instant,
            "Fetch events from this moment on (RFC 3339, or YYYY-MM-DD in UTC). Without it the first sync fetches no "
                + "past events. Earlier than the archive's start: the gap is fetched. Later: ignored.")
        let create = SettingKey(
            "create", .toggle, .toggle, default: true,
            "Begin a new archive where the folder is missing or empty; an error (66) if off.")
    }

    /// How long to fetch, and how to keep it.
    struct Keeping: SettingGroup {
        static let title = "What to fetch, and how to keep it"
        static let settings = declared()

        let lookback = SettingKey(
            "lookback", .option("duration"), .duration(atLeast: .seconds(3600), unit: "h"), default: .seconds(86_400),
            "How far back every sync looks for late events, from where the last whole sync had seen to.")
        let maxDuration = SettingKey(
            "max_duration", .option("duration"), .duration(atLeast: .milliseconds(1)),
            "Stop cleanly after this long, progress kept (exit 75).")
        let compact = SettingKey<CompactionTime>(
            "compact", .option("when"), .choice, default: .off,
            "closed: merge the files of a day once it is closed, into one file a day; or off.")
    }

    /// How files are written and kept.
    struct Storing: SettingGroup {
        static let title = "How files are written and kept"
        static let settings = declared()

        let compressionLevel = SettingKey(
            "compression_level", .option("level"), .integer(1...9), default: 6,
            "zlib's level, 1 (fast) to 9 (small).")
        let maxPartSize = SettingKey(
            "max_part_size", .option("size"), .size(atLeast: 1 << 10), default: 64 << 20,
            "The largest data file, uncompressed.")
        let retireAfter = SettingKey(
            "retire_after", .option("duration"), .duration(), default: .seconds(86_400),
            "How long files that were merged are kept for those who have them open.")
    }

    /// How much to ask of the API.
    struct Limits: SettingGroup {
        static let title = "The API's limits"
        static let settings = declared()

        let rateTier = SettingKey<RateTier>(
            "rate_tier", .option("tier"), .choice, default: .standard,
            "Both limits at once: \(RateTier.allCases.map(\.shown).joined(separator: " or ")).")
        let requestsPerSecond = SettingKey(
            "requests_per_second", .option("n"), .integer(1...1000), standIn: RateTier.standard.requestsPerSecond,
            "The tier's limit in any second.")
        let requestsPerHour = SettingKey(
            "requests_per_hour", .option("n"), .integer(1...1_000_000), standIn: RateTier.standard.requestsPerHour,
            "The tier's limit in any hour.")
        // More than 1000 may be cut by the API without a word.
        let pageSize = SettingKey(
            "page_size", .option("n"), .integer(1...1000), default: 1000,
            "The most records asked for at once, up to 1000.")
        let concurrency = SettingKey(
            "concurrency", .option("n"), .integer(1...64), default: 8, "The most requests in flight, up to 64.")
    }

    /// How to reach the API.
    struct Connection: SettingGroup {
        static let title = "The connection"
        static let settings = declared()

        let apiTokenFile = SettingKey(
            "api_token_file", .option("file"), .path,
            "A file that holds the API token; white space around it is dropped.")
        let apiToken = SettingKey(
            "api_token",
            .refused(
                "The token is never a flag, since anybody on this machine can read a command line. Give it as "
                    + "\(Setting.environmentPrefix)API_TOKEN or in a file named by --api-token-file, and consider the "
                    + "one given here as known to others."),
            .text, isSecret: true, "The API token. Never a flag: anybody on a machine can read its command lines.")
        let baseURL = SettingKey(
            "base_url", .option("url"), .baseURL, default: try? BaseURL(BaseURL.captivateIQ),
            "Where the API is; http:// for loopback only.")
        let connectTimeout = SettingKey(
            "connect_timeout", .option("duration"), .duration(atLeast: .milliseconds(1)),
            default: TransportSettings().connectTimeout, "The longest wait for a connection.")
        let responseTimeout = SettingKey(
            "response_timeout", .option("duration"), .duration(atLeast: .milliseconds(1)),
            default: TransportSettings().responseTimeout, "The longest wait for an answer.")
        // Places in a page are counted in 32 bits.
        let maxResponseSize = SettingKey(
            "max_response_size", .option("size"), .size(atLeast: 64 << 10, atMost: 2 << 30),
            default: TransportSettings().maximumBodySize,
            "The largest answer that is taken, as it is sent and decompressed; up to concurrency of them are in "
                + "memory.")
        let caFile = SettingKey(
            "ca_file", .option("file"), .path,
            "A PEM file with certificate authorities to trust besides the system's.")
        let httpsProxy = SettingKey(
            "https_proxy", .option("url"), .proxy, isSecret: true,
            commonEnvironmentNames: ["https_proxy", "HTTPS_PROXY"],
            "A proxy as http://user:password@host:port; a password is better given by environment.")
        let noProxy = SettingKey(
            "no_proxy", .option("hosts"), .text, commonEnvironmentNames: ["no_proxy", "NO_PROXY"],
            "Hosts that are reached without the proxy.")
    }

    /// Who signs the evidence.
    struct Signing: SettingGroup {
        static let title = "The evidence"
        static let settings = declared()

        let signingKeyFile = SettingKey(
            "signing_key_file", .option("file"), .text,
            "An Ed25519 key, PKCS#8 in PEM, that signs each commit's evidence.")
    }

    /// Who is told how syncs end.
    struct Monitoring: SettingGroup {
        static let title = "Monitoring"
        static let settings = declared()

        let metricsFile = SettingKey(
            "metrics_file", .option("file"), .path,
            "Prometheus text for the node exporter's textfile collector, replaced at the end of every sync.")
        let pingURL = SettingKey(
            "ping_url", .option("url"), .pingURL, isSecret: true,
            "Asked for at the start (/start) and the end (/EXIT_CODE, with the JSON summary) of every sync.")
    }
}
