import ArgumentParser

/// The flags of a group of settings, made from their declarations. Values are texts, which `SettingsReader` checks.
///
/// The parser finds a type's flags as property wrappers in its mirror, and decodes them by their labels. The mirror of
/// this type has one for each setting, with the setting's name as its label.
struct SettingFlags<Group: SettingGroup>: ParsableArguments, CustomReflectable {
    /// The values of the flags that were given, by the settings' names.
    private(set) var values: [String: String] = [:]

    private var refusals: [String] = []

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: SettingCodingKey.self)
        for setting in Group.settings {
            let key = SettingCodingKey(stringValue: setting.name)
            switch setting.form {
            case .option:
                values[setting.name] = try container.decode(Option<String?>.self, forKey: key).wrappedValue
            case .toggle:
                values[setting.name] = try container.decode(Flag<Bool?>.self, forKey: key).wrappedValue.map { "\($0)" }
            case .refused(let reason):
                let isGiven = try container.decode(Option<String?>.self, forKey: key).wrappedValue != nil
                if isGiven { refusals.append(reason) }
            }
        }
    }

    var customMirror: Mirror {
        Mirror(self, children: Group.settings.map { ($0.name, Self.argument($0)) }, displayStyle: .struct)
    }

    func validate() throws {
        if let reason = refusals.first { throw ValidationError(reason) }
    }

    /// How a shell completes a value, by what the help calls it.
    private static func completion(of valueName: String) -> CompletionKind? {
        switch valueName {
        case "dir": .directory
        case "file": .file()
        default: nil
        }
    }

    private static func argument(_ setting: Setting) -> Any {
        let name = NameSpecification.customLong(setting.flagName)
        var help = ArgumentHelp(stringLiteral: setting.helpLine)
        switch setting.form {
        case .option(let valueName):
            help.valueName = valueName
            return Option<String?>(name: name, help: help, completion: completion(of: valueName))
        case .toggle: return Flag<Bool?>(name: name, inversion: .prefixedNo, help: help)
        // Accepted by the parser, which would repeat the value of an unknown flag, and refused by `validate`.
        case .refused: return Option<String?>(name: name, help: .hidden)
        }
    }
}

private struct SettingCodingKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
}
