package import CivilTime

/// One line of the evidence log: what was done, and when.
package struct EvidenceEntry: Equatable, Sendable {
    /// Never earlier than that of the entry before, whatever the clock does.
    package var at: Timestamp

    /// What was done.
    package var operation: EvidenceOperation
}

/// What can be done to an archive, each with what the log says of it (`evidence-format.md`, "Operations").
package enum EvidenceOperation: Equatable, Sendable {
    case genesis(archiveID: String, startTimestamp: Timestamp, writer: String)
    case organization(ArchiveOrganization)
    case add(AddedFile)
    case quarantine(generation: Int, file: EvidenceFile, records: Int, root: TreeHash)
    case quarantineErase(QuarantineErasure)
    case compact(CompactedDate)
    case prune(PrunedDates)
    case erase(ErasedLines)
    case hold(HeldDates)
    case release(HeldDates)
    case checked(from: CalendarDay, to: CalendarDay, apiCount: Int, archiveCount: Int)
    case commit(generation: Int, manifest: TreeHash)
    case rebuild(generation: Int, lost: [EvidenceFile], pending: [Range<Timestamp>])
    case restored(generation: Int, entries: Int, root: TreeHash)
    case key(verifierKey: String, withoutOldKey: Bool)
    case adopt(entries: Int, root: TreeHash, reason: String)
}

/// A data file that came into the archive.
package struct AddedFile: Equatable, Sendable {
    /// Where its events came from.
    package struct Source: Equatable, Sendable {
        /// The API's host.
        package var host: String
        /// The first date asked for.
        package var from: CalendarDay
        /// The last date asked for.
        package var to: CalendarDay
        /// The run's requests up to the commit.
        package var requests: Int
        /// Program and version.
        package var writer: String
    }

    package var generation: Int
    package var date: CalendarDay
    package var file: EvidenceFile
    package var records: Int
    /// The root over its lines.
    package var root: TreeHash
    /// `nil` for a file that was there before the log, which is adopted.
    package var source: Source?
}

/// Records that were taken out of the quarantine.
package struct QuarantineErasure: Equatable, Sendable {
    /// A line that is gone: its number in the file from 0, and the hash that stays.
    package struct Line: Equatable, Sendable {
        package var number: Int
        package var leaf: TreeHash
    }

    package var generation: Int
    package var file: EvidenceFile
    /// The file without them; `nil` if nothing is left.
    package var newFile: EvidenceFile?
    package var lines: [Line]
    package var reason: String
}

/// The files of a date that became others, with the same lines.
package struct CompactedDate: Equatable, Sendable {
    /// A new file.
    package struct File: Equatable, Sendable {
        package var file: EvidenceFile
        package var records: Int
    }

    package var generation: Int
    package var date: CalendarDay
    package var files: [File]
    package var from: [EvidenceFile]
    /// Which of ``from`` each line of ``files`` came from, in order.
    package var runs: SourceRuns
}

/// Dates that were pruned.
package struct PrunedDates: Equatable, Sendable {
    package var generation: Int
    package var dates: [CalendarDay]
    package var files: [EvidenceFile]
    package var records: Int
    package var reason: String
}

/// Lines that were erased from a file.
package struct ErasedLines: Equatable, Sendable {
    /// A line that is gone.
    package struct Leaf: Equatable, Sendable {
        /// The file with which it came.
        package var file: EvidenceFile
        /// Its number there, from 0.
        package var line: Int
        /// The hash that stays.
        package var leaf: TreeHash
        /// SHA-256 of the event's decoded id.
        package var id: TreeHash
    }

    package var generation: Int
    package var file: EvidenceFile
    /// The file without them; `nil` if nothing is left.
    package var newFile: EvidenceFile?
    package var leaves: [Leaf]
    package var reason: String
    /// Whether another line with the same id stays, as where a rebuild drops the younger of two.
    package var isDuplicate = false
}

/// Dates that must not be pruned or erased from, or no longer.
package struct HeldDates: Equatable, Sendable {
    package var from: CalendarDay
    package var to: CalendarDay
    package var reason: String
    package var name: String

    /// Names dates, and why they are held.
    package init(from: CalendarDay, to: CalendarDay, reason: String, name: String) {
        self.from = from
        self.to = to
        self.reason = reason
        self.name = name
    }
}

/// Which of some files each line of a merged one came from, run by run: `0*17,1*2,0*9`.
package struct SourceRuns: Equatable, Sendable {
    /// Lines in a row from one file.
    package struct Run: Equatable, Sendable {
        package var source: Int
        package var count: Int
    }

    package private(set) var runs: [Run] = []

    /// No lines.
    package init() {}

    /// Reads the text; `nil` for any other form.
    init?(_ text: String) {
        guard !text.isEmpty else { return }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: "*", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let source = numbers[0], let count = numbers[1], source >= 0, count > 0,
                count <= Manifest.largestNumber
            else { return nil }
            runs.append(Run(source: source, count: count))
        }
    }

    /// Adds a line.
    package mutating func append(_ source: Int) { append(source, count: 1) }

    /// Adds lines in a row from one file.
    mutating func append(_ source: Int, count: Int) {
        if runs.last?.source == source {
            runs[runs.count - 1].count += count
        } else {
            runs.append(Run(source: source, count: count))
        }
    }

    /// The text.
    var text: String { runs.map { "\($0.source)*\($0.count)" }.joined(separator: ",") }
}
