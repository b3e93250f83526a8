package import AuditArchive

/// From flags and environment to a reader over all places, with the configuration file read.
package enum SettingsLoader {
    /// Reads the configuration file, if one is named.
    ///
    /// - Returns: a reader that already knows which of that file's keys are no settings.
    /// - Throws: when the file cannot be read or is neither JSON nor YAML; what else is wrong cannot be known then.
    package static func reader(
        flags: [Setting: String], environment: [String: String], fileSystem: any FileSystem
    ) throws(SettingsError) -> SettingsReader {
        let resolver = SettingsResolver(flags: flags, environment: environment)
        var reader = SettingsReader(resolver)
        if let path = resolver.find(.config) {
            do {
                let file = try ConfigurationFile(path: path.text, source: path.source, fileSystem: fileSystem)
                reader = SettingsReader(resolver.reading(file), problems: unknownKeys(of: file))
            } catch {
                throw SettingsError([error])
            }
        }
        warnOfUnknownVariables(environment, &reader)
        return reader
    }

    private static func unknownKeys(of file: ConfigurationFile) -> [SettingProblem] {
        file.keys.filter { key in
            guard let setting = Setting(rawValue: key) else { return true }
            return !setting.isFileKey
        }.map { .unknown(key: $0, path: file.path) }
    }

    /// Variables with the prefix may belong to other programs, so that these are no errors.
    private static func warnOfUnknownVariables(_ environment: [String: String], _ reader: inout SettingsReader) {
        let known = Setting.allCases.map(\.environmentName)
        for name in environment.keys.sorted()
        where name.hasPrefix(Setting.environmentPrefix) && !known.contains(name) {
            guard let nearest = NearestName.find(name, in: known) else { continue }
            reader.warn("The environment variable \(name) is no setting and was ignored; did you mean \(nearest)?")
        }
    }
}
