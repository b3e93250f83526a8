/// What a commit that has passed its point of no return is about to make visible. To a verification beside it, these
/// files are in the archive already, though the manifest is yet to name them.
struct CommitInProgress {
    /// Paths relative to the archive.
    private(set) var targets: Set<String> = []

    /// Files of the evidence that it replaces, relative to the archive.
    private var replacements: Set<String> = []

    /// Paths that it takes away.
    private var removals: Set<String> = []

    /// Folders of dates that it takes out of the table or exchanges for others.
    private var folders: Set<String> = []

    /// The journal cannot be read or its commit not be finished, so the next sync will refuse it.
    private(set) var fault: ArchiveFault?

    /// Where the commit stood when this was read.
    private(set) var moment: Moment?

    /// What each step of a commit changes, but for those that change nothing that anybody else reads.
    struct Moment: Equatable {
        private let journal: [UInt8]?
        private let manifest: String?
        private let staged: [String]?

        fileprivate init(_ archive: ArchiveDirectory) {
            let layout = archive.layout
            journal = try? archive.contents(of: layout.journal)
            manifest = try? archive.manifestIdentity()
            staged = try? archive.names(in: layout.stagingDirectory).sorted()
        }
    }

    /// No commit.
    init() {}

    /// Reads the journal, if there is one.
    ///
    /// What a commit takes from the staging folder between two looks at it is not missing, so a fault is looked for again
    /// until the commit stands still.
    init(_ archive: ArchiveDirectory) {
        self.init()
        for _ in 1...Self.maximumLooks {
            self = CommitInProgress(archive, at: Moment(archive))
            if fault == nil || Moment(archive) == moment { return }
        }
        // Whoever goes on so quickly has nothing that keeps it.
        fault = nil
    }

    private static let maximumLooks = 10

    private init(_ archive: ArchiveDirectory, at moment: Moment) {
        self.moment = moment
        let layout = archive.layout
        // Whoever may not read the private folder sees no commit there, and at worst reports what it published.
        guard let bytes = try? archive.contents(of: layout.journal) else { return }
        do {
            let journal = try Journal(decoding: bytes, at: layout.journal)
            targets = Set(journal.moves.map(\.target))
            replacements = Set(journal.replacements.map(\.target))
            removals = Set(journal.removals)
            folders = Set(
                (journal.exchanges.map(\.date) + journal.retirements.map(\.date)).map(DataFileName.directory))
            try ArchiveCommit(archive).check(journal)
            for move in journal.moves + journal.replacements { try Self.check(move, archive) }
        } catch {
            guard error.kind == .damaged else { return }
            fault = ArchiveFault(.journal, ArchiveLayout.journalPath, error.summary)
        }
    }

    /// A staged file is in its old place or in its new one.
    private static func check(_ move: Journal.Move, _ archive: ArchiveDirectory) throws(ArchiveError) {
        let layout = archive.layout
        if try archive.exists(layout.staged(move.staged)) { return }
        if try archive.exists(layout.absolute(move.target)) { return }
        throw .refusedJournal("The journal names \(move.target), which is neither staged nor there", at: layout.journal)
    }

    /// Whether a fault is only that a file, or the folder made for it, is there already.
    ///
    /// - Parameter isHeadAhead: whether the signed head is one of the log as it stands, beyond what the manifest knows of. Of a
    ///   log that is not the head's a journal explains nothing: whoever may write to the archive can write one.
    func explains(_ fault: ArchiveFault, isHeadAhead: Bool = false) -> Bool {
        if [.strayFile, .missingFile].contains(fault.kind), folders.contains(ArchiveLayout.folder(of: fault.path)) {
            return true
        }
        return switch fault.kind {
        case .strayFile: targets.contains(fault.path) || removals.contains(fault.path)
        case .missingFile: removals.contains(fault.path)
        case .strayFolder: targets.contains { ArchiveLayout.folder(of: $0) == fault.path }
        case .historyCut:
            isHeadAhead && fault.path == ArchiveLayout.checkpointPath && replacements.contains(fault.path)
        default: false
        }
    }

    /// Adds what another look at the journal showed.
    mutating func add(_ other: CommitInProgress) {
        targets.formUnion(other.targets)
        replacements.formUnion(other.replacements)
        removals.formUnion(other.removals)
        folders.formUnion(other.folders)
    }

    /// Adds files that came into the archive meanwhile.
    mutating func add(_ paths: some Sequence<String>) { targets.formUnion(paths) }
}
