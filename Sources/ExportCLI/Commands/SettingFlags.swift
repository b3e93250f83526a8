import ArgumentParser

/// The flags of a group of settings, made from their declarations. Values are texts: what is wrong with them is the
/// reader's to say.
///
/// The parser learns a type's flags from its mirror, in which a property wrapper stands for each; here the mirror has
/// one for each setting. It decodes them by the same names.
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

    private static func argument(_ setting: Setting) -> Any {
        let name = NameSpecification.customLong(setting.flagName)
        var help = ArgumentHelp(stringLiteral: setting.helpLine)
        switch setting.form {
        case .option(let valueName):
            help.valueName = valueName
            return Option<String?>(name: name, help: help)
        case .toggle: return Flag<Bool?>(name: name, inversion: .prefixedNo, help: help)
        // Taken only to refuse it without repeating it.
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
