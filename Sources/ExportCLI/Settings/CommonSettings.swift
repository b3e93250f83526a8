package import SystemPackage

/// What every command has to know: the archive, and how to speak.
package struct CommonSettings: Sendable {
    /// The archive's folder.
    package var archive: FilePath
    /// How to speak.
    package var output: OutputSettings

    /// Reads the settings; what is wrong with them is recorded in `reader`. Nil if the archive is not known.
    package init?(_ reader: inout SettingsReader) {
        output = OutputSettings(&reader)
        let remedy =
            "give the archive's folder as --archive DIR, \(Setting.archive.environmentName) or archive in "
            + "the configuration file"
        guard let archive = reader.required(.archive, remedy) else { return nil }
        self.archive = FilePath(archive)
    }

    /// Reads and checks what `verify`, `status` and `rebuild` have to know.
    ///
    /// - Throws: everything that is wrong, at once.
    package static func load(_ reader: inout SettingsReader) throws(SettingsError) -> CommonSettings {
        let settings = CommonSettings(&reader)
        guard let settings, reader.problems.isEmpty else { throw SettingsError(reader.problems) }
        return settings
    }
}
