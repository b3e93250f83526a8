import AuditArchive
import AuditReport
import CivilTime

/// What `attest` made, for people and for machines.
struct AttestSummary: Sendable {
    private let statement: Statement
    private let output: String

    /// The summary of a statement in the folder `output`.
    init(_ statement: Statement, output: String) {
        self.statement = statement
        self.output = output
    }

    /// Why nothing is called complete; nil where it is.
    var failure: Failure? {
        guard statement.conclusion == .notProven else { return nil }
        return Failure(
            .damaged, "the period is not proven complete", at: output,
            hints: statement.reasons.map(\.text)
                + ["The statement was written all the same, and says NOT PROVEN."])
    }

    /// Where it is, and what it comes to.
    var text: String {
        let period = statement.settings.period
        let conclusion =
            switch statement.conclusion {
            case .complete: "complete"
            case .completeButErased: "complete but for what was erased on record"
            case .notProven: "NOT PROVEN complete"
            }
        return "Wrote \(TerminalText.oneLine(output)): \(period.lowerBound) to \(period.upperBound), "
            + "\(Units.count(statement.population.digest.records, "event")), \(conclusion), generation "
            + "\(statement.state.generation).\n"
    }

    /// One JSON object with an end of line.
    var json: String {
        var object = JSONObjectText()
        object.add("outcome", statement.conclusion == .notProven ? "not_proven" : "ok")
        object.add("conclusion", statement.conclusion.rawValue)
        object.add("output", output)
        object.add("from", statement.settings.period.lowerBound.description)
        object.add("to", statement.settings.period.upperBound.description)
        object.add("events", statement.population.digest.records)
        object.add("files", statement.files.count)
        object.add("generation", statement.state.generation)
        object.add("reasons", objects: statement.reasons.map(\.object))
        object.add(error: failure)
        return object.text + "\n"
    }
}
