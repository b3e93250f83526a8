import AuditArchive
import CivilTime

/// The report as one HTML document.
struct ReportPage {
    let manifest: Manifest
    let verification: Verification
    let tally: EventTally
    let quarantine: QuarantineReasons
    let settings: ArchiveReport.Settings
    let completeness: Completeness
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
        html.element("section", ["class": completeness.hasGaps ? "verdict" : "verdict good"]) { verdict(&$0) }
    }

    private func verdict(_ html: inout HTML) {
        let word =
            if completeness.hasGaps {
                "Something is missing or may be"
            } else if completeness.isComplete {
                "Complete"
            } else {
                manifest.completeThrough.map { "Complete through \($0)" } ?? "Nothing is closed yet"
            }
        html.element("p", ["class": "word"], word)
        html.element("p", completeness.note)
        let verified =
            "\(Figures.count(verification.files, "file")) and \(Figures.count(verification.records, "event")) of "
            + "generation \(verification.generation): every checksum is right"
        let facts = [
            ("Events in this report", Figures.count(tally.events)),
            ("Complete through", manifest.completeThrough.map { "\($0)" } ?? "not known yet"),
            ("Newest event", manifest.lastEventTimestamp.map(Figures.moment) ?? "none"),
            ("Verified", verified),
            ("Signed", "no signed evidence was looked at"),
            ("Last anchor", "none")
        ]
        html.element("dl") { html in
            for (name, value) in facts {
                html.element("dt", name)
                html.element("dd", value)
            }
        }
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
