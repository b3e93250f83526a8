/// Why the program does not end with 0, as a person reads it.
package struct Failure: Error, Sendable, Equatable {
    /// The code that the program ends with.
    package var status: ExitStatus
    /// What failed.
    package var summary: String
    /// A setting, path or URL; nil where the summary says it.
    package var place: String?
    /// What to do next, a line each.
    package var advice: [String]

    /// A failure of these parts; empty lines of advice are left out.
    package init(_ status: ExitStatus, _ summary: String, at place: String? = nil, advice: [String]) {
        self.status = status
        self.summary = summary
        self.place = place
        self.advice = advice.filter { !$0.isEmpty }
    }

    /// What failed and where, in one line.
    package var headline: String { summary + (place.map { " (\($0))" } ?? "") }

    /// What failed, where, and what to do next, in one line for machines.
    package var line: String { advice.isEmpty ? headline : "\(headline): \(advice.joined(separator: "; "))" }

    /// `error: what failed (where)`, and under it what to do next.
    package var text: String {
        (["error: \(headline)"] + advice.map { "  \($0)" }).map(TerminalText.oneLine).joined(separator: "\n") + "\n"
    }
}
