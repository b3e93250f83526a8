import AuditArchive
import CivilTime

/// The files to look into, date by date.
struct SearchPlan: Sendable {
    /// A date and those of its files that may hold what is looked for.
    struct Day: Sendable {
        var date: CalendarDay
        var files: [Part]
    }

    /// A file, and which of its lines, from 0, are looked at; `nil` for all of them.
    struct Part: Sendable {
        var file: DataFile
        var lines: RangeSet<Int>?
    }

    /// The dates, oldest first.
    private(set) var days: [Day] = []

    /// How much later than a compacted file's newest event was archived another file must have been: the clock may have
    /// been set back between the two.
    private static let clockMargin = Duration.seconds(3600)

    /// What a query needs of an archive, from a date on. `arrivals`: when each line came, where the evidence tells that.
    init(
        _ manifest: Manifest, _ query: EventQuery, from first: CalendarDay? = nil, arrivals: LineArrivals? = nil
    ) {
        let known = query.sinceGeneration.flatMap { Self.newestKnown(manifest, $0) }
        for file in manifest.files where query.mayHold(file.name.date) {
            if let first, file.name.date < first { continue }
            if let from = query.from, file.lastEventTimestamp < from { continue }
            if let through = query.through, through < file.firstEventTimestamp { continue }
            var part = Part(file: file)
            if let generation = query.sinceGeneration {
                guard let new = Self.newPart(of: file, generation, known, arrivals?.runs(of: file)) else { continue }
                part = new
            }
            if days.last?.date == file.name.date {
                days[days.count - 1].files.append(part)
            } else {
                days.append(Day(date: file.name.date, files: [part]))
            }
        }
    }

    /// What a consumer has not had of a file that has had everything up to a generation; `nil` for nothing.
    private static func newPart(
        of file: DataFile, _ generation: Int, _ known: Timestamp?, _ runs: [LineArrivals.Run]?
    ) -> Part? {
        guard let runs else { return isKnown(file, generation, known) ? nil : Part(file: file) }
        var (lines, first) = (RangeSet<Int>(), 0)
        for run in runs {
            if run.generation > generation { lines.insert(contentsOf: first..<first + run.count) }
            first += run.count
        }
        guard !lines.isEmpty else { return nil }
        return Part(file: file, lines: lines == RangeSet(0..<first) ? nil : lines)
    }

    /// When the newest file up to a generation was archived; nil where that is not known.
    private static func newestKnown(_ manifest: Manifest, _ generation: Int) -> Timestamp? {
        manifest.files.lazy.filter { $0.name.generation <= generation }.compactMap(\.archivedAt).max()
    }

    /// Without evidence: whether a consumer that has had everything up to a generation has had all events of a file. A
    /// compacted file has a new name and the events of older ones. It is known where the newest of them was archived before
    /// something else that is known; where that cannot be told, it is given again rather than left out.
    private static func isKnown(_ file: DataFile, _ generation: Int, _ known: Timestamp?) -> Bool {
        if file.name.generation <= generation { return true }
        guard file.replaces != nil, let newest = file.archivedAt, let known else { return false }
        return newest <= known - clockMargin
    }
}
