import AuditArchive

/// Reads settings and records what is wrong with them, so that a person sees all problems at once.
struct SettingsReader {
    /// Where the texts come from.
    let resolver: SettingsResolver
    /// What was wrong so far.
    private(set) var problems: [SettingProblem] = []
    /// What a person should know although it is no error.
    private(set) var warnings: [String] = []

    /// A reader over `resolver`.
    init(_ resolver: SettingsResolver) { self.resolver = resolver }

    /// Records a problem.
    mutating func record(_ problem: SettingProblem) { problems.append(problem) }

    /// Records a warning.
    mutating func warn(_ text: String) { warnings.append(text) }

    /// The value of a setting. A wrong one is recorded, and the default returned.
    mutating func value<Value>(_ key: SettingKey<Value>) -> Value {
        guard let found = resolver.find(key.setting) else { return key.defaultValue }
        do {
            return try key.parse(found.text)
        } catch {
            let shown = error.hidesValue ? nil : found.text
            record(.wrong(key.setting, value: shown, found.source, error.rule))
            return key.defaultValue
        }
    }

    /// The value of a setting that has to be given; `hint` says what to do when it is not.
    mutating func required<Value>(_ key: SettingKey<Value?>, _ hint: String) -> Value? {
        if resolver.find(key.setting) == nil { record(.missing(key.setting, hint)) }
        return value(key)
    }
}

extension SettingsReader {
    /// A reader over all places. Records the keys of the configuration file that are no settings.
    ///
    /// - Throws: when the configuration file cannot be read or is neither JSON nor YAML. What else is wrong is not known
    ///   then.
    static func opening(
        flags: [String: String], environment: [String: String], fileSystem: any FileSystem
    ) throws(SettingsError) -> SettingsReader {
        var resolver = SettingsResolver(flags: flags, environment: environment)
        var problems: [SettingProblem] = []
        if let path = resolver.find(SettingTable.common.config.setting) {
            do {
                let file = try ConfigurationFile(path: path.text, source: path.source, fileSystem: fileSystem)
                resolver.file = file
                problems = file.keys.filter { SettingTable.setting($0)?.isFileKey != true }
                    .map { .unknown(key: $0, path: file.path) }
            } catch {
                throw SettingsError(problems: [error])
            }
        }
        var reader = SettingsReader(resolver)
        reader.problems = problems
        reader.warnOfUnknownVariables()
        return reader
    }

    /// Variables with the prefix may belong to other programs, so that these are no errors.
    private mutating func warnOfUnknownVariables() {
        let known = SettingTable.all.map(\.environmentName)
        for name in resolver.environment.keys.sorted()
        where name.hasPrefix(Setting.environmentPrefix) && !known.contains(name) {
            guard let nearest = NearestName.find(name, in: known) else { continue }
            warn("The environment variable \(name) is no setting and was ignored; did you mean \(nearest)?")
        }
    }
}
