/// Why the program does not end with 0, in words for a person.
struct Failure: Error, Sendable, Equatable {
    /// The code that the program ends with.
    var status: ExitStatus
    /// What kind of failure it is, for machines.
    var kind: Kind
    /// What failed.
    var summary: String
    /// A path or URL, or where a setting was given; nil where the summary says it.
    var place: String?
    /// The setting that is wrong or missing.
    var setting: String?
    /// What to do next, one line for each step.
    var hints: [String]

    /// A failure of these parts; empty hints are left out. The kind is the usual one for the code unless another is given.
    init(
        _ status: ExitStatus, _ summary: String, at place: String? = nil, kind: Kind? = nil, setting: String? = nil,
        hints: [String]
    ) {
        self.status = status
        self.kind = kind ?? Kind(status)
        self.summary = summary
        self.place = place
        self.setting = setting
        self.hints = hints.filter { !$0.isEmpty }
    }

    /// What failed and where, in one line.
    var headline: String { summary + (place.map { " (\($0))" } ?? "") }

    /// What failed, where, and what to do next, in one line.
    var line: String { hints.isEmpty ? headline : "\(headline): \(hints.joined(separator: "; "))" }

    /// `error: what failed (where)`, and under it what to do next.
    var text: String {
        (["error: \(headline)"] + hints.map { "  \($0)" }).map(TerminalText.oneLine).joined(separator: "\n") + "\n"
    }

    /// The result of a command that could not do its work, for machines: one JSON object with an end of line.
    var json: String {
        var object = JSONObjectText()
        object.add("outcome", "failed")
        object.add(error: self)
        return object.text + "\n"
    }

    /// `{"code": …, "kind": …, "message": …, "hint": …}`, and where it is: `path`, `url`, or `setting` and its `source`.
    var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("code", Int(status.rawValue))
        object.add("kind", kind.rawValue)
        object.add("message", summary)
        object.add("hint", hints.joined(separator: " "))
        if let setting { object.add("setting", setting) }
        if let place { object.add(setting != nil ? "source" : place.contains("://") ? "url" : "path", place) }
        return object
    }
}

extension JSONObjectText {
    /// Adds why a command failed, if it did.
    mutating func add(error failure: Failure?) {
        if let failure { add("error", json: failure.object.text) }
    }
}
