import JSONText

/// One thing in an archive that is not as its manifest or the format says.
package struct ArchiveFault: Sendable, Hashable {
    /// What is wrong. The raw values are stable: scripts read them from `verify --json`.
    package enum Kind: String, Sendable, CaseIterable {
        /// A file or folder is not there, is something else, is there too much, or cannot be read.
        case missingFile = "missing_file"
        case notAFile = "not_a_file"
        case notAFolder = "not_a_folder"
        case strayFile = "stray_file"
        case strayFolder = "stray_folder"
        /// A file that a copy program had not finished when it was stopped: a note, no damage.
        case unfinishedCopy = "unfinished_copy"
        /// What a system leaves in folders by itself: a note, no damage.
        case straySystemFile = "stray_system_file"
        /// A kept head of a history that was put aside on record, by a restored copy or an adoption: a note, no damage.
        case supersededHead = "superseded_head"
        case unreadable

        /// A file's bytes are not what the manifest says.
        case size
        case sha256
        case uncompressedSize = "uncompressed_size"
        case records
        case eventTimestamps = "event_timestamps"

        /// A file is not one whole gzip member.
        case gzip
        case trailingBytes = "trailing_bytes"
        case secondMember = "second_member"

        /// A line is not what the format says.
        case lineEnd = "line_end"
        case notJSON = "not_json"
        case notAnObject = "not_an_object"
        case notCompact = "not_compact"
        case identifier = "id"
        case createdAt = "created_at"
        case order
        case partitionDate = "partition_date"
        case quarantineRecord = "quarantine_record"

        /// An event id is in the archive twice.
        case duplicateID = "duplicate_id"

        /// The events are of more than one organization.
        case organization

        /// The manifest contradicts itself or the events.
        case totals
        case partition
        case partitionRecords = "partition_records"
        case lastEventTimestamp = "last_event_timestamp"

        /// The evidence: events are not those that came, history is not what it was, or the wrong key has signed it.
        case eventChanged = "event_changed"
        case historyRewritten = "history_rewritten"
        case historyCut = "history_cut"
        case removedWithoutRecord = "removed_without_record"
        case wrongKey = "wrong_key"
        case notSigned = "not_signed"

        /// The journal of an unfinished commit cannot be read, or the commit cannot be finished.
        case journal

        /// Stands for the faults of one file that are not listed one by one.
        case more

        /// Whether it is worth a note and no damage.
        package var isNote: Bool {
            switch self {
            case .unfinishedCopy, .straySystemFile, .supersededHead: true
            default: false
            }
        }
    }

    /// What is wrong.
    package var kind: Kind

    /// The file or folder, relative to the archive.
    package var path: String

    /// The line, from 1, where the fault has one.
    package var line: Int?

    /// What was found, and what should be there.
    package var detail: String

    /// What tells one fault from another, whatever is said of it.
    struct Place: Hashable {
        var kind: Kind
        var path: String
        var line: Int?
    }

    /// What it is, and where.
    var place: Place { Place(kind: kind, path: path, line: line) }

    /// Describes a fault.
    package init(_ kind: Kind, _ path: String, line: Int? = nil, _ detail: String) {
        self.kind = kind
        self.path = path
        self.line = line
        self.detail = detail
    }
}

extension ArchiveFault: Comparable {
    /// By path, then line; what stands for the rest of a file comes last.
    package static func < (one: ArchiveFault, other: ArchiveFault) -> Bool { one.rank < other.rank }

    private var rank: (String, Int, Int, String, String) {
        (path, kind == .more ? 1 : 0, line ?? 0, kind.rawValue, detail)
    }
}

extension ArchiveFault: CustomStringConvertible {
    /// `PATH: line N: DETAIL` on one line, whatever characters a stray file's name has.
    package var description: String {
        VisibleText.oneLine(line.map { "\(path): line \($0): \(detail)" } ?? "\(path): \(detail)")
    }
}

/// The faults of one file's lines: the first few one by one, the flood behind them as a number.
struct FaultList: Sendable {
    private static let limit = 10

    private var listed: [ArchiveFault] = []
    private var more = 0

    /// Adds a fault. The detail is only worked out if it will be listed.
    mutating func add(_ kind: ArchiveFault.Kind, _ path: String, line: Int, _ detail: @autoclosure () -> String) {
        if listed.count < Self.limit {
            listed.append(ArchiveFault(kind, path, line: line, detail()))
        } else {
            more += 1
        }
    }

    /// What is to be shown for the file `path`.
    func faults(of path: String) -> [ArchiveFault] {
        more == 0 ? listed : listed + [ArchiveFault(.more, path, "and \(more) more faults in its lines")]
    }
}
