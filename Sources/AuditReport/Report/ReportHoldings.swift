import AuditArchive
import CivilTime

/// The sections about how events came and how they are kept.
struct ReportHoldings {
    let manifest: Manifest
    let tally: EventTally
    let quarantine: QuarantineReasons
    let names: ReportNames
    /// The dates of the report.
    let dates: ClosedRange<CalendarDay>

    /// Adds all of them.
    func add(to html: inout HTML) {
        addLateness(to: &html)
        addVendor(to: &html)
        addRemovals(to: &html)
        addFiles(to: &html)
    }

    private func addLateness(to html: inout HTML) {
        html.element("h2", "Lateness of arrival")
        html.element(
            "p", ["class": "soft"],
            "From the time of an event to the commit that archived it. It counts from the archive's first commit on.")
        let tally = tally.lateness
        let largest = Double(max(1, tally.counts.max() ?? 1))
        let rows = zip(LatenessTally.classes, tally.counts).map { entry, events in
            [HTMLCell.text(entry.title), .number(events), events == 0 ? .text("") : .bar(Double(events) / largest)]
        }
        let rest = [
            ("from before the first commit", tally.backfilled), ("not known: compacted", tally.unknown),
            ("dated in the future", tally.ahead)
        ].map { [HTMLCell.text($0), .number($1), .text("")] }
        html.table("lateness", caption: "Events by lateness", ["Archived after", "Events", "Share"], rows + rest)
    }

    private func addVendor(to html: inout HTML) {
        html.element("h2", "Quarantine and changes by the vendor")
        if quarantine.reasons.isEmpty {
            html.element("p", "No record was kept aside.")
        } else {
            let rows = quarantine.reasons.map { reason in
                [
                    HTMLCell.name(reason.reason), .number(reason.records),
                    .time(reason.newest.map(Figures.minute) ?? "")
                ]
            }
            html.table(
                "quarantine", caption: "Records kept aside; “changed” came again with other content",
                ["Reason", "Records", "Newest (UTC)"], rows)
        }
        let runs = manifest.checked.filter { run in
            !run.isAgreement && run.to >= dates.lowerBound && run.from <= dates.upperBound
        }
        guard !runs.isEmpty else {
            html.element("p", "No day that was compared with the API differs.")
            return
        }
        let rows = runs.map { run in
            [
                HTMLCell.time(run.from == run.to ? "\(run.from)" : "\(run.from) to \(run.to)"), .number(run.apiCount),
                .number(run.archiveCount), .text(Self.words(run)), .time(Figures.minute(run.checkedAt))
            ]
        }
        html.table(
            "differences", caption: "Days that differ from the API",
            ["Days", "API", "Archive", "What is known", "Compared (UTC)"], rows)
    }

    private static func words(_ run: CheckedRun) -> String {
        var words: [String] = []
        if let gone = run.goneAtVendor { words.append("\(Figures.count(gone)) gone at the vendor, accepted") }
        if let more = run.unexplained { words.append("the API counts \(Figures.count(more)) more than it shows") }
        if let difference = run.difference {
            words.append(
                difference > 0
                    ? "\(Figures.count(difference)) missing here" : "\(Figures.count(-difference)) gone at the vendor")
        }
        return words.joined(separator: "; ")
    }

    private func addRemovals(to html: inout HTML) {
        guard !manifest.pruned.isEmpty else { return }
        html.element("h2", "Removed on purpose")
        let rows = manifest.pruned.map { run in
            [
                HTMLCell.time("\(run.from) to \(run.to)"), .number(run.records), .time(Figures.minute(run.prunedAt)),
                .name(names.other(run.reason))
            ]
        }
        html.table("pruned", caption: "Pruned days", ["Days", "Events", "When (UTC)", "Why"], rows)
    }

    private func addFiles(to html: inout HTML) {
        html.element("h2", "Files")
        let files = manifest.files.filter { dates.contains($0.name.date) }
        var months: [(month: String, files: Int, events: Int, size: Int, uncompressed: Int)] = []
        for file in files {
            let month = file.name.date.monthText
            if months.last?.month != month { months.append((month, 0, 0, 0, 0)) }
            months[months.count - 1].files += 1
            months[months.count - 1].events += file.records
            months[months.count - 1].size += file.size
            months[months.count - 1].uncompressed += file.uncompressedSize
        }
        html.element(
            "p", ["id": "file-sums"],
            "\(Figures.count(files.count, "file")), \(Figures.count(files.reduce(0) { $0 + $1.records }, "event")), "
                + "\(Figures.bytes(files.reduce(0) { $0 + $1.size })), "
                + "\(Figures.bytes(files.reduce(0) { $0 + $1.uncompressedSize })) uncompressed.")
        let rows = months.map { month in
            [
                HTMLCell.time(month.month), .number(month.files), .number(month.events), .number(month.size),
                .number(month.uncompressed)
            ]
        }
        html.table("files", caption: "By month", ["Month", "Files", "Events", "Bytes", "Uncompressed"], rows)
    }
}
