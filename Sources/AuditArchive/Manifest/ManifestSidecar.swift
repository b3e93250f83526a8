import CivilTime

/// What a manifest says that its data files cannot tell, kept beside it so that a lost manifest can be rebuilt without
/// asking the API for everything again.
struct ManifestSidecar: Equatable, Sendable {
    /// What the manifest said of the files of one date.
    struct Date: Equatable, Sendable {
        /// Which one.
        var date: CalendarDay
        /// Whether events may still arrive.
        var state: Partition.State
        /// How many files it has.
        var files: Int
        /// How many events.
        var records: Int
        /// SHA-256 of the names and checksums of the files, in the order of their names.
        var digest: String
    }

    /// The manifest's generation.
    var generation: Int
    /// The manifest's digest; empty in notes of version 0.1, which have none of what follows the organization.
    var digest = ""
    /// Events before this are not wanted.
    var startTimestamp: Timestamp
    /// Event times that are still to be walked.
    var pending: RangeSet<Timestamp>
    /// Whose events these are, if that is known.
    var organization: ArchiveOrganization?
    /// The archive's name.
    var archiveID = ""
    /// The newest event time that the last sync which ended whole has seen.
    var syncedTo: Timestamp?
    /// The newest date that is complete with all before it.
    var completeThrough: CalendarDay?
    /// What the comparisons with the API said.
    var checked: [CheckedRun] = []
    /// Dates that must not be pruned.
    var holds: [Hold] = []
    /// Dates that were pruned.
    var pruned: [PrunedRun] = []
    /// What else it said.
    var unknown: [UnknownMember] = []
    /// What it said of each date, sorted.
    var dates: [Date] = []

    /// What `manifest` says.
    init(_ manifest: Manifest) {
        generation = manifest.generation
        digest = manifest.digest
        startTimestamp = manifest.startTimestamp
        pending = manifest.pending
        organization = manifest.organization
        archiveID = manifest.archiveID
        syncedTo = manifest.syncedTo
        completeThrough = manifest.completeThrough
        checked = manifest.checked
        holds = manifest.holds
        pruned = manifest.pruned
        unknown = manifest.unknown
        var rest = manifest.files[...]
        dates = manifest.partitions.map { partition in
            let files = rest.prefix { $0.name.date == partition.date }
            rest = rest.dropFirst(files.count)
            return Date(files, partition.date, partition.state)
        }
    }
}

extension ManifestSidecar.Date {
    /// What is to be said of a date's files, sorted by name.
    init(_ files: ArraySlice<DataFile>, _ date: CalendarDay, _ state: Partition.State) {
        var text: [UInt8] = []
        for index in files.indices {
            files[index].name.appendFileName(to: &text)
            text.append(UInt8(ascii: " "))
            files[index].sha256.append(to: &text)
            text.append(UInt8(ascii: "\n"))
        }
        self.init(
            date: date, state: state, files: files.count,
            records: files.indices.reduce(0) { $0 + files[$1].records },
            digest: TreeHash.plain(text.span.bytes).hexadecimal)
    }
}

/// The file of the sidecar: a hint, so that no failure of it stops anything.
struct ManifestSidecarFile {
    /// More than any archive's dates and gaps need.
    static let largestSize = 16 << 20

    private let file: PrivateFile

    init(_ archive: ArchiveDirectory) {
        file = PrivateFile(
            archive.layout.manifestSidecar, archive.fileSystem, largestSize: Self.largestSize, isDurable: true)
    }

    /// What was kept last; `nil` if there is nothing, or nothing that can be read.
    func load() -> ManifestSidecar? { bytes.flatMap(ManifestSidecar.init(decoding:)) }

    /// Replaces what was kept, in one step, after the commit that it speaks of. What is there until then speaks of the
    /// commit before, and says so. Without it a rebuild costs requests, never events.
    func save(_ sidecar: ManifestSidecar) { try? file.replace(with: sidecar.encoded()) }

    /// The text as it stands, whatever is wrong with it.
    var bytes: [UInt8]? { file.read() }
}
