/// What a person sees of a setting: its one name in all places, its help, and where it may be given.
struct Setting: Sendable {
    /// How a setting is given on the command line.
    enum Form: Sendable {
        /// `--name VALUE`; what the help calls the value.
        case option(String)
        /// `--name` and `--no-name`.
        case toggle
        /// Not at all; why, and what to do instead.
        case refused(String)
    }

    /// What all of this program's environment variables begin with.
    static let environmentPrefix = "CAPTIVATEIQ_"

    /// Variables that begin so are none of this program's: Kubernetes makes them of the name of a service.
    static let foreignPrefix = "CAPTIVATEIQ_EXPORT_"

    /// The key in a configuration file, such as `page_size`.
    let name: String
    /// How it is given on the command line.
    let form: Form
    /// What it means, for the help.
    let meaning: String
    /// The default as a person would write it; nil where there is none.
    let defaultText: String?
    /// Whether a message may never show its value: tokens, and proxies with passwords.
    let isSecret: Bool
    /// Whether a configuration file may have it: all but the file's own name.
    let isFileKey: Bool
    /// The variables that other programs know too, looked at after this program's own.
    let commonEnvironmentNames: [String]
    /// Whether the value is a path, in which `~/` stands for the home folder.
    let isPath: Bool
    /// Reads a value, to find out whether it is one.
    let check: @Sendable (String) throws(SettingFault) -> Void

    /// The environment variable, such as `CAPTIVATEIQ_PAGE_SIZE`.
    var environmentName: String { Self.environmentPrefix + name.uppercased() }

    /// The environment variables that hold it, the first to be looked at first.
    var environmentNames: [String] { [environmentName] + commonEnvironmentNames }

    /// The flag without its dashes, such as `page-size`.
    var flagName: String { String(name.map { $0 == "_" ? "-" : $0 }) }

    /// The flag, such as `--page-size`; nil for what must not be seen in a list of processes.
    var flag: String? {
        if case .refused = form { nil } else { "--" + flagName }
    }

    /// Meaning, environment variables and default in one line, for the help of its flag.
    var helpLine: String {
        let line = "\(meaning) [\(environmentNames.joined(separator: ", "))]"
        return defaultText.map { "\(line) (default: \($0))" } ?? line
    }
}

/// A setting with the type of its value.
struct SettingKey<Value: Sendable>: Sendable {
    /// What a person sees of it.
    let setting: Setting
    /// The value where no place has the setting.
    let defaultValue: Value
    /// Reads a value.
    let parse: @Sendable (String) throws(SettingFault) -> Value

    /// A setting that has a default, which the help shows.
    init(
        _ name: String, _ form: Setting.Form, _ format: SettingFormat<Value>, default value: Value, _ meaning: String
    ) {
        setting = Setting(
            name: name, form: form, meaning: meaning, defaultText: format.text(value), isSecret: false,
            isFileKey: true, commonEnvironmentNames: [], isPath: format.isPath,
            check: { text throws(SettingFault) in _ = try format.parse(text) })
        defaultValue = value
        parse = format.parse
    }

    /// A setting that may be left out.
    ///
    /// - Parameters:
    ///   - standIn: what the program uses where there is no value, for the help alone.
    ///   - commonEnvironmentNames: the variables that other programs know too.
    init<Wrapped: Sendable>(
        _ name: String, _ form: Setting.Form, _ format: SettingFormat<Wrapped>, default value: Wrapped? = nil,
        standIn: Wrapped? = nil, isSecret: Bool = false, isFileKey: Bool = true, commonEnvironmentNames: [String] = [],
        _ meaning: String
    ) where Value == Wrapped? {
        setting = Setting(
            name: name, form: form, meaning: meaning, defaultText: (value ?? standIn).map(format.text),
            isSecret: isSecret, isFileKey: isFileKey, commonEnvironmentNames: commonEnvironmentNames,
            isPath: format.isPath, check: { text throws(SettingFault) in _ = try format.parse(text) })
        defaultValue = value
        parse = { text throws(SettingFault) in try format.parse(text) }
    }
}
