/// Why the program does not end with 0, in words for a person.
struct Failure: Error, Sendable, Equatable {
    /// The code that the program ends with.
    var status: ExitStatus
    /// What failed.
    var summary: String
    /// A setting, path or URL; nil where the summary says it.
    var place: String?
    /// What to do next, one line for each step.
    var hints: [String]

    /// A failure of these parts; empty hints are left out.
    init(_ status: ExitStatus, _ summary: String, at place: String? = nil, hints: [String]) {
        self.status = status
        self.summary = summary
        self.place = place
        self.hints = hints.filter { !$0.isEmpty }
    }

    /// What failed and where, in one line.
    var headline: String { summary + (place.map { " (\($0))" } ?? "") }

    /// What failed, where, and what to do next, in one line for machines.
    var line: String { hints.isEmpty ? headline : "\(headline): \(hints.joined(separator: "; "))" }

    /// `error: what failed (where)`, and under it what to do next.
    var text: String {
        (["error: \(headline)"] + hints.map { "  \($0)" }).map(TerminalText.oneLine).joined(separator: "\n") + "\n"
    }

    /// The result of a command that could not do its work, for machines: one JSON object with an end of line.
    var json: String {
        var object = JSONObjectText()
        object.add("outcome", "failed")
        object.add("error", line)
        return object.text + "\n"
    }
}
