/// Where a value came from, as a message names it.
package enum SettingSource: Sendable, Equatable, CustomStringConvertible {
    /// The command line.
    case flag(String)
    /// An environment variable.
    case environment(String)
    /// A key of the configuration file.
    case file(key: String, path: String)

    /// Such as `flag --page-size`.
    package var description: String {
        switch self {
        case .flag(let name): "flag \(name)"
        case .environment(let name): "environment variable \(name)"
        case .file(let key, let path): "key \(key) in \(path)"
        }
    }
}

/// A value as it was written, and where.
package struct SettingText: Sendable, Equatable {
    /// The text.
    package var text: String
    /// Its place.
    package var source: SettingSource

    /// A value from a place.
    package init(text: String, source: SettingSource) {
        self.text = text
        self.source = source
    }
}
