/// What is wrong with one setting: its name, where it came from, its value unless that is secret, what is allowed.
package struct SettingProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The setting, or the unknown key.
    package var name: String
    /// What is wrong with it, with its value.
    package var fault: String
    /// Where it came from; nil if it is missing.
    package var place: String?
    /// What is allowed.
    package var remedy: String

    /// All in one line.
    package var description: String {
        "\(fault)\(place.map { " (\($0))" } ?? ""): \(remedy)"
    }

    /// A value that cannot be used. `rule` goes on after "it", such as "has to be a number".
    package static func wrong(
        _ setting: Setting, value: String?, _ source: SettingSource, _ rule: String
    ) -> SettingProblem {
        let shown = value.flatMap { setting.isSecret ? nil : " cannot be \(ShownValue.quoted($0))" } ?? " is wrong"
        return SettingProblem(
            name: setting.name, fault: setting.name + shown, place: source.description, remedy: "it \(rule)")
    }

    /// A setting that has to be given and is not.
    package static func missing(_ setting: Setting, _ remedy: String) -> SettingProblem {
        SettingProblem(name: setting.name, fault: "\(setting.name) is missing", place: nil, remedy: remedy)
    }

    /// A key of the configuration file that no setting has.
    static func unknown(key: String, path: String) -> SettingProblem {
        let last = key.split(separator: ".").last.map(String.init) ?? key
        let names = Setting.allCases.filter(\.isFileKey).map(\.name)
        let nearest = NearestName.find(last, in: names)
        return SettingProblem(
            name: key, fault: "\(ShownValue.quoted(key)) is no setting", place: "a key in \(path)",
            remedy: nearest.map { "did you mean \($0)?" } ?? "known are \(names.joined(separator: ", "))")
    }
}

/// Everything that is wrong with the settings of a run, all at once.
package struct SettingsError: Error, Sendable, Equatable {
    /// At least one.
    package var problems: [SettingProblem]

    /// The error of these problems.
    package init(_ problems: [SettingProblem]) { self.problems = problems }
}
