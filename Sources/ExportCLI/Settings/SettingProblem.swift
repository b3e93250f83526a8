import JSONText

/// What is wrong with one setting.
struct SettingProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The setting, or the unknown key.
    var name: String
    /// What is wrong with it, with its value unless that is secret.
    var fault: String
    /// Where it came from; nil if it is missing.
    var place: String?
    /// What is allowed, or what to do.
    var hint: String

    /// All in one line.
    var description: String {
        "\(fault)\(place.map { " (\($0))" } ?? ""): \(hint)"
    }

    /// A value that cannot be used. `rule` is read after "it", such as "has to be a number".
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

    /// An environment variable with this program's prefix that no setting has.
    static func unknown(variable: String) -> SettingProblem {
        let settings = SettingTable.all
        // The prefix, which all of them have, says nothing about which one is meant.
        let nearest = NearestName.find(
            String(variable.dropFirst(Setting.environmentPrefix.count)), in: settings.map(\.name))
        let meant = settings.first { $0.name == nearest }?.environmentName
        return SettingProblem(
            name: variable, fault: "\(quoted(variable)) is no setting", place: "an environment variable",
            hint: meant.map { "did you mean \($0)?" }
                ?? "unset it or correct its name; `captivateiq-export sync --help` lists the settings")
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

/// Finds the name that a person most likely meant.
enum NearestName {
    /// The candidate with the fewest edits to `name`, else the shortest that has all of its words; nil when all are far off.
    static func find(_ name: String, in candidates: [String]) -> String? {
        let wanted = normalized(name)
        let ranked = candidates.map { (name: $0, distance: distance(wanted, normalized($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        if best.distance <= max(1, wanted.count / 3) { return best.name }
        let words = words(name)
        guard !words.isEmpty else { return nil }
        return candidates.filter { words.isSubset(of: self.words($0)) }.min { $0.count < $1.count }
    }

    private static func words(_ name: String) -> Set<Substring> {
        Set(name.lowercased().split { $0 == "_" || $0 == "-" })
    }

    /// Letter case and the kind of separator are no edits.
    private static func normalized(_ name: String) -> [UInt8] {
        name.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    }

    /// Insertions, deletions and substitutions that turn one into the other.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let substituted = diagonal + (byte == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
