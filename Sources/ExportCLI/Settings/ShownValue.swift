import JSONText

/// A value as a message shows it.
enum ShownValue {
    private static let longest = 100

    /// In quotation marks, control characters escaped, cut when it is long.
    static func quoted(_ text: String) -> String {
        JSONOutput.quoted(text.count > longest ? "\(text.prefix(longest))…" : text)
    }
}
