package import JSONText

/// What is in an archive, as `manifest.json` has it (format version 1).
///
/// Files and partitions are kept sorted; the counts that can be derived are derived.
package struct Manifest: Equatable, Sendable {
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

    /// Event times that a backfill has not walked to the end yet; the next sync goes on there. An added key of the
    /// manifest, absent when empty.
    package var pending: TimeRanges

    /// The dates that have events, sorted.
    package var partitions: [Partition]

    /// The data files, sorted by date, then path.
    package var files: [DataFile]

    /// The files of quarantined records, sorted by path. An added key of the manifest, absent when empty.
    package var quarantine: [QuarantineFile]

    /// An archive without events.
    package init(generation: Int, writtenAt: Timestamp, writer: String, startTimestamp: Timestamp) {
        self.generation = generation
        self.writtenAt = writtenAt
        self.writer = writer
        self.startTimestamp = startTimestamp
        pending = TimeRanges()
        partitions = []
        files = []
        quarantine = []
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

/// The tenant that an archive belongs to.
package struct ArchiveOrganization: Equatable, Sendable {
    /// `organization_id` of the events.
    package var id: String

    /// `organization_name` of the events; may be empty.
    package var name: String

    /// Names a tenant.
    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// One UTC date that has events.
package struct Partition: Equatable, Sendable {
    /// Whether events may still arrive.
    package enum State: String, Sendable {
        case open, closed
    }

    /// The date of the events' `created_at`.
    package var date: CalendarDay

    /// `open` until the date has ended for longer than the look-back.
    package var state: State

    /// Events over all files of the date.
    package var records: Int

    /// How many events the API said the closed date has, if it was asked.
    package var apiCount: Int?

    /// When the API was asked.
    package var checkedAt: Timestamp?

    /// Describes a date.
    package init(date: CalendarDay, state: State, records: Int, apiCount: Int? = nil, checkedAt: Timestamp? = nil) {
        self.date = date
        self.state = state
        self.records = records
        self.apiCount = apiCount
        self.checkedAt = checkedAt
    }
}

/// One published data file.
package struct DataFile: Equatable, Sendable {
    /// Its name and so its path.
    package var name: DataFileName

    /// SHA-256 of the compressed bytes, 64 lower-case hex digits.
    package var sha256: String

    /// Bytes on disk.
    package var size: Int

    /// Bytes of NDJSON.
    package var uncompressedSize: Int

    /// Lines.
    package var records: Int

    /// The first line's event time.
    package var firstEventTimestamp: Timestamp

    /// The last line's event time.
    package var lastEventTimestamp: Timestamp

    /// Describes a file.
    package init(
        name: DataFileName, sha256: String, size: Int, uncompressedSize: Int, records: Int,
        firstEventTimestamp: Timestamp, lastEventTimestamp: Timestamp
    ) {
        self.name = name
        self.sha256 = sha256
        self.size = size
        self.uncompressedSize = uncompressedSize
        self.records = records
        self.firstEventTimestamp = firstEventTimestamp
        self.lastEventTimestamp = lastEventTimestamp
    }
}

/// One published file of quarantined records.
package struct QuarantineFile: Equatable, Sendable {
    /// Its name and so its path.
    package var name: QuarantineFileName

    /// SHA-256 of the compressed bytes, 64 lower-case hex digits.
    package var sha256: String

    /// Bytes on disk.
    package var size: Int

    /// Bytes of NDJSON.
    package var uncompressedSize: Int

    /// Lines.
    package var records: Int

    /// Describes a file.
    package init(name: QuarantineFileName, sha256: String, size: Int, uncompressedSize: Int, records: Int) {
        self.name = name
        self.sha256 = sha256
        self.size = size
        self.uncompressedSize = uncompressedSize
        self.records = records
    }
}
