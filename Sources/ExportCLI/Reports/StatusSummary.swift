import AuditArchive
import CivilTime

/// What an archive holds and how fresh it is, for people and for machines.
struct StatusSummary: Sendable {
    private static let barWidth = 24

    private let status: ArchiveStatus
    private let archive: String

    /// The summary of the archive in the folder `archive`.
    init(_ status: ArchiveStatus, archive: String) {
        self.status = status
        self.archive = archive
    }

    /// A line for each figure, then a line for each day.
    var text: String {
        let totals = status.totals
        let events =
            "\(Units.count(totals.records)) in \(Units.count(totals.files, "file")), \(Units.bytes(totals.size))"
        let figures = [
            ("Archive", TerminalText.oneLine(archive)),
            ("Organization", organization),
            ("Covers", range),
            ("Newest event", newest),
            ("Events", "\(events) (\(Units.bytes(totals.uncompressedSize)) uncompressed)"),
            ("Backlog", backlog),
            ("Quarantined", Units.count(status.quarantined, "record")),
            ("Generation", "\(status.generation), written \(Units.moment(status.writtenAt))")
        ]
        let lines = figures.map { name, value in Self.padded(name, 14) + value }
        return (lines + ["", "Last \(status.days.count) days"] + days).joined(separator: "\n") + "\n"
    }

    private var organization: String {
        guard let organization = status.organization else { return "not known yet" }
        return TerminalText.oneLine(
            organization.name.isEmpty ? organization.id : "\(organization.name) (\(organization.id))")
    }

    private var range: String {
        let start = Units.moment(status.startTimestamp)
        guard let newest = status.lastEventTimestamp else { return "from \(start)" }
        return "\(start) to \(Units.moment(newest))"
    }

    private var newest: String {
        guard let time = status.lastEventTimestamp, let age = status.age else { return "none" }
        let text = age < .zero ? "dated \(Units.duration(.zero - age)) ahead" : "\(Units.duration(age)) ago"
        return "\(Units.moment(time)), \(text)"
    }

    private var backlog: String {
        let ranges = status.pending.ranges
        guard let first = ranges.first, let last = ranges.last else { return "none" }
        let span = "\(Units.moment(first.lowerBound)) to \(Units.moment(last.upperBound))"
        return "\(Units.duration(status.backlog)) of events still to fetch, within \(span)"
    }

    private var days: [String] {
        let width = status.days.map { Units.count($0.records).count }.max() ?? 0
        return status.days.map { day in
            let count = Units.count(day.records)
            let number = String(repeating: " ", count: width - count.count) + count
            let state = day.state.map { "  \($0.rawValue)" } ?? ""
            return "  \(day.date)  \(Self.padded(Self.bar(day), Self.barWidth))  \(number)\(state)"
        }
    }

    /// The bar of a day; a day with events has at least one block.
    private static func bar(_ day: ArchiveStatus.Day) -> String {
        let length = Int((day.share * Double(barWidth)).rounded())
        return String(repeating: "█", count: day.records > 0 ? min(barWidth, max(1, length)) : 0)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

extension StatusSummary {
    /// One JSON object with an end of line.
    var json: String {
        var object = JSONObjectText()
        if let organization = status.organization {
            var names = JSONObjectText()
            names.add("id", organization.id)
            names.add("name", organization.name)
            object.add("organization", json: names.text)
        } else {
            object.add("organization", json: "null")
        }
        object.add("generation", status.generation)
        object.add("written_at", status.writtenAt.description)
        object.add("start_timestamp", status.startTimestamp.description)
        object.add("last_event_timestamp", status.lastEventTimestamp?.description)
        object.add("age_seconds", seconds: status.age)
        object.add("files", status.totals.files)
        object.add("events", status.totals.records)
        object.add("bytes", status.totals.size)
        object.add("uncompressed_bytes", status.totals.uncompressedSize)
        object.add("quarantined", status.quarantined)
        object.add("backlog_seconds", seconds: status.backlog)
        object.add("pending", objects: status.pending.ranges.map(\.object))
        object.add("open_partitions", list: status.openPartitions.map(\.description))
        object.add("days", objects: status.days.map(Self.object))
        return object.text + "\n"
    }

    private static func object(_ day: ArchiveStatus.Day) -> JSONObjectText {
        var object = JSONObjectText()
        object.add("date", day.date.description)
        object.add("events", day.records)
        object.add("state", day.state?.rawValue)
        return object
    }
}

extension ArchiveStatus {
    /// How much event time is still to be fetched.
    fileprivate var backlog: Duration {
        pending.ranges.reduce(.zero) { $0 + ($1.upperBound - $1.lowerBound) }
    }
}
