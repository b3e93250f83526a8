import AuditArchive
import CivilTime
import SystemPackage

/// Reads settings and records what is wrong with them, so that a person sees all problems at once.
struct SettingsReader {
    /// Where the texts come from.
    let resolver: SettingsResolver
    /// The time, for settings that must not be in the future; nil where none of them is read.
    let now: Timestamp?
    /// What was wrong so far.
    private(set) var problems: [SettingProblem] = []
    /// What a person should know although it is no error.
    private(set) var warnings: [String] = []

    /// A reader over `resolver`.
    init(_ resolver: SettingsResolver, now: Timestamp? = nil) {
        self.resolver = resolver
        self.now = now
    }

    /// Records a problem, once.
    mutating func record(_ problem: SettingProblem) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    /// Records a problem if a file that a setting names is in the archive, where nothing else belongs and from where it would be
    /// shipped. Returns whether it is.
    mutating func recordIfInArchive(_ path: FilePath, _ setting: Setting, _ source: SettingSource) -> Bool {
        guard let archive = resolver.find(SettingTable.common.archive.setting), !archive.text.isEmpty,
            OutputFile.isInside(path, FilePath(setting: archive.text))
        else { return false }
        record(.wrong(setting, value: path.string, source, "must not be in the archive, where nothing else belongs"))
        return true
    }

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
    /// A reader over all places. Records what is no setting, in the environment and in the configuration file, and every
    /// value that is none, whether or not it will be read.
    ///
    /// - Throws: when the configuration file cannot be read or is neither JSON nor YAML. What else is wrong with the values
    ///   is not known then.
    static func opening(
        flags: [String: String], environment: [String: String], fileSystem: any FileSystem, now: Timestamp
    ) throws(SettingsError) -> SettingsReader {
        var resolver = SettingsResolver(flags: flags, environment: environment)
        var problems = unknownVariables(environment)
        if let path = resolver.find(SettingTable.common.config.setting) {
            do {
                let file = try ConfigurationFile(path: path.text, source: path.source, fileSystem: fileSystem)
                resolver.file = file
                problems += file.keys.filter { SettingTable.setting($0)?.isFileKey != true }
                    .map { .unknown(key: $0, path: file.path) }
            } catch {
                throw SettingsError(problems: problems + [error])
            }
        }
        var reader = SettingsReader(resolver, now: now)
        reader.problems = problems
        reader.checkValues()
        return reader
    }

    /// A misspelt variable would leave a setting at its default without a word. Empty ones count as not set.
    private static func unknownVariables(_ environment: [String: String]) -> [SettingProblem] {
        let known = Set(SettingTable.all.map(\.environmentName))
        let unknown = environment.filter { name, value in
            name.hasPrefix(Setting.environmentPrefix) && !name.hasPrefix(Setting.foreignPrefix) && !value.isEmpty
                && !known.contains(name)
        }
        return unknown.keys.sorted().map { .unknown(variable: $0) }
    }

    /// Reads every value once, also those that a command has no use for. The variables of other programs are theirs.
    private mutating func checkValues() {
        for setting in SettingTable.all {
            guard let found = resolver.find(setting) else { continue }
            if case .environment(let name) = found.source, name != setting.environmentName { continue }
            do {
                try setting.check(found.text)
            } catch {
                record(.wrong(setting, value: error.hidesValue ? nil : found.text, found.source, error.rule))
            }
        }
    }
}
