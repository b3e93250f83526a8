import CivilTime
import JSONText

/// An event of a test. What is nil is left out of its JSON.
struct SampleEvent {
    var id: String
    var time: Timestamp
    var type: String? = "update"
    var user: String? = "Jane Admin"
    var loggedIn: String?
    var object: String? = "Payee Statements"
    var ip: String? = "203.0.113.52"
    var data: String?

    /// A moment, which has to be RFC 3339.
    static func time(_ text: String) -> Timestamp { Timestamp(rfc3339: text) ?? Timestamp(microseconds: 0) }

    init(_ id: String, _ time: String) {
        self.id = id
        self.time = Self.time(time)
    }

    init(_ id: String, at time: Timestamp) {
        self.id = id
        self.time = time
    }

    /// The archived line, without its end.
    var line: String {
        var members = ["\"id\":\(JSONOutput.quoted(id))", "\"created_at\":\"\(time)\"", "\"organization_id\":\"org_1\""]
        if let user { members += Self.person("user", user) }
        if let user = loggedIn ?? user { members += Self.person("logged_in_user", user) }
        if let ip { members.append("\"ip_address\":\(JSONOutput.quoted(ip))") }
        if let type { members.append("\"event_type\":\(JSONOutput.quoted(type))") }
        if let data { members.append("\"data\":\(data)") }
        if let object {
            members.append("\"object_id\":\(JSONOutput.quoted("id of \(object)"))")
            members.append("\"object_name\":\(JSONOutput.quoted(object)),\"object_type\":\"column\"")
        }
        return "{\(members.joined(separator: ","))}"
    }

    private static func person(_ role: String, _ name: String) -> [String] {
        [("id", "id of \(name)"), ("name", name), ("email", "\(name.split(separator: " ").first ?? "x")@example.com")]
            .map { "\"\(role)_\($0)\":\(JSONOutput.quoted($1))" }
    }
}

extension SampleEvent {
    /// Names that would be markup, or that a terminal or a reader's eye would obey.
    static let hostileNames = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</title></style><h1>", "&lt;b&gt; & 'q'",
        "x\u{9B}2J\u{1B}[2J\u{7F}\u{0}y", "a\u{202E}gnp.exe\u{2069}", "line\u{2028}two\u{2029}\r\n\tthree",
        String(repeating: "W", count: 300), "=HYPERLINK(\"http://x\")", "@SUM(1)", "{{7*7}}${7*7}", "\u{FEFF}", " "
    ]

    /// Events of these names, of no names, and of the future.
    static func hostile(_ day: CalendarDay) -> [SampleEvent] {
        var events = hostileNames.enumerated().map { index, name in
            var event = SampleEvent("h\(index)", at: day.start + .seconds(index))
            (event.type, event.user, event.loggedIn, event.object, event.ip) = (name, name, name + "!", name, name)
            event.data = "{\"changes\":{\(JSONOutput.quoted(name)):{\"old\":\(JSONOutput.quoted(name)),\"new\":null}}}"
            return event
        }
        var bare = SampleEvent("bare", at: day.start + .seconds(100))
        (bare.type, bare.user, bare.loggedIn, bare.object, bare.ip) = (nil, nil, nil, nil, nil)
        var odd = bare
        (odd.id, odd.time, odd.data) = ("odd", odd.time + .seconds(1), "[[[{\"old\":1}]],\"x\"]")
        events += [bare, odd, SampleEvent("future", "2999-12-31T23:59:59Z")]
        return events
    }
}
