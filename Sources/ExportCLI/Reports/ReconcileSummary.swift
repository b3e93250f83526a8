import AuditArchive
import AuditRecords
import AuditSync
import CivilTime

/// The result of a comparison with the API, for people and for machines.
struct ReconcileSummary: Sendable {
    private let report: ReconcileReport
    private let cause: Failure?
    private let hasRange: Bool
    private let archive: String

    /// The summary of a comparison.
    ///
    /// - Parameters:
    ///   - failure: what ended the comparison early; nil if nothing did.
    ///   - hasRange: whether the days were given by flags.
    ///   - archive: the archive's folder.
    init(_ report: ReconcileReport, failure: Failure? = nil, hasRange: Bool = false, archive: String) {
        self.report = report
        cause = failure
        self.hasRange = hasRange
        self.archive = archive
    }

    /// Why the archive does not agree with the API, or was not compared; nil if it does.
    var failure: Failure? {
        if let cause { return cause }
        switch report.outcome {
        case .ok: return nil
        case .nothingCompared:
            guard hasRange, !report.retriesQuarantine else { return nil }
            return Failure(
                .settings, "there is no closed day to compare between --from and --to", at: archive,
                hints: ["A day closes when a sync that began later than its end plus `lookback` has ended well."])
        case .differs: return differs
        case .incomplete, .failed:
            return Failure(
                .stopped, "some days could not be compared", at: archive,
                hints: [
                    report.pending.isEmpty ? "" : "Run sync until nothing is left to fetch, then reconcile again.",
                    report.incomplete.isEmpty ? "" : "Pages moved while they were read: reconcile again later."
                ])
        }
    }

    private var goneCount: Int { report.acceptsGone ? 0 : report.goneCount }

    private var differs: Failure {
        let missing = report.isRepaired ? 0 : report.missingCount
        let parts = [
            missing > 0 ? "\(Units.count(missing, "event")) missing here" : nil,
            goneCount > 0 ? "\(Units.count(goneCount, "event")) gone there" : nil
        ]
        return Failure(
            .damaged, "archive and API differ: \(parts.compactMap { $0 }.joined(separator: ", "))", at: archive,
            hints: [
                missing > 0 ? "`captivateiq-export reconcile --repair` archives what is missing here." : "",
                goneCount > 0
                    ? "What is gone there stays in the archive; ask the vendor about its retention. With `--accept-gone` it "
                        + "is not reported again." : ""
            ])
    }

    /// The verdict, a table of the days that differ, and the first events. Nil if the comparison failed and has nothing
    /// to show.
    var text: String? {
        guard cause == nil || !report.differing.isEmpty else { return nil }
        var lines = [headline]
        if !report.differing.isEmpty {
            lines += ["", "  day         archived           API  missing here    gone there"]
        }
        lines += report.differing.map(Self.row)
        lines += events("missing here", report.missing, of: report.missingCount)
        lines += events("gone there", report.gone, of: report.goneCount)
        lines += days("still to be fetched", report.pending) + days("pages did not add up", report.incomplete)
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        let days = Units.count(report.days, report.retriesQuarantine ? "day" : "closed day")
        let effort = "\(Units.count(report.requests, "request")), in \(Units.duration(report.duration))"
        if report.outcome == .nothingCompared {
            return report.retriesQuarantine
                ? "Nothing was asked for again: no record of these days is in quarantine."
                : "Nothing was compared: no day has closed yet."
        }
        let repaired = report.events > 0 ? "; archived \(Units.count(report.events, "event"))" : ""
        guard !report.differing.isEmpty else { return "All agree: \(days), \(effort)\(repaired)." }
        return "\(Units.count(report.differing.count)) of \(days) differed, \(effort)\(repaired)."
    }

    private static func row(_ day: ReconcileReport.Day) -> String {
        let figures = [day.archived, day.api, day.missing, day.gone].map { number in
            let text = Units.count(number)
            return String(repeating: " ", count: max(0, 12 - text.count)) + text
        }
        return "  \(day.date)" + figures[0].dropFirst(2) + "  " + figures[1...].joined(separator: "  ")
    }

    private func events(_ name: String, _ listed: [EventReference], of total: Int) -> [String] {
        guard total > 0 else { return [] }
        let more = total > listed.count ? ["  and \(Units.count(total - listed.count)) more"] : []
        return ["", "\(name) (\(Units.count(total)))"] + listed.map { "  \($0.time)  \($0.shownID)" } + more
    }

    private func days(_ name: String, _ runs: [ClosedRange<CalendarDay>]) -> [String] {
        runs.map { "  \(name): \($0.lowerBound) to \($0.upperBound)" }
    }
}

extension ReconcileSummary {
    /// One JSON object with an end of line.
    var json: String {
        var object = JSONObjectText()
        object.add("outcome", report.outcome.rawValue)
        object.add("days", report.days)
        object.add("differing", objects: report.differing.map(\.object))
        object.add("missing", report.missingCount)
        object.add("gone", report.goneCount)
        object.add("missing_events", objects: report.missing.map(\.object))
        object.add("gone_events", objects: report.gone.map(\.object))
        object.add("events", report.events)
        object.add("files", report.files)
        object.add("bytes", report.bytes)
        object.add("quarantined", report.quarantined)
        object.add("pending", objects: report.pending.map(\.object))
        object.add("incomplete", objects: report.incomplete.map(\.object))
        object.add("warnings", list: report.alerts + report.warnings)
        object.add("requests", report.requests)
        object.add("duration_seconds", seconds: report.duration)
        object.add("generation", report.generation)
        object.add(error: failure)
        return object.text + "\n"
    }
}

extension ReconcileReport.Day {
    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("date", date.description)
        object.add("archived", archived)
        object.add("api", api)
        object.add("missing", missing)
        object.add("gone", gone)
        return object
    }
}

extension EventReference {
    /// The id in a form that is safe on a terminal. The API may send anything as an id.
    fileprivate var shownID: String { TerminalText.oneLine(id) }

    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("time", time.description)
        object.add("id", id)
        return object
    }
}
