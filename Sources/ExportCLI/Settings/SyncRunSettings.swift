package import AuditArchive
package import AuditSync
package import CaptivateIQAPI
import CivilTime

/// Everything a sync has to know.
package struct SyncRunSettings: Sendable {
    /// The archive, and how to speak.
    package var common: CommonSettings
    /// The secret.
    package var token: APIToken
    /// What to fetch.
    package var sync: SyncSettings
    /// Where the API is, and its limits.
    package var api: APISettings
    /// How to connect.
    package var transport: TransportSettings
    /// zlib's level.
    package var compressionLevel: Int
    /// The largest data file, uncompressed, in bytes.
    package var maximumPartSize: Int
    /// When to stop; nil for never.
    package var maximumDuration: Duration?
    /// Where `ca_file` came from, for what only shows when it is used.
    package var caFileSource: SettingSource?
    /// What a person should know although it is no error.
    package var warnings: [String]

    /// Reads and checks all settings of a sync.
    ///
    /// - Throws: everything that is wrong with them, at once.
    package init(_ reader: inout SettingsReader, fileSystem: any FileSystem) throws(SettingsError) {
        let common = CommonSettings(&reader)
        let token = TokenSetting(fileSystem: fileSystem).read(&reader)
        sync = Self.sync(&reader)
        let limits = RateLimits(&reader)
        let baseURL = Self.baseURL(&reader)
        transport = Self.transport(&reader, connections: sync.concurrency)
        compressionLevel = reader.integer(.compressionLevel, 1...9) ?? 6
        maximumPartSize = reader.size(.maxPartSize, atLeast: 1 << 10) ?? 64 << 20
        maximumDuration = reader.duration(.maxDuration, atLeast: .milliseconds(1))
        caFileSource = reader.resolver.find(.caFile)?.source
        warnings = reader.warnings
        // Whatever is nil here has been recorded as a problem.
        guard let common, let token, let baseURL, reader.problems.isEmpty else {
            throw SettingsError(reader.problems)
        }
        self.common = common
        self.token = token
        api = APISettings(
            baseURL: baseURL, requestsPerSecond: limits.perSecond, requestsPerHour: limits.perHour,
            version: ExportProgram.version)
    }

    private static func sync(_ reader: inout SettingsReader) -> SyncSettings {
        let start = reader.value(
            .backfillStartTime, "has to be RFC 3339, such as 2025-01-31T08:00:00Z, or a date, such as 2025-01-31"
        ) { Timestamp(rfc3339: $0) ?? CalendarDay($0)?.start }
        return SyncSettings(
            backfillStart: start, lookback: reader.duration(.lookback) ?? .seconds(86_400),
            // More than 1000 may be cut by the API without a word.
            pageSize: reader.integer(.pageSize, 1...1000) ?? 1000,
            concurrency: reader.integer(.concurrency, 1...64) ?? 8)
    }

    private static func baseURL(_ reader: inout SettingsReader) -> BaseURL? {
        let found = reader.resolver.find(.baseURL)
        do {
            return try BaseURL(found?.text ?? BaseURL.captivateIQ)
        } catch {
            // A user name and password in the URL are not for a message.
            let value = error == .userInformation ? nil : found?.text
            if let found { reader.report(.wrong(.baseURL, value: value, found.source, "cannot be used: \(error)")) }
            return nil
        }
    }

    private static func transport(_ reader: inout SettingsReader, connections: Int) -> TransportSettings {
        var settings = TransportSettings()
        let least = Duration.milliseconds(1)
        settings.connectTimeout = reader.duration(.connectTimeout, atLeast: least) ?? settings.connectTimeout
        settings.responseTimeout = reader.duration(.responseTimeout, atLeast: least) ?? settings.responseTimeout
        // Places in a page are counted in 32 bits.
        settings.maximumBodySize =
            reader.size(.maxResponseSize, atLeast: 64 << 10, atMost: 2 << 30) ?? settings.maximumBodySize
        settings.caFile = reader.text(.caFile)
        settings.connections = connections
        settings.noProxy = NoProxyRules(reader.text(.noProxy) ?? "")
        if let found = reader.resolver.find(.httpsProxy) {
            do {
                settings.proxy = try ProxySettings(found.text)
            } catch {
                reader.report(.wrong(.httpsProxy, value: nil, found.source, "cannot be used: \(error)"))
            }
        }
        return settings
    }
}
