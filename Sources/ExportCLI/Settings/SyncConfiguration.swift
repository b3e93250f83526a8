import AuditArchive
import AuditSync
import CaptivateIQAPI
import CivilTime
import SystemPackage

/// The tiers that have names, with their two limits (vendor's developer reference, "Rate limits").
enum RateTier: String, CaseIterable, Sendable {
    case standard, enterprise

    /// Requests in any second.
    var requestsPerSecond: Int { self == .standard ? 5 : 15 }

    /// Requests in any hour.
    var requestsPerHour: Int { self == .standard ? 1500 : 6000 }

    /// Such as `standard (5 and 1500)`.
    var shown: String { "\(rawValue) (\(requestsPerSecond) and \(requestsPerHour))" }
}

/// Everything that a sync needs to know.
struct SyncConfiguration: Sendable {
    /// The archive, and how to write results and log lines.
    var common: CommonSettings
    /// The API token.
    var token: APIToken
    /// Where it came from, as a message names it.
    var tokenSource: String
    /// Who else may read it; nil where nobody may.
    var tokenExposure: String?
    /// Whether a new archive may begin.
    var creates: Bool
    /// What to fetch.
    var sync: SyncSettings
    /// Where the API is, and its limits.
    var api: APISettings
    /// How to connect.
    var transport: TransportSettings
    /// How files are written and kept.
    var storing: StoringSettings
    /// The key that signs the evidence, if there is one.
    var signer: SigningKey?
    /// Where figures for Prometheus are written; nil for nowhere.
    var metricsFile: FilePath?
    /// Who is told of syncs; nil for nobody.
    var pingURL: PingURL?
    /// When to stop; nil for never.
    var maximumDuration: Duration?
    /// Where `ca_file` came from, for errors that show up only when the file is used.
    var caFileSource: SettingSource?
    /// What a person should know although it is no error.
    var warnings: [String]

    /// Reads and checks all settings of a sync.
    ///
    /// - Throws: everything that is wrong with them, at once.
    init(_ reader: inout SettingsReader, fileSystem: any FileSystem) throws(SettingsError) {
        let common = CommonSettings(&reader)
        let token = TokenSetting(fileSystem: fileSystem).read(&reader)
        let keeping = SettingTable.keeping
        creates = reader.value(SettingTable.beginning.create)
        sync = Self.sync(&reader)
        Self.checkStart(sync.backfillStart, &reader)
        let api = Self.api(&reader)
        transport = Self.transport(&reader, connections: sync.concurrency)
        storing = StoringSettings(&reader)
        signer = SigningKeySetting(fileSystem: fileSystem).read(&reader)
        maximumDuration = reader.value(keeping.maxDuration)
        metricsFile = Self.metricsFile(&reader)
        pingURL = reader.value(SettingTable.monitoring.pingURL)
        caFileSource = reader.resolver.find(SettingTable.connection.caFile.setting)?.source
        warnings = reader.warnings
        // A value that is nil here has been recorded as a problem.
        guard let common, let token, let api, reader.problems.isEmpty else {
            throw SettingsError(problems: reader.problems)
        }
        self.common = common
        self.token = token.token
        tokenSource = token.source
        tokenExposure = token.exposure
        self.api = api
    }

    private static func sync(_ reader: inout SettingsReader) -> SyncSettings {
        let limits = SettingTable.limits
        var settings = SyncSettings(
            backfillStart: reader.value(SettingTable.beginning.backfillStartTime),
            lookback: reader.value(SettingTable.keeping.lookback), pageSize: reader.value(limits.pageSize),
            concurrency: reader.value(limits.concurrency))
        settings.compactsClosedDays = reader.value(SettingTable.keeping.compact) == .closed
        return settings
    }

    private static func metricsFile(_ reader: inout SettingsReader) -> FilePath? {
        let key = SettingTable.monitoring.metricsFile
        guard let path = reader.value(key).map({ FilePath(setting: $0) }),
            let found = reader.resolver.find(key.setting),
            !reader.recordIfInArchive(path, key.setting, found.source)
        else { return nil }
        return path
    }

    /// Nothing would ever be archived from a start that is yet to come, and most likely it is a slip.
    private static func checkStart(_ start: Timestamp?, _ reader: inout SettingsReader) {
        let setting = SettingTable.beginning.backfillStartTime.setting
        guard let start, let now = reader.now, start > now, let found = reader.resolver.find(setting) else { return }
        reader.record(
            .wrong(
                setting, value: found.text, found.source,
                "must not be in the future, and it is \(Units.moment(now)) now"))
    }

    /// The API and its limits. A limit that is given wins over the tier's.
    private static func api(_ reader: inout SettingsReader) -> APISettings? {
        let limits = SettingTable.limits
        let tier = reader.value(limits.rateTier)
        let perSecond = reader.value(limits.requestsPerSecond) ?? tier.requestsPerSecond
        let perHour = reader.value(limits.requestsPerHour) ?? tier.requestsPerHour
        guard let baseURL = reader.value(SettingTable.connection.baseURL) else { return nil }
        return APISettings(
            baseURL: baseURL, requestsPerSecond: perSecond, requestsPerHour: perHour, version: ExportProgram.version)
    }

    private static func transport(_ reader: inout SettingsReader, connections: Int) -> TransportSettings {
        let keys = SettingTable.connection
        var settings = TransportSettings()
        settings.connectTimeout = reader.value(keys.connectTimeout)
        settings.responseTimeout = reader.value(keys.responseTimeout)
        settings.maximumBodySize = reader.value(keys.maxResponseSize)
        settings.caFile = reader.value(keys.caFile).map { FilePath(setting: $0) }
        settings.certificateFile = reader.resolver.variable("SSL_CERT_FILE").map { FilePath(setting: $0) }
        settings.certificateDirectories = (reader.resolver.variable("SSL_CERT_DIR") ?? "").split(separator: ":")
            .map { FilePath(setting: String($0)) }
        settings.connections = connections
        settings.noProxy = NoProxyRules(reader.value(keys.noProxy) ?? "")
        settings.proxy = reader.value(keys.httpsProxy)
        return settings
    }
}
