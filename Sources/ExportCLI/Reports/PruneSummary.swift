import AuditArchive
import CivilTime

/// The result of a retention, for people and for machines.
struct PruneSummary: Sendable {
    private let plan: PrunePlan
    private let isDry: Bool
    private let days: Int
    private let generation: Int

    /// The summary of what went, or of what would go where `isDry` says so.
    init(_ plan: PrunePlan, isDry: Bool, days: Int, generation: Int) {
        self.plan = plan
        self.isDry = isDry
        self.days = days
        self.generation = generation
    }

    /// What went, a line for each run of days, and what stays although it is old enough.
    var text: String {
        var lines = [headline]
        lines += plan.runs.map { run in
            "  \(run.from) to \(run.to)  \(Units.count(run.records, "event"))"
        }
        if plan.quarantined > 0 { lines.append("  quarantine     \(Units.count(plan.quarantined, "record"))") }
        if !plan.held.isEmpty {
            let names = plan.holds.map(TerminalText.oneLine).joined(separator: ", ")
            lines.append(
                "  held           \(Units.count(plan.held.count, "day")) under \(names): \(Self.range(plan.held))")
        }
        if !plan.kept.isEmpty {
            lines.append(
                "  not yet        \(Units.count(plan.kept.count, "day")), open, pending or the newest: \(Self.range(plan.kept))"
            )
        }
        if !isDry, !plan.isEmpty { lines.append("  generation     \(generation)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        guard !plan.isEmpty else {
            let isOld = !(plan.held.isEmpty && plan.kept.isEmpty)
            let why = isOld ? "all that is older stays" : "no closed day is older than \(Units.count(days, "day"))"
            return "Nothing to prune: \(why)."
        }
        let what =
            "\(Units.count(plan.records, "event")) of \(Units.count(plan.dates.count, "day")) "
            + "(\(Units.count(plan.files, "file")), \(Units.bytes(plan.size)))"
        return isDry ? "Would prune \(what); nothing was changed." : "Pruned \(what)."
    }

    private static func range(_ dates: [CalendarDay]) -> String {
        guard let first = dates.first, let last = dates.last, first != last else {
            return "\(dates.first.map { "\($0)" } ?? "")"
        }
        return "\(first) to \(last)"
    }

    /// One JSON object with an end of line.
    var json: String {
        var object = JSONObjectText()
        object.add("outcome", "ok")
        object.add("dry_run", isTrue: isDry)
        object.add("keep_days", days)
        object.add("days", plan.dates.count)
        object.add("files", plan.files)
        object.add("events", plan.records)
        object.add("bytes", plan.size)
        object.add("quarantined", plan.quarantined)
        object.add("pruned", objects: plan.runs.map(\.object))
        object.add("holds", list: plan.holds)
        object.add("held", list: plan.held.map(\.description))
        object.add("not_yet", list: plan.kept.map(\.description))
        object.add("generation", generation)
        object.add("error", nil as String?)
        return object.text + "\n"
    }
}

extension PrunePlan.Run {
    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("from", from.description)
        object.add("to", to.description)
        object.add("records", records)
        return object
    }
}
