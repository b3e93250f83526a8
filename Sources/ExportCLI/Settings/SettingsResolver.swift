/// Where a value came from, as a message names it.
enum SettingSource: Sendable, Equatable, CustomStringConvertible {
    /// The command line.
    case flag(String)
    /// An environment variable.
    case environment(String)
    /// A key of the configuration file.
    case file(key: String, path: String)

    /// Such as `flag --page-size`.
    var description: String {
        switch self {
        case .flag(let name): "flag \(name)"
        case .environment(let name): "environment variable \(name)"
        case .file(let key, let path): "key \(key) in \(path)"
        }
    }
}

/// A value as it was written, and where.
struct SettingText: Sendable, Equatable {
    var text: String
    var source: SettingSource
}

/// Finds the text of a setting. The first place that has it wins: flags, environment, configuration file.
struct SettingsResolver: Sendable {
    /// The values of the flags that were given, empty ones too, by the settings' names.
    var flags: [String: String]
    /// All environment variables; empty ones count as not set.
    var environment: [String: String]
    /// The configuration file, if there is one.
    var file: ConfigurationFile?

    /// The value of a setting and its place; nil if no place has it.
    func find(_ setting: Setting) -> SettingText? {
        inFlags(setting) ?? inEnvironment(setting) ?? inFile(setting)
    }

    /// The value of a setting on the command line.
    func inFlags(_ setting: Setting) -> SettingText? {
        guard let flag = setting.flag, let text = flags[setting.name] else { return nil }
        return SettingText(text: expanded(text, setting), source: .flag(flag))
    }

    /// The value of a setting in the environment.
    func inEnvironment(_ setting: Setting) -> SettingText? {
        for name in setting.environmentNames {
            guard let text = variable(name) else { continue }
            return SettingText(text: expanded(text, setting), source: .environment(name))
        }
        return nil
    }

    /// The value of a setting in the configuration file.
    func inFile(_ setting: Setting) -> SettingText? {
        guard let file, setting.isFileKey, let text = file.texts[setting.name] else { return nil }
        return SettingText(text: expanded(text, setting), source: .file(key: setting.name, path: file.path))
    }

    /// The text with the home folder in the place of the `~` of `~/x`, as shells have it. No shell sees it in a file, or in
    /// `--archive=~/x`.
    private func expanded(_ text: String, _ setting: Setting) -> String {
        guard setting.isPath, text == "~" || text.hasPrefix("~/"), let home = variable("HOME") else { return text }
        return home + text.dropFirst()
    }

    /// Any environment variable; nil if it is not set or empty.
    func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
