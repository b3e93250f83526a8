package import CivilTime
package import JSONText

/// Where the documented members of an event are that people ask for. Each is the event's own and none nested in it, the
/// last of duplicates, keys compared after decoding escapes; nil if it is missing or is no string.
package struct EventFields: Sendable {
    /// The member `id`.
    package private(set) var id: JSONString?
    /// The member `created_at`.
    package private(set) var createdAt: JSONString?
    /// The member `event_type`.
    package private(set) var eventType: JSONString?
    /// The member `ip_address`.
    package private(set) var ipAddress: JSONString?
    /// The members `user_id`, `user_name` and `user_email`: the effective user.
    package private(set) var user = Person()
    /// The same of `logged_in_user_…`: who was logged in.
    package private(set) var loggedInUser = Person()
    /// The members `object_id`, `object_name` and `object_type`.
    package private(set) var object = Object()
    /// The member `data`, of whatever type; nil if it is missing.
    package private(set) var data: Range<Int>?

    /// Who somebody is.
    package struct Person: Sendable {
        package fileprivate(set) var id: JSONString?
        package fileprivate(set) var name: JSONString?
        package fileprivate(set) var email: JSONString?
    }

    /// What something is.
    package struct Object: Sendable {
        package fileprivate(set) var id: JSONString?
        package fileprivate(set) var name: JSONString?
        package fileprivate(set) var type: JSONString?
    }

    /// Checks and scans one event, such as an archive line without its line feed. A text that is no object has no
    /// members.
    /// - Throws: where `line` breaks RFC 8259, is nested deeper than `JSONGrammar.maximumDepth`, or goes on after the
    ///   value.
    package init(line: RawSpan) throws(JSONTextError) {
        var cursor = JSONCursor()
        cursor.skipWhitespace(in: line)
        if line.byte(at: cursor.offset) == ASCII.leftBrace {
            try scanMembers(at: &cursor, in: line)
        } else {
            try cursor.skipValue(in: line, depth: JSONGrammar.maximumDepth)
        }
        try cursor.finish(in: line)
    }

    /// The event time; nil if `created_at` is absent or not readable.
    package func time(in line: RawSpan) -> Timestamp? {
        createdAt?.withDecodedBytes(in: line) { Timestamp(rfc3339: $0) }
    }

    /// Whether somebody acted as another user. By the ids where both are there, else by e-mail, else by name.
    package func isImpersonated(in line: RawSpan) -> Bool {
        if let one = user.id, let other = loggedInUser.id { return !one.isEqual(to: other, in: line) }
        if let one = user.email, let other = loggedInUser.email { return !one.isEqual(to: other, in: line) }
        if let one = user.name, let other = loggedInUser.name { return !one.isEqual(to: other, in: line) }
        return false
    }

    private mutating func scanMembers(at cursor: inout JSONCursor, in text: RawSpan) throws(JSONTextError) {
        cursor.offset += 1
        var hasMember = cursor.firstElement(in: text, close: ASCII.rightBrace)
        while hasMember {
            let key = try cursor.key(in: text)
            let start = cursor.offset
            var value: JSONString?
            if text.byte(at: start) == ASCII.quote {
                value = try cursor.string(in: text)
            } else {
                try cursor.skipValue(in: text, depth: JSONGrammar.maximumDepth - 1)
            }
            set(key, in: text, to: value, at: start..<cursor.offset)
            hasMember = try cursor.nextElement(in: text, close: ASCII.rightBrace)
        }
    }

    private mutating func set(_ key: JSONString, in text: RawSpan, to value: JSONString?, at place: Range<Int>) {
        if key.hasEscapes {
            for member in Self.members where key.equals(member.key, in: text) { self[keyPath: member.path] = value }
            if key.equals("data", in: text) { data = place }
            return
        }
        // Lengths rule nearly every other key out.
        switch key.range.count {
        case 2 where key.equals("id", in: text): id = value
        case 4 where key.equals("data", in: text): data = place
        case 7 where key.equals("user_id", in: text): user.id = value
        case 9 where key.equals("user_name", in: text): user.name = value
        case 9 where key.equals("object_id", in: text): object.id = value
        case 10 where key.equals("created_at", in: text): createdAt = value
        case 10 where key.equals("event_type", in: text): eventType = value
        case 10 where key.equals("ip_address", in: text): ipAddress = value
        case 10 where key.equals("user_email", in: text): user.email = value
        case 11 where key.equals("object_name", in: text): object.name = value
        case 11 where key.equals("object_type", in: text): object.type = value
        case 17 where key.equals("logged_in_user_id", in: text): loggedInUser.id = value
        case 19 where key.equals("logged_in_user_name", in: text): loggedInUser.name = value
        case 20 where key.equals("logged_in_user_email", in: text): loggedInUser.email = value
        default: break
        }
    }

    /// All members that are strings, for keys that are written with escapes.
    private static var members: [(key: String, path: WritableKeyPath<EventFields, JSONString?>)] {
        [
            ("id", \.id), ("created_at", \.createdAt), ("event_type", \.eventType), ("ip_address", \.ipAddress),
            ("user_id", \.user.id), ("user_name", \.user.name), ("user_email", \.user.email),
            ("logged_in_user_id", \.loggedInUser.id), ("logged_in_user_name", \.loggedInUser.name),
            ("logged_in_user_email", \.loggedInUser.email), ("object_id", \.object.id), ("object_name", \.object.name),
            ("object_type", \.object.type)
        ]
    }
}

extension JSONString {
    /// Whether both hold the same text.
    fileprivate func isEqual(to other: JSONString, in text: RawSpan) -> Bool {
        guard !hasEscapes, !other.hasEscapes else { return bytes(in: text) == other.bytes(in: text) }
        return text.holds(text.extracting(other.range), in: range)
    }
}
