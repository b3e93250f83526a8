import Configuration

/// Finds the text of a setting: flags, then environment, then the configuration file; the first that has it wins.
package struct SettingsResolver: Sendable {
    private let flags: any ConfigSnapshot
    private let environment: any ConfigSnapshot
    private let variables: EnvironmentVariablesProvider
    private let file: ConfigurationFile?

    /// A resolver over the three places.
    ///
    /// - Parameters:
    ///   - flags: the values of the flags that were given, empty ones too.
    ///   - environment: all environment variables; empty ones count as not set.
    package init(flags: [Setting: String], environment: [String: String], file: ConfigurationFile? = nil) {
        let values = flags.map { (AbsoluteConfigKey([$0.name]), ConfigValue(.string($1), isSecret: $0.isSecret)) }
        self.flags = InMemoryProvider(name: "flags", values: Dictionary(values) { first, _ in first }).snapshot()
        variables = EnvironmentVariablesProvider(
            environmentVariables: environment.filter { !$0.value.isEmpty },
            secretsSpecifier: .specific(Set(Setting.allCases.filter(\.isSecret).flatMap(\.environmentNames))))
        self.environment = variables.prefixKeys(with: ["captivateiq"]).snapshot()
        self.file = file
    }

    /// This resolver with another configuration file.
    package func reading(_ file: ConfigurationFile?) -> SettingsResolver {
        SettingsResolver(self, file: file)
    }

    private init(_ other: SettingsResolver, file: ConfigurationFile?) {
        flags = other.flags
        environment = other.environment
        variables = other.variables
        self.file = file
    }

    /// The value of a setting and its place; nil where only the default is left.
    package func find(_ setting: Setting) -> SettingText? {
        inFlags(setting) ?? inEnvironment(setting) ?? inFile(setting)
    }

    /// The value of a setting on the command line.
    package func inFlags(_ setting: Setting) -> SettingText? {
        guard let flag = setting.flag else { return nil }
        return flags.text(of: setting).map { SettingText(text: $0, source: .flag(flag)) }
    }

    /// The value of a setting in the environment.
    package func inEnvironment(_ setting: Setting) -> SettingText? {
        if let text = environment.text(of: setting) {
            return SettingText(text: text, source: .environment(setting.environmentName))
        }
        for name in setting.commonEnvironmentNames {
            guard let text = variable(name) else { continue }
            return SettingText(text: text, source: .environment(name))
        }
        return nil
    }

    /// The value of a setting in the configuration file.
    package func inFile(_ setting: Setting) -> SettingText? {
        guard let file, setting.isFileKey, let text = file.text(of: setting) else { return nil }
        return SettingText(text: text, source: .file(key: setting.name, path: file.path))
    }

    /// Any environment variable; nil if it is not set or empty.
    package func variable(_ name: String) -> String? {
        // Only looking up by name, which cannot fail.
        try? variables.environmentValue(forName: name)
    }
}

extension ConfigSnapshot {
    /// The value of a setting; nil where the snapshot does not have it. All snapshots here hold text, so that asking for
    /// text does not fail.
    func text(of setting: Setting) -> String? {
        guard let found = try? value(forKey: AbsoluteConfigKey([setting.name]), type: .string).value,
            case .string(let text) = found.content
        else { return nil }
        return text
    }
}
