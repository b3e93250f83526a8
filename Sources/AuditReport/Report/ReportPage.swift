import AuditArchive
import CivilTime

/// The report as one HTML document.
struct ReportPage {
    let manifest: Manifest
    let verification: Verification
    let tally: EventTally
    let quarantine: QuarantineReasons
    /// The heads that are kept in the archive, oldest first.
    let anchors: [EvidenceAnchor]
    let settings: ArchiveReport.Settings
    let completeness: Completeness
    let status: StatusReport
    /// The moment that the report is seen from.
    let seenAt: Timestamp

    private static let title = "CaptivateIQ audit log"

    /// The document.
    var html: String {
        let names = ReportNames(tally, isRedacted: settings.isRedacted)
        var html = HTML()
        html.literal("<!DOCTYPE html>\n")
        html.element("html", ["lang": "en"]) { html in
            html.element("head") { head(&$0) }
            html.literal("\n")
            html.element("body") { html in
                ReportCalendar.addPatterns(to: &html)
                html.element("header") { header(&$0, names) }
                html.element("main") { main(&$0, names) }
            }
        }
        html.literal("\n")
        return html.markup
    }

    /// The policy is the first thing in it: what comes before would not be under it.
    private func head(_ html: inout HTML) {
        html.void(
            "meta",
            [
                "http-equiv": "Content-Security-Policy",
                "content":
                    "default-src 'none'; style-src \(ReportStyle.source); base-uri 'none'; form-action 'none'"
            ])
        html.void("meta", ["charset": "utf-8"])
        html.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        html.void("meta", ["name": "referrer", "content": "no-referrer"])
        html.element("title", "\(Self.title), \(dates.lowerBound) to \(dates.upperBound)")
        html.style(ReportStyle.sheet)
    }

    private func header(_ html: inout HTML, _ names: ReportNames) {
        html.element("h1", Self.title)
        html.element("p", ["class": "soft"]) { html in
            if let organization = manifest.organization {
                html.name(names.other(organization.name.isEmpty ? organization.id : organization.name))
                html.text(" · ")
            }
            html.text("\(dates.lowerBound) to \(dates.upperBound) · seen from \(Figures.moment(seenAt))")
            if settings.isRedacted { html.text(" · names are replaced by numbers") }
        }
        html.element("section", ["class": status.verdict == .ok ? "verdict good" : "verdict"]) { verdict(&$0) }
    }

    private func verdict(_ html: inout HTML) {
        html.element("p", ["class": "word"], "\(status.verdict.rawValue): \(words)")
        html.element("p", completeness.note)
        let verified =
            "\(Figures.count(verification.files, "file")) and \(Figures.count(verification.records, "event")) of "
            + "generation \(verification.generation): every checksum is right"
        let facts = [
            ("Events in this report", Figures.count(tally.events)),
            ("Complete through", manifest.completeThrough.map { "\($0)" } ?? "not known yet"),
            ("Newest event", manifest.lastEventTimestamp.map(Figures.moment) ?? "none"),
            ("Last sync", lastSync),
            ("Verified", verified),
            ("Signed", signed),
            ("Last anchor", lastAnchor)
        ]
        html.element("dl") { html in
            for (name, value) in facts {
                html.element("dt", name)
                html.element("dd", value)
            }
        }
    }

    /// How much of the evidence a key has signed, and which one.
    private var signed: String {
        let evidence = verification.evidence
        guard let entries = evidence.entries else { return "no evidence yet: the next commit begins it" }
        let all = Figures.count(entries, "entry", plural: "entries")
        guard let fingerprint = evidence.fingerprint else { return "by no key; the evidence log has \(all)" }
        let unsigned = max(0, entries - evidence.signedEntries)
        return (unsigned == 0 ? "\(all), all of them" : "\(all), all but the newest \(Figures.count(unsigned))")
            + ", by the key \(fingerprint)"
    }

    /// The newest head that is kept beside the log, for others to vouch for.
    private var lastAnchor: String {
        guard let anchor = anchors.last else { return "none is kept in the archive" }
        let time = anchor.madeAt.map { ", of \(Figures.moment($0))" } ?? ""
        let stamp = anchor.isTimeStamped ? ", with a time stamp" : ""
        return "of \(Figures.count(anchor.entries, "entry", plural: "entries"))\(time)\(stamp)"
    }

    /// Why it is that verdict.
    private var words: String {
        switch status.verdict {
        case .ok: manifest.completeThrough.map { "complete through \($0)" } ?? "no day is closed yet"
        case .late: "no sync has succeeded for 26 hours, or none is known"
        case .incomplete: "something is still to be fetched, or differs from the API"
        case .stuck: "syncs keep failing"
        case .damaged: "files are missing"
        }
    }

    private var lastSync: String {
        guard let run = status.surroundings.freshness?.lastRun else { return "not known" }
        let end = "\(run.outcome), \(Figures.moment(run.endedAt))"
        guard run.outcome != "ok", let success = status.surroundings.freshness?.lastSuccessAt else { return end }
        return "\(end); the last success was \(Figures.moment(success))"
    }

    private func main(_ html: inout HTML, _ names: ReportNames) {
        let calendar = ReportCalendar(manifest, tally, from: dates.lowerBound, through: dates.upperBound)
        html.element("h2", "Day by day")
        calendar.add(to: &html)
        calendar.addKey(to: &html)
        let outside = tally.days.filter { !dates.contains($0.key) }
        if !outside.isEmpty {
            let events = Figures.count(outside.values.reduce(0, +), "event")
            html.element("p", ["id": "outside"], "Of other dates, in no calendar and counted below: \(events).")
        }
        calendar.addTable(to: &html)
        ReportActivity(tally: tally, names: names, from: settings.from?.start).add(to: &html)
        ReportHoldings(manifest: manifest, tally: tally, quarantine: quarantine, names: names, dates: dates)
            .add(to: &html)
    }

    /// The dates of the calendar: from the archive's start to the day it is seen from, less what was not asked for.
    private var dates: ClosedRange<CalendarDay> {
        let first = max(settings.from ?? manifest.startTimestamp.day, manifest.startTimestamp.day)
        let last = min(settings.through ?? seenAt.day, seenAt.day)
        return first...max(first, last)
    }
}
