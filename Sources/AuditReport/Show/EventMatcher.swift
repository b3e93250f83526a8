import AuditRecords
import JSONText

/// Tells the events of a query from others: first by a search in their bytes, then by their members.
///
/// Names are compared without regard to letter case and to how accents are encoded.
struct EventMatcher: Sendable {
    private let query: EventQuery
    private let user, by, object, type, ip, text: String?
    /// What the line of an event of the query holds, unless it writes ASCII letters as escapes.
    private let patterns: [BytePattern]

    init(_ query: EventQuery) {
        self.query = query
        user = query.user.map(Self.folded)
        by = query.by.map(Self.folded)
        object = query.object.map(Self.folded)
        type = query.type.map(Self.folded)
        ip = query.ip.map(Self.folded)
        text = query.text.map(Self.folded)
        let wanted = [query.id, query.user, query.by, query.object, query.type, query.ip, query.text]
        patterns = wanted.compactMap { $0.flatMap(Self.pattern) }
    }

    /// Whether a line has to be looked at: of most it can be said without reading them.
    func mayMatch(_ line: RawSpan) -> Bool {
        patterns.allSatisfy { $0.occurs(in: line) } || !patterns.isEmpty && line.holdsEscapedASCII
    }

    /// Whether an event is one of the query, whatever its time.
    func matches(_ fields: EventFields, in line: RawSpan) -> Bool {
        if query.isImpersonated, !fields.isImpersonated(in: line) { return false }
        if let id = query.id, !(fields.id.map { $0.equals(id, in: line) } ?? false) { return false }
        if let type, !Self.isOne(type, of: [fields.eventType], in: line) { return false }
        if let ip, !Self.isOne(ip, of: [fields.ipAddress], in: line) { return false }
        if let user, !Self.isOne(user, of: fields.user.names, in: line) { return false }
        if let by, !Self.isOne(by, of: fields.loggedInUser.names, in: line) { return false }
        if let object, !Self.isOne(object, of: [fields.object.name, fields.object.id], in: line) { return false }
        if let text, !Self.stands(text, in: line) { return false }
        return true
    }

    private static func isOne(_ wanted: String, of names: [JSONString?], in line: RawSpan) -> Bool {
        names.contains { name in name.map { folded($0.string(in: line)) == wanted } ?? false }
    }

    /// Whether a text stands in one of the event's values, or in a key of what they hold.
    private static func stands(_ wanted: String, in line: RawSpan) -> Bool {
        var (depth, isFound) = (0, false)
        func look(_ text: @autoclosure () -> String) {
            if !isFound { isFound = folded(text()).contains(wanted) }
        }
        // The line was read before, so that it breaks off nowhere.
        try? JSONTokens.visit(line) { token in
            switch token {
            case .openObject, .openArray: depth += 1
            case .close: depth -= 1
            case .key(let key): if depth > 1 { look(key.string(in: line)) }
            case .string(let string): look(string.string(in: line))
            case .scalar(let place): look(line.extracting(place).text)
            }
        }
        return isFound
    }

    private static func folded(_ text: String) -> String { text.lowercased() }

    /// The longest part of a text that stands in every line that holds the text, however its other characters are
    /// written there.
    private static func pattern(_ text: String) -> BytePattern? {
        let parts = text.split { character in
            // Quotation marks and the like are escaped; some other character is the same as a K, a semicolon or a
            // grave accent, or has one of these as its small letter.
            guard let byte = character.asciiValue, (0x20..<0x7F).contains(byte) else { return true }
            return "\"\\/kK;`".contains(character)
        }
        return parts.max { $0.utf8.count < $1.utf8.count }.flatMap { BytePattern($0) }
    }
}

extension EventFields.Person {
    /// Its texts.
    fileprivate var names: [JSONString?] { [id, email, name] }
}

extension RawSpan {
    /// All of it as text.
    var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }

    /// Whether an ASCII character that can be seen is written as `\u00` and two digits.
    fileprivate var holdsEscapedASCII: Bool {
        var start = 0
        while let place = firstEscape(from: start) {
            if (0x32...0x37).contains(byte(at: place + 4)) { return true }
            start = place + 4
        }
        return false
    }

    /// The first `\u00` from `start` on.
    private func firstEscape(from start: Int) -> Int? {
        var offset = start
        while true {
            offset = firstBackslash(from: offset)
            guard offset < byteCount else { return nil }
            if byte(at: offset + 1) == ASCII.letter("u"), byte(at: offset + 2) == ASCII.zero,
                byte(at: offset + 3) == ASCII.zero
            {
                return offset
            }
            offset += 2
        }
    }
}
