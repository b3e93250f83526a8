/// What a text for people may be made of: how wide it is, and which characters there are.
struct TextFrame: Sendable {
    /// Characters in a line.
    var width: Int
    /// Whether characters beyond ASCII can be shown.
    var isUnicode: Bool

    /// A frame of these properties.
    init(width: Int = 80, isUnicode: Bool = true) {
        self.width = width
        self.isUnicode = isUnicode
    }

    /// What standard output is. A line for a file or another program is as long as it is.
    init(_ context: ProgramContext) {
        width = context.outputStyle.isTerminal ? max(20, context.outputStyle.width) : 1_000
        isUnicode = context.isUnicodeLocale
    }

    /// A text from elsewhere in one line; characters that cannot be shown as escapes.
    func shown(_ text: String) -> String {
        let line = TerminalText.oneLine(text)
        guard !isUnicode, !line.utf8.allSatisfy({ $0 < 0x80 }) else { return line }
        return line.unicodeScalars.map { $0.isASCII ? String($0) : $0.escaped(asASCII: true) }.joined()
    }

    /// A name and what is said of it, as `    name  text`. What does not fit goes on below the text, or below the name where
    /// the frame is narrow.
    func field(_ name: String, _ text: String) -> [String] {
        let isNarrow = width < 60
        let indent = isNarrow ? 6 : 22
        let lines = wrapped(text, to: max(14, width - indent))
        let margin = String(repeating: " ", count: indent)
        if isNarrow { return (name.isEmpty ? [] : ["    " + name]) + lines.map { margin + $0 } }
        let head = ("    " + name).padded(to: indent)
        return lines.enumerated().map { ($0.offset == 0 ? head : margin) + $0.element }
    }

    /// The text in lines of at most `width` characters, broken between words; a longer word has a line of its own.
    func wrapped(_ text: String, to width: Int) -> [String] {
        guard text.count > width else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.isEmpty {
                line = String(word)
            } else if line.count + 1 + word.count <= width {
                line += " \(word)"
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return lines + [line]
    }
}

extension String {
    /// The text with spaces after it, at least as long as that.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
