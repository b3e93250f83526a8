package import Logging

/// How lines on standard error look.
package enum LogFormat: String, CaseIterable, Sendable {
    case text, json
}

/// How a command speaks.
package struct OutputSettings: Sendable, Equatable {
    /// The least important lines that are still written.
    package var logLevel: Logger.Level
    /// How lines on standard error look.
    package var logFormat: LogFormat
    /// Whether the result is one JSON object.
    package var json: Bool
    /// Whether nothing is said on success.
    package var quiet: Bool

    /// Reads the settings; a wrong one is recorded in `reader` and its default used until then.
    package init(_ reader: inout SettingsReader) {
        logLevel = reader.choice(.logLevel, Logger.Level.self) ?? .notice
        logFormat = reader.choice(.logFormat, LogFormat.self) ?? .text
        json = reader.isOn(.json)
        quiet = reader.isOn(.quiet)
    }
}
