import AuditArchive
import AuditReport
import CivilTime

/// How an archive is, for people and for machines: the verdict first.
struct StatusSummary: Sendable {
    private static let shownDays = 14

    private let report: StatusReport
    private let lastFailure: LastFailure?
    private let archive: String
    private let showsYear: Bool

    /// The summary of the archive in the folder `archive`.
    init(_ report: StatusReport, lastFailure: LastFailure? = nil, archive: String, showsYear: Bool = false) {
        self.report = report
        self.lastFailure = lastFailure
        self.archive = archive
        self.showsYear = showsYear
    }

    /// Why the archive cannot be used as it is; nil if it can.
    var failure: Failure? {
        guard let first = report.faults.first else { return nil }
        let more = report.faults.count > 1 ? ", and \(Units.count(report.faults.count - 1, "more file"))" : ""
        return Failure(
            .damaged, "\(first.path) \(first.detail)\(more)", at: archive,
            hints: [
                "`captivateiq-export verify` lists every fault. Restore the files that are named from a copy, or run "
                    + "`captivateiq-export rebuild`, after which the next sync fetches again what they held."
            ])
    }

    /// One JSON object with an end of line.
    var json: String {
        StatusObject(
            report: report, lastFailure: lastFailure, archive: archive, lookAt: lookAt,
            dayCount: showsYear ? YearCalendar.dayCount : Self.shownDays, failure: failure
        ).text
    }

    /// The result for an archive whose manifest cannot be used.
    static func damaged(_ failure: Failure, archive: String) -> CommandRunner.Result {
        var object = JSONObjectText()
        object.add("verdict", Verdict.damaged.rawValue)
        object.add("archive", archive)
        object.add(error: failure)
        return CommandRunner.Result(
            text: "\(Verdict.damaged.rawValue)  \(TerminalText.oneLine(archive))\n", json: object.text + "\n",
            failure: failure)
    }

    private var manifest: Manifest { report.manifest }
    private var now: Timestamp { report.surroundings.now }

    /// The verdict, what it comes from, what to look at, and a line for each of the last days or a year.
    func text(in frame: TextFrame) -> String {
        var lines = [headline(frame)]
        lines += frame.field("complete through", completeThrough)
        lines += frame.field("last sync", lastSync)
        lines += frame.field("proven with API", proof)
        for (index, item) in lookAt.enumerated() {
            lines += frame.field(index == 0 ? "look at" : "", frame.shown(item))
        }
        lines += frame.field("begins", Units.moment(manifest.startTimestamp))
        lines += frame.field("newest event", newestEvent)
        lines += frame.field("holds", contents)
        lines += frame.field("still to fetch", backlog)
        lines += frame.field("generation", "\(manifest.generation), written \(Units.moment(manifest.writtenAt))")
        lines.append("")
        if showsYear {
            lines += YearCalendar(report).lines(in: frame)
        } else {
            lines += DayTable(report.days(last: Self.shownDays)).lines(in: frame)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func headline(_ frame: TextFrame) -> String {
        "\(report.verdict.rawValue)  \(frame.shown(organization))   \(frame.shown(archive))"
    }

    /// The colour of the verdict on a terminal: green, yellow or red.
    var color: Int {
        switch report.verdict {
        case .ok: 32
        case .late, .incomplete: 33
        case .stuck, .damaged: 31
        }
    }

    private var organization: String {
        guard let organization = manifest.organization else { return "organization not known yet" }
        return organization.name.isEmpty ? organization.id : "\(organization.name) (\(organization.id))"
    }

    private var completeThrough: String {
        let through = manifest.completeThrough?.description ?? "no day yet"
        let lookback = "look-back \(DurationFormat.text(of: report.surroundings.lookback, fewest: 2))"
        let open = report.openDays
        guard !open.isEmpty else { return "\(through)   (\(lookback))" }
        let days =
            open.count <= 4
            ? open.map { Self.ordinal($0) }.joined(separator: ", ") : Units.count(open.count, "day")
        return "\(through)   (\(days) open: \(lookback))"
    }

    /// The day of the month, such as `24th`.
    private static func ordinal(_ date: CalendarDay) -> String {
        let day = Int(date.description.suffix(2)) ?? 0
        let ending =
            switch day {
            case 1, 21, 31: "st"
            case 2, 22: "nd"
            case 3, 23: "rd"
            default: "th"
            }
        return "\(day)\(ending)"
    }

    private var lastSync: String {
        guard let run = report.surroundings.freshness?.lastRun else {
            return "not known; the last commit was \(ago(manifest.writtenAt))"
        }
        var text = "\(ago(run.endedAt)), "
        switch run.exitCode {
        case 0: text += run.events > 0 ? Units.count(run.events, "new event") : "nothing new"
        case 75: text += "stopped early (75)"
        default: text += "failed (\(run.exitCode))"
        }
        if run.exitCode != 0 {
            text +=
                report.surroundings.freshness?.lastSuccessAt.map { ", last success \(ago($0))" } ?? ", no success yet"
        }
        guard let lastFailure, lastFailure.at != run.endedAt else { return text }
        return text + "     last failure: \(ago(lastFailure.at)), \(lastFailure.exitCode)"
    }

    /// `7 min ago`.
    private func ago(_ time: Timestamp) -> String {
        let age = now - time
        guard age >= .zero else { return "dated \(Units.duration(.zero - age)) ahead" }
        // Seconds are of no use beside minutes.
        let seconds = age.components.seconds
        return Units.duration(.seconds(seconds >= 60 ? seconds / 60 * 60 : seconds)) + " ago"
    }

    private var proof: String {
        let proof = report.proof
        let proven = "\(Units.count(proof.provenDays))/\(Units.count(proof.closedDays, "closed day"))"
        return proof.emptyDays > 0 ? "\(proven), \(Units.count(proof.emptyDays)) of them empty" : proven
    }

    private var newestEvent: String {
        manifest.lastEventTimestamp.map { "\(Units.moment($0)), \(ago($0))" } ?? "none"
    }

    private var contents: String {
        let totals = manifest.totals
        let held = "\(Units.count(totals.records, "event")) in \(Units.count(totals.files, "file"))"
        return "\(held), \(Units.bytes(totals.size)) (\(Units.bytes(totals.uncompressedSize)) uncompressed)"
    }

    private var backlog: String {
        let ranges = report.backlog.ranges
        guard let first = ranges.first, let last = ranges.last else { return "nothing from before the look-back" }
        let span = "\(Units.moment(first.lowerBound)) to \(Units.moment(last.upperBound))"
        return "\(Units.duration(report.backlogDuration)) of events, within \(span)"
    }
}

extension StatusSummary {
    private static let mostListed = 5

    /// What a person should look at, the worst first.
    var lookAt: [String] {
        var items = report.faults.prefix(Self.mostListed).map { "\($0.path) \($0.detail)" }
        if report.faults.count > Self.mostListed {
            items.append("and \(Units.count(report.faults.count - Self.mostListed, "more file"))")
        }
        if report.failuresInARow > 1 {
            items.append(
                "\(Units.count(report.failuresInARow)) failures in a row"
                    + (lastFailure.map { ": \($0.message)" } ?? ""))
        }
        if report.manifest.startTimestamp > report.surroundings.now {
            items.append("the archive begins later than now: what happens before is not archived")
        }
        if report.surroundings.isContradicted { items.append("the API's pages did not add up in two syncs running") }
        if report.surroundings.freshness?.lastRun.map({ $0.outcome == "incomplete" && $0.exitCode == 75 }) ?? false {
            items.append("pages moved while the last sync read them; the next one reads them again")
        }
        items += report.proof.differing.prefix(Self.mostListed).map { days in
            "\(Self.text(of: days)) differed from the API: captivateiq-export reconcile"
        }
        if report.proof.differing.count > Self.mostListed {
            items.append("and \(Units.count(report.proof.differing.count - Self.mostListed, "more such run")) of days")
        }
        if let hint = CompactionAdvice(report.manifest) { items.append(hint.text) }
        return items + ofQuarantine
    }

    private var ofQuarantine: [String] {
        var items: [String] = []
        if let quarantine = report.quarantine {
            if quarantine.changed > 0 {
                items.append("\(Units.count(quarantine.changed, "event")) changed by the vendor after archiving")
            }
            if quarantine.refused > 0 {
                items.append("\(Units.count(quarantine.refused, "record")) in quarantine that could not be archived")
            }
        } else if report.quarantined > 0 {
            items.append("\(Units.count(report.quarantined, "record")) in quarantine")
        }
        if report.proof.goneAtVendor > 0 {
            items.append("\(Units.count(report.proof.goneAtVendor, "event")) gone at the vendor, accepted")
        }
        if report.proof.unexplained > 0 {
            items.append("\(Units.count(report.proof.unexplained, "event")) that the API counts and never shows")
        }
        return items
    }

    private static func text(of days: ClosedRange<CalendarDay>) -> String {
        days.lowerBound == days.upperBound ? "\(days.lowerBound)" : "\(days.lowerBound) to \(days.upperBound)"
    }
}
