import Logging
import SystemPackage

/// How lines on standard error look.
enum LogFormat: String, CaseIterable, Sendable {
    case text, json
}

/// How a command writes its result and its log lines.
struct OutputSettings: Sendable, Equatable {
    /// The least important lines that are still written.
    var logLevel: Logger.Level
    /// How lines on standard error look.
    var logFormat: LogFormat
    /// Whether the result is one JSON object.
    var json: Bool
    /// Whether nothing is written on success.
    var quiet: Bool

    /// Reads the settings.
    init(_ reader: inout SettingsReader) {
        let keys = SettingTable.common
        logLevel = reader.value(keys.logLevel)
        logFormat = reader.value(keys.logFormat)
        json = reader.value(keys.json)
        quiet = reader.value(keys.quiet)
    }
}

/// What every command needs to know: the archive, and how to write results and log lines.
struct CommonSettings: Sendable {
    /// The archive's folder.
    var archive: FilePath
    /// How to write results and log lines.
    var output: OutputSettings

    /// Reads the settings; what is wrong with them is recorded in `reader`. Nil if the archive is not known.
    init?(_ reader: inout SettingsReader) {
        output = OutputSettings(&reader)
        let key = SettingTable.common.archive
        let hint =
            "give the archive's folder as --archive DIR, \(key.setting.environmentName) or archive in "
            + "the configuration file"
        guard let archive = reader.required(key, hint) else { return nil }
        self.archive = FilePath(setting: archive)
    }

    /// Reads and checks what `verify`, `status` and `rebuild` need to know.
    ///
    /// - Throws: everything that is wrong, at once.
    static func load(_ reader: inout SettingsReader) throws(SettingsError) -> CommonSettings {
        let settings = CommonSettings(&reader)
        guard let settings, reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        return settings
    }
}
