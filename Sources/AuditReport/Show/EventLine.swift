import CivilTime
import JSONText

/// How an event is written for people: one line, and one for each change that its data says.
///
///     03:39:02Z  export  column "Payee Statements"  Jane Admin  ⟵ logged in: Lucas Silva  203.0.113.52
///                quota_1: 42 → null
package struct EventLine: Sendable, Equatable {
    /// Whether words are coloured.
    package var hasColor: Bool
    /// Whether only ASCII may be written; other characters become escapes.
    package var isASCII: Bool
    /// Whether the date stands before the time: where events of several days are shown.
    package var hasDate: Bool

    /// The most characters of a name or a value, and of an event's changes.
    private static let longest = 120
    private static let mostChanges = 20

    /// Describes lines.
    package init(hasColor: Bool, isASCII: Bool, hasDate: Bool) {
        self.hasColor = hasColor
        self.isASCII = isASCII
        self.hasDate = hasDate
    }

    /// The lines of an event, with their ends.
    func text(_ event: FoundEvent) -> String {
        var parts = [colored(time(event.time), .faint), type(event.type)]
        if let object = object(event) { parts.append(object) }
        parts.append(colored(shown(event.user.label ?? "(no user)"), .bold))
        if event.isImpersonated {
            let name = shown(event.loggedInUser.label ?? "(nobody)")
            parts.append(colored("\(isASCII ? "<-" : "⟵") logged in: \(name)", .magenta))
        }
        if let ip = event.ip, !ip.isEmpty { parts.append(colored(shown(ip), .faint)) }
        return parts.joined(separator: "  ") + "\n" + changes(event)
    }

    private func time(_ time: Timestamp) -> String {
        let text = time.description
        let clock = "\(text.dropFirst(11).prefix(8))Z"
        return hasDate ? "\(text.prefix(10)) \(clock)" : clock
    }

    private func type(_ type: String?) -> String {
        let word = type.flatMap { $0.isEmpty ? nil : $0 } ?? "(no type)"
        let lowercased = word.lowercased()
        let color: Color =
            if lowercased.contains("delete") || lowercased.contains("remove") {
                .red
            } else if lowercased.contains("create") {
                .green
            } else if lowercased.contains("update") {
                .yellow
            } else {
                .cyan
            }
        return colored(shown(word), color)
    }

    private func object(_ event: FoundEvent) -> String? {
        let name = event.objectName.flatMap { $0.isEmpty ? nil : "\"\(shown($0))\"" }
        let parts = [event.objectType.map(shown), name ?? event.objectID.map(shown)].compactMap(\.self)
            .filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private func changes(_ event: FoundEvent) -> String {
        let indent = String(repeating: " ", count: hasDate ? 22 : 11)
        let arrow = isASCII ? "->" : "→"
        let changes = event.changes.list
        var lines = changes.prefix(Self.mostChanges).map { change in
            let (old, new) = (colored(shown(change.old), .red), colored(shown(change.new), .green))
            return "\(indent)\(shown(change.field)): \(old) \(arrow) \(new)\n"
        }
        if changes.count > Self.mostChanges {
            lines.append("\(indent)and \(changes.count - Self.mostChanges) more\n")
        }
        return lines.joined()
    }

    /// A text from an event: cut where it is long, escaped where it cannot be shown.
    private func shown(_ text: String) -> String {
        // Names and values are made visible where they are read; fields of changes are not.
        let visible = VisibleText.oneLine(text)
        let scalars = visible.unicodeScalars
        let end = scalars.index(scalars.startIndex, offsetBy: Self.longest, limitedBy: scalars.endIndex)
        let isLong = end.map { $0 < scalars.endIndex } ?? false
        let short = isLong ? String(scalars[..<(end ?? scalars.endIndex)]) + (isASCII ? "..." : "…") : visible
        return isASCII ? Self.ascii(short) : short
    }

    private static func ascii(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return text.unicodeScalars.map { scalar in
            guard !scalar.isASCII else { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }.joined()
    }

    private enum Color: Int {
        case bold = 1
        case faint = 2
        case red = 31
        case green = 32
        case yellow = 33
        case magenta = 35
        case cyan = 36
    }

    private func colored(_ text: String, _ color: Color) -> String {
        hasColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }
}
