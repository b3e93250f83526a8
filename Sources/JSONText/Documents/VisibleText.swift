/// Makes text from a server or a file safe for a terminal or a log. Characters that a terminal would execute, or that
/// hide or reorder text, are escaped.
package enum VisibleText {
    private static let shortForms: [Unicode.Scalar: String] = ["\n": "\\n", "\r": "\\r", "\t": "\\t"]

    /// `text` on one line.
    package static func oneLine(_ text: String) -> String {
        isVisible(text) ? text : String(String.UnicodeScalarView(text.unicodeScalars.flatMap { shown($0) }))
    }

    /// `text`, whose line feeds end lines that are meant to be lines.
    package static func lines(_ text: String) -> String {
        if isVisible(text) { return text }
        let scalars = text.unicodeScalars.flatMap { $0 == "\n" ? String($0).unicodeScalars : shown($0) }
        return String(String.UnicodeScalarView(scalars))
    }

    /// `string` as a JSON string literal with its quotation marks, in which everything that ``isHidden(_:)`` is escaped:
    /// the same value, and safe to look at.
    package static func quotedJSON(_ string: String) -> String {
        let quoted = JSONOutput.quoted(string)
        guard !isVisible(quoted) else { return quoted }
        var output = ""
        for scalar in quoted.unicodeScalars {
            if isHidden(scalar) {
                for unit in String(scalar).utf16 { output += "\\u" + hexadecimal(UInt32(unit)) }
            } else {
                output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    /// Whether a scalar is not to be shown as it is: controls, among them U+0080 to U+009F; ends of lines and paragraphs;
    /// marks of writing direction; and characters that show nothing. The two selectors of a letter's or picture's style
    /// are left, since they hide nothing.
    package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x7F else { return scalar.value < 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint && scalar != "\u{FE0E}" && scalar != "\u{FE0F}"
        }
    }

    private static func isVisible(_ text: String) -> Bool { !text.unicodeScalars.contains(where: isHidden) }

    private static func shown(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        guard isHidden(scalar) else { return String(scalar).unicodeScalars }
        return (shortForms[scalar] ?? "\\u" + hexadecimal(scalar.value)).unicodeScalars
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
