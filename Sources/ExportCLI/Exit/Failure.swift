/// Why the program does not end with 0, as a person reads it.
struct Failure: Error, Sendable, Equatable {
    /// The code that the program ends with.
    var status: ExitStatus
    /// What failed.
    var summary: String
    /// A setting, path or URL; nil where the summary says it.
    var place: String?
    /// What to do next, a line each.
    var advice: [String]

    /// A failure of these parts; empty lines of advice are left out.
    init(_ status: ExitStatus, _ summary: String, at place: String? = nil, advice: [String]) {
        self.status = status
        self.summary = summary
        self.place = place
        self.advice = advice.filter { !$0.isEmpty }
    }

    /// What failed and where, in one line.
    var headline: String { summary + (place.map { " (\($0))" } ?? "") }

    /// What failed, where, and what to do next, in one line for machines.
    var line: String { advice.isEmpty ? headline : "\(headline): \(advice.joined(separator: "; "))" }

    /// `error: what failed (where)`, and under it what to do next.
    var text: String {
        (["error: \(headline)"] + advice.map { "  \($0)" }).map(TerminalText.oneLine).joined(separator: "\n") + "\n"
    }
}
