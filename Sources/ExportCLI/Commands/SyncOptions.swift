import ArgumentParser

/// Where to begin.
struct BeginningOptions: ParsableArguments {
    @Option(name: .setting(.backfillStartTime), help: ArgumentHelp(.backfillStartTime, "time"))
    var backfillStartTime: String?

    /// The flags that were given.
    var flags: [Setting: String] { backfillStartTime.map { [.backfillStartTime: $0] } ?? [:] }
}

/// How long to fetch, and how to keep it.
struct FetchOptions: ParsableArguments {
    @Option(name: .setting(.lookback), help: ArgumentHelp(.lookback, "duration"))
    var lookback: String?

    @Option(name: .setting(.maxDuration), help: ArgumentHelp(.maxDuration, "duration"))
    var maxDuration: String?

    @Option(name: .setting(.compressionLevel), help: ArgumentHelp(.compressionLevel, "level"))
    var compressionLevel: String?

    @Option(name: .setting(.maxPartSize), help: ArgumentHelp(.maxPartSize, "size"))
    var maxPartSize: String?

    /// The flags that were given.
    var flags: [Setting: String] {
        let texts: [Setting: String?] = [
            .lookback: lookback, .maxDuration: maxDuration, .compressionLevel: compressionLevel,
            .maxPartSize: maxPartSize
        ]
        return texts.compactMapValues { $0 }
    }
}

/// How much to ask of the API.
struct LimitOptions: ParsableArguments {
    @Option(name: .setting(.rateTier), help: ArgumentHelp(.rateTier, "tier"))
    var rateTier: String?

    @Option(name: .setting(.requestsPerSecond), help: ArgumentHelp(.requestsPerSecond, "n"))
    var requestsPerSecond: String?

    @Option(name: .setting(.requestsPerHour), help: ArgumentHelp(.requestsPerHour, "n"))
    var requestsPerHour: String?

    @Option(name: .setting(.pageSize), help: ArgumentHelp(.pageSize, "n"))
    var pageSize: String?

    @Option(name: .setting(.concurrency), help: ArgumentHelp(.concurrency, "n"))
    var concurrency: String?

    /// The flags that were given.
    var flags: [Setting: String] {
        let texts: [Setting: String?] = [
            .rateTier: rateTier, .requestsPerSecond: requestsPerSecond, .requestsPerHour: requestsPerHour,
            .pageSize: pageSize, .concurrency: concurrency
        ]
        return texts.compactMapValues { $0 }
    }
}

/// How to reach the API.
struct ConnectionOptions: ParsableArguments {
    @Option(name: .setting(.apiTokenFile), help: ArgumentHelp(.apiTokenFile, "file"))
    var apiTokenFile: String?

    /// Takes a token given as a flag, only to refuse it without repeating it.
    @Option(name: .setting(.apiToken), help: .hidden)
    var apiToken: String?

    @Option(name: .setting(.baseURL), help: ArgumentHelp(.baseURL, "url"))
    var baseURL: String?

    @Option(name: .setting(.connectTimeout), help: ArgumentHelp(.connectTimeout, "duration"))
    var connectTimeout: String?

    @Option(name: .setting(.responseTimeout), help: ArgumentHelp(.responseTimeout, "duration"))
    var responseTimeout: String?

    @Option(name: .setting(.maxResponseSize), help: ArgumentHelp(.maxResponseSize, "size"))
    var maxResponseSize: String?

    @Option(name: .setting(.caFile), help: ArgumentHelp(.caFile, "file"))
    var caFile: String?

    @Option(name: .setting(.httpsProxy), help: ArgumentHelp(.httpsProxy, "url"))
    var httpsProxy: String?

    @Option(name: .setting(.noProxy), help: ArgumentHelp(.noProxy, "hosts"))
    var noProxy: String?

    func validate() throws {
        guard apiToken != nil else { return }
        throw ValidationError(
            """
            The token is never a flag, since anybody on this machine can read a command line. Give it as \
            \(Setting.apiToken.environmentName) or in a file named by --api-token-file, and consider the one given \
            here as known to others.
            """)
    }

    /// The flags that were given.
    var flags: [Setting: String] {
        let texts: [Setting: String?] = [
            .apiTokenFile: apiTokenFile, .baseURL: baseURL, .connectTimeout: connectTimeout,
            .responseTimeout: responseTimeout, .maxResponseSize: maxResponseSize, .caFile: caFile,
            .httpsProxy: httpsProxy, .noProxy: noProxy
        ]
        return texts.compactMapValues { $0 }
    }
}
