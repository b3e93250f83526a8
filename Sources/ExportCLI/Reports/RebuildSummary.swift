import AuditArchive
import CivilTime

/// The result of a rebuild, for people and for machines.
struct RebuildSummary: Sendable {
    private let report: RebuildReport
    private let archive: String

    /// The summary of a rebuild of the archive in the folder `archive`.
    init(_ report: RebuildReport, archive: String) {
        self.report = report
        self.archive = archive
    }

    /// Why the manifest was not rebuilt, or what it lacks; nil if it was rebuilt and lacks nothing.
    var failure: Failure? {
        if report.isIncomplete { return incompleteness }
        guard !report.faults.isEmpty else { return nil }
        return Failure(
            .damaged, "the manifest was not rebuilt: the files have \(Units.count(report.faults.count, "fault"))",
            at: archive,
            hints: [
                "Nothing was changed. Restore the damaged files that are named from a copy, or move them and what does "
                    + "not belong there out of the archive, then run rebuild again.",
                "What only a file moved away held is fetched by `captivateiq-export reconcile --repair`."
            ])
    }

    private var incompleteness: Failure {
        let what =
            report.lost.isEmpty
            ? "there is no record of what the archive had before"
            : "something that the archive had is gone: \(report.lost[0])\(report.lost.count > 1 ? " and more" : "")"
        var hints: [String] = []
        if report.source == .events, let start = report.manifest?.startTimestamp {
            hints.append(
                "There is no record of where the archive began. It begins at its first event now, "
                    + "\(Units.moment(start)), and the next `captivateiq-export sync` reads again from there on.")
            hints.append(
                "If it began before \(start.day), give that sync its first day, once: "
                    + "`captivateiq-export sync --backfill-start-time YYYY-MM-DD` (the setting `backfill_start_time`). "
                    + "Without it, earlier events that are gone are not fetched again.")
        }
        if !report.lost.isEmpty {
            hints.append(
                "The next `captivateiq-export sync` reads the times of what is gone again. Restore it from a copy if the API "
                    + "does not have it any more.")
        }
        return Failure(.damaged, "the manifest was rebuilt, but \(what)", at: archive, hints: hints)
    }

    /// A line for each fault, or what the manifest holds now and what it was made from.
    var text: String {
        guard let manifest = report.manifest else { return report.faults.map { "\($0)\n" }.joined() }
        let totals = manifest.totals
        let held =
            "\(Units.count(totals.files, "file")), \(Units.count(totals.records, "event")), \(Units.bytes(totals.size))"
        var lines = ["Rebuilt: \(held), generation \(manifest.generation)."]
        lines.append("  start          \(Units.moment(manifest.startTimestamp)), from \(source)")
        if let newest = manifest.lastEventTimestamp { lines.append("  newest event   \(Units.moment(newest))") }
        let kept = manifest.quarantine.reduce(0) { $0 + $1.records }
        if kept > 0 { lines.append("  quarantined    \(Units.count(kept, "record"))") }
        if report.duplicates > 0 {
            lines.append("  taken out      \(Units.count(report.duplicates, "event")) that were there already")
        }
        lines += report.lost.map { "  lost           \(TerminalText.oneLine($0)), which is gone or has changed" }
        lines += report.warnings.map { "  warning        \($0)" }
        lines += pending
        return lines.joined(separator: "\n") + "\n"
    }

    /// One JSON object with an end of line.
    var json: String {
        let totals = report.manifest?.totals ?? Manifest.Totals()
        var object = JSONObjectText()
        object.add("outcome", !report.faults.isEmpty ? "damaged" : report.isIncomplete ? "incomplete" : "ok")
        object.add("generation", report.manifest?.generation)
        object.add("files", totals.files)
        object.add("events", totals.records)
        object.add("bytes", totals.size)
        object.add("uncompressed_bytes", totals.uncompressedSize)
        object.add("quarantine_files", report.manifest?.quarantine.count ?? 0)
        object.add("quarantined", report.manifest?.quarantine.reduce(0) { $0 + $1.records } ?? 0)
        object.add("start_timestamp", report.manifest?.startTimestamp.description)
        object.add("last_event_timestamp", report.manifest?.lastEventTimestamp?.description)
        object.add("source", report.manifest == nil ? nil : report.source.rawValue)
        object.add("pending", objects: report.manifest?.pending.ranges.map(\.object) ?? [])
        object.add("duplicates", report.duplicates)
        object.add("lost", list: report.lost)
        object.add("faults", objects: report.faults.map(\.object))
        object.add(error: failure)
        return object.text + "\n"
    }

    private var source: String {
        switch report.source {
        case .manifest: "the old manifest"
        case .hint: "the last commit's notes"
        case .events: "the first event"
        }
    }

    private var pending: [String] {
        guard let ranges = report.manifest?.pending.ranges, let first = ranges.first, let last = ranges.last else {
            return []
        }
        let why =
            switch report.source {
            case .events:
                "; there is no record of what was complete, so the next sync reads it again and archives what is missing"
            case .manifest, .hint: ""
            }
        return ["  to fetch       within \(Units.moment(first.lowerBound)) to \(Units.moment(last.upperBound))\(why)"]
    }
}
