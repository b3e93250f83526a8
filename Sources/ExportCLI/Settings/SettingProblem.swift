import JSONText

/// What is wrong with one setting: its name, where it came from, its value unless that is secret, what is allowed.
struct SettingProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The setting, or the unknown key.
    var name: String
    /// What is wrong with it, with its value.
    var fault: String
    /// Where it came from; nil if it is missing.
    var place: String?
    /// What is allowed, or what to do.
    var hint: String

    /// All in one line.
    var description: String {
        "\(fault)\(place.map { " (\($0))" } ?? ""): \(hint)"
    }

    /// A value that cannot be used. `rule` goes on after "it", such as "has to be a number".
    static func wrong(
        _ setting: Setting, value: String?, _ source: SettingSource, _ rule: String
    ) -> SettingProblem {
        let shown = value.flatMap { setting.isSecret ? nil : " cannot be \(quoted($0))" } ?? " is wrong"
        return SettingProblem(
            name: setting.name, fault: setting.name + shown, place: source.description, hint: "it \(rule)")
    }

    /// A setting that has to be given and is not.
    static func missing(_ setting: Setting, _ hint: String) -> SettingProblem {
        SettingProblem(name: setting.name, fault: "\(setting.name) is missing", place: nil, hint: hint)
    }

    /// A key of the configuration file that no setting has.
    static func unknown(key: String, path: String) -> SettingProblem {
        let last = key.split(separator: ".").last.map(String.init) ?? key
        let names = SettingTable.all.filter(\.isFileKey).map(\.name)
        let nearest = NearestName.find(last, in: names)
        return SettingProblem(
            name: key, fault: "\(quoted(key)) is no setting", place: "a key in \(path)",
            hint: nearest.map { "did you mean \($0)?" } ?? "known are \(names.joined(separator: ", "))")
    }

    /// A value as a message shows it: in quotation marks, control characters escaped, cut when it is long.
    private static func quoted(_ text: String) -> String {
        JSONOutput.quoted(text.count > longestValue ? "\(text.prefix(longestValue))…" : text)
    }

    private static let longestValue = 100
}

/// Everything that is wrong with the settings of a run, all at once.
struct SettingsError: Error, Sendable, Equatable {
    /// At least one.
    var problems: [SettingProblem]
}
