extension Setting {
    /// What it means, for the help text.
    package var meaning: String {
        switch self {
        case .archive: "The archive's folder; made if absent."
        case .apiToken: "The API token. Never a flag: anybody on a machine can read its command lines."
        case .apiTokenFile: "A file that holds the API token; white space around it is dropped."
        case .backfillStartTime:
            "Fetch events from this moment on (RFC 3339, or YYYY-MM-DD in UTC). Without it the first sync fetches "
                + "no past events. Earlier than the archive's start: the gap is fetched. Later: ignored."
        case .lookback:
            "How far back from where the last whole sync had seen to every sync still looks for late events."
        case .baseURL: "Where the API is; http:// for loopback only."
        case .requestsPerSecond: "The tier's limit in any second."
        case .requestsPerHour: "The tier's limit in any hour."
        case .rateTier: "Both limits at once: standard (5 and 1500) or enterprise (15 and 6000)."
        case .pageSize: "The most records asked for at once, up to 1000."
        case .concurrency: "The most requests in flight, up to 64."
        case .maxDuration: "Stop cleanly after this long, progress kept (exit 75)."
        case .compressionLevel: "zlib's level, 1 (fast) to 9 (small)."
        case .maxPartSize: "The largest data file, uncompressed."
        case .connectTimeout: "The longest wait for a connection."
        case .responseTimeout: "The longest wait for an answer."
        case .maxResponseSize:
            "The largest answer that is taken, as it is sent and decompressed; up to concurrency of them are in memory."
        case .caFile: "A PEM file with certificate authorities to trust besides the system's."
        case .httpsProxy: "A proxy as http://user:password@host:port; a password is better given by environment."
        case .noProxy: "Hosts that are reached without the proxy."
        case .logLevel: "trace, debug, info, notice, warning, error or critical."
        case .logFormat: "Lines on standard error as text or json."
        case .json: "The result as one JSON object on standard output."
        case .quiet: "Say nothing on success."
        case .config: "A configuration file, JSON or YAML."
        }
    }

    /// The default as a person would write it; nil where there is none.
    package var defaultText: String? {
        switch self {
        case .lookback: "24h"
        case .baseURL: "https://api.captivateiq.com"
        case .requestsPerSecond: "5"
        case .requestsPerHour: "1500"
        case .rateTier: "standard"
        case .pageSize: "1000"
        case .concurrency: "8"
        case .compressionLevel: "6"
        case .maxPartSize: "64MiB"
        case .connectTimeout: "10s"
        case .responseTimeout: "60s"
        case .maxResponseSize: "1GiB"
        case .logLevel: "notice"
        case .logFormat: "text"
        case .json, .quiet: "off"
        default: nil
        }
    }

    /// The environment variables that hold it, the first to be looked at first.
    package var environmentNames: [String] { [environmentName] + commonEnvironmentNames }

    /// Meaning, environment variables and default in one line, for the help of its flag.
    package var helpLine: String {
        let variables = environmentNames.joined(separator: ", ")
        guard let defaultText else { return "\(meaning) [\(variables)]" }
        return "\(meaning) [\(variables)] (default: \(defaultText))"
    }
}
