import JSONText

/// Text from elsewhere (a server, a file, a name) as a terminal may have it.
enum TerminalText {
    /// Longer lines hold something that nobody wants to read.
    private static let longest = 4000

    /// The text on one line, cut when it is very long, with everything as an escape that a terminal would obey, or that
    /// would hide or reorder what is shown.
    static func oneLine(_ text: String) -> String {
        let line = VisibleText.oneLine(text)
        let scalars = line.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: longest, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return line }
        return String(scalars[..<end]) + "…"
    }
}
