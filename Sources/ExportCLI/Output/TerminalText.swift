/// Text from elsewhere (a server, a file, a name) as a terminal may have it.
enum TerminalText {
    /// Longer lines hold something that nobody wants to read.
    private static let longest = 4000
    private static let shortForms: [Unicode.Scalar: String] = ["\n": "\\n", "\r": "\\r", "\t": "\\t"]

    /// The text on one line, cut when it is very long, with control characters (which a terminal would obey) and marks
    /// of writing direction (which would show it in another order) as escapes.
    static func oneLine(_ text: String) -> String {
        var line = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            if count == longest { return line + "…" }
            if isObeyed(scalar) { line += escape(scalar) } else { line.unicodeScalars.append(scalar) }
        }
        return line
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        if let short = shortForms[scalar] { return short }
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: scalar.properties.isBidiControl
        }
    }
}
