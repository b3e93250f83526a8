/// What `rebuild` has to know.
package struct RebuildSettings: Sendable {
    /// The archive, and how to speak.
    package var common: CommonSettings
    /// How long after its end a date stays open.
    package var lookback: Duration

    /// Reads and checks the settings.
    ///
    /// - Throws: everything that is wrong, at once.
    package static func load(_ reader: inout SettingsReader) throws(SettingsError) -> RebuildSettings {
        let common = CommonSettings(&reader)
        let lookback = reader.duration(.lookback) ?? .seconds(86_400)
        guard let common, reader.problems.isEmpty else { throw SettingsError(reader.problems) }
        return RebuildSettings(common: common, lookback: lookback)
    }
}
