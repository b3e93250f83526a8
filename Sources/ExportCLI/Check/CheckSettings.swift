import AuditArchive
import CaptivateIQAPI
import SystemPackage

/// The settings of a check: as far as they can be read, for what is wrong with them is one of the things to report.
struct CheckSettings: Sendable {
    /// All settings of a sync; nil where something is wrong with them.
    var configuration: SyncConfiguration?
    /// What is wrong with them.
    var problems: [SettingProblem] = []
    /// What a person should know although it is no error.
    var warnings: [String]
    /// The archive's folder; nil where it is not given.
    var archive: FilePath?
    /// Whether a sync may begin a new archive.
    var creates: Bool
    /// How to write results and log lines.
    var output: OutputSettings
    /// Every setting with its value and its place.
    var lines: [SettingLine]

    /// Reads all settings.
    init(_ reader: inout SettingsReader, fileSystem: any FileSystem) {
        output = OutputSettings(&reader)
        archive = reader.value(SettingTable.common.archive).map { FilePath(setting: $0) }
        creates = reader.value(SettingTable.beginning.create)
        do {
            configuration = try SyncConfiguration(&reader, fileSystem: fileSystem)
        } catch {
            for problem in error.problems where !problems.contains(problem) { problems.append(problem) }
        }
        warnings = reader.warnings
        lines = Self.lines(reader.resolver, configuration)
    }

    private static func lines(_ resolver: SettingsResolver, _ configuration: SyncConfiguration?) -> [SettingLine] {
        SettingTable.all.map { setting in
            if setting.name == SettingTable.connection.apiToken.setting.name {
                // It may come from several places, and from none of the setting's own.
                return SettingLine(
                    name: setting.name, value: configuration.map { _ in hidden },
                    source: configuration?.tokenSource ?? "not set")
            }
            guard let found = resolver.find(setting) else {
                return SettingLine(
                    name: setting.name, value: derived(setting, configuration) ?? setting.defaultText,
                    source: derived(setting, configuration) == nil ? "default" : "rate_tier")
            }
            let isShown = !setting.isSecret && !mayBeToken(setting, found.text)
            return SettingLine(
                name: setting.name, value: isShown ? found.text : hidden, source: found.source.description)
        }
    }

    private static let hidden = "<hidden>"

    /// The limits that follow from the tier.
    private static func derived(_ setting: Setting, _ configuration: SyncConfiguration?) -> String? {
        switch setting.name {
        case SettingTable.limits.requestsPerSecond.setting.name: configuration.map { "\($0.api.requestsPerSecond)" }
        case SettingTable.limits.requestsPerHour.setting.name: configuration.map { "\($0.api.requestsPerHour)" }
        default: nil
        }
    }

    /// A path where there is no file may be the token itself, given in the wrong place.
    private static func mayBeToken(_ setting: Setting, _ text: String) -> Bool {
        setting.name == SettingTable.connection.apiTokenFile.setting.name
            && (try? FilePath(setting: text).stat()) == nil
    }
}
