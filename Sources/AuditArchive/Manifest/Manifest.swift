package import CivilTime
import JSONText

/// What is in an archive, as `manifest.json` has it (format version 2).
///
/// Files and partitions are kept sorted; the counts that can be derived are derived.
package struct Manifest: Equatable, Sendable {
    /// The version of the format in which it was read. What is written is always of the newest.
    package var formatVersion = Manifest.newestFormatVersion

    /// Names the archive and its evidence: 32 hex digits, made at random with the archive. Empty in version 1, until the
    /// first commit of version 2.
    package var archiveID: String

    /// Counts commits, from 1.
    package var generation: Int

    /// When this manifest was written.
    package var writtenAt: Timestamp

    /// Program and version that wrote it.
    package var writer: String

    /// Whose events these are; `nil` until that is known.
    package var organization: ArchiveOrganization?

    /// Events before this are not wanted.
    package var startTimestamp: Timestamp

    /// The newest event time not later than ``writtenAt``; `nil` if there is none.
    package var lastEventTimestamp: Timestamp?

    /// The newest event time that the last sync which ended whole has seen; `nil` before that. The next one looks from
    /// here on, less the look-back.
    package var syncedTo: Timestamp?

    /// The newest date such that it and all before it, from the start on, are closed and were read to the end; `nil`
    /// before that.
    package var completeThrough: CalendarDay?

    /// Event times that a sync left unread; the next one reads them.
    package var pending: RangeSet<Timestamp>

    /// What the comparisons of closed dates with the API said, sorted.
    package var checked: [CheckedRun]

    /// Dates that must not be pruned.
    package var holds: [Hold]

    /// Dates that were pruned.
    package var pruned: [PrunedRun]

    /// The dates that have events, sorted.
    package var partitions: [Partition]

    /// The data files, sorted by date, then path.
    package var files: [DataFile]

    /// The files of quarantined records, sorted by path.
    package var quarantine: [QuarantineFile]

    /// What else it says, in the order of its text.
    var unknown: [UnknownMember]

    /// The head of the evidence log that belongs to this state; `nil` before the first commit that writes one.
    package var evidence: EvidenceHead?

    /// SHA-256 of the text before the member ``evidence``, which the last entry of the log names; `nil` without that
    /// member.
    var digestAboveEvidence: TreeHash?

    /// The `sha256_above` of the text that it was read from or written as, and for version 1 the checksum of that whole
    /// text: 64 lower-case hex digits that name this very state. Empty for one that was neither.
    package var digest = ""

    /// An archive without events.
    package init(
        generation: Int, writtenAt: Timestamp, writer: String, startTimestamp: Timestamp, archiveID: String = ""
    ) {
        self.archiveID = archiveID
        self.generation = generation
        self.writtenAt = writtenAt
        self.writer = writer
        self.startTimestamp = startTimestamp
        pending = RangeSet()
        checked = []
        holds = []
        pruned = []
        partitions = []
        files = []
        quarantine = []
        unknown = []
    }

    /// The files of a date.
    func files(of date: CalendarDay) -> ArraySlice<DataFile> {
        var (low, high) = (0, files.count)
        while low < high {
            let middle = (low + high) / 2
            if files[middle].name.date < date { low = middle + 1 } else { high = middle }
        }
        return files[low...].prefix { $0.name.date == date }
    }

    /// The times of all dates that were pruned: nothing of them is wanted any more.
    package var prunedTimes: RangeSet<Timestamp> {
        RangeSet(pruned.map { Range(from: $0.from.start, to: $0.to.advanced(by: 1).start) })
    }

    /// Sums over all files.
    package var totals: Totals {
        files.reduce(into: Totals()) { sums, file in
            sums.files += 1
            sums.records += file.records
            sums.size += file.size
            sums.uncompressedSize += file.uncompressedSize
        }
    }

    /// Sums over files: how many, events, bytes on disk, bytes of NDJSON.
    package struct Totals: Equatable, Sendable {
        package var files = 0
        package var records = 0
        package var size = 0
        package var uncompressedSize = 0

        /// Nothing.
        package init() {}

        /// These sums.
        init(files: Int, records: Int, size: Int, uncompressedSize: Int) {
            self.files = files
            self.records = records
            self.size = size
            self.uncompressedSize = uncompressedSize
        }
    }
}

/// A member of the manifest that this program does not know: it belongs to later writers, and is written again as it was
/// read.
struct UnknownMember: Equatable, Sendable {
    /// The decoded key.
    var key: String

    /// The value's JSON, as it stood in the text.
    var text: String
}

extension UnknownMember {
    /// Reads the value that comes next. `bytes`: the text that `reader` reads.
    init(_ reader: inout JSONReader, key: String, of bytes: [UInt8]) throws(JSONTextError) {
        let start = reader.offset
        try reader.skipValue()
        self.key = key
        text = String(decoding: bytes[start..<reader.offset], as: UTF8.self)
    }

    var encoded: String { "\(JSONOutput.quoted(key)): \(text)" }
}
