import SystemPackage

/// What a commit that has passed its point of no return is about to make visible. To a verification beside it, these
/// files are in the archive already, though the manifest is yet to name them.
struct CommitInProgress {
    /// Paths relative to the archive.
    private(set) var targets: Set<String> = []

    /// The journal cannot be read, so the next sync will refuse it.
    private(set) var fault: ArchiveFault?

    /// No commit.
    init() {}

    /// Reads the journal, if there is one.
    init(_ fileSystem: any FileSystem, _ layout: ArchiveLayout) {
        // Whoever may not read the private folder sees no commit there, and at worst reports what it published.
        guard let bytes = try? fileSystem.contents(of: layout.journal) else { return }
        do {
            targets = Set(try Journal(decoding: bytes, at: layout.journal).moves.map(\.target))
        } catch {
            let path = "\(ArchiveLayout.privateDirectoryName)/\(layout.journal.lastComponent?.string ?? "")"
            fault = ArchiveFault(.journal, path, error.summary)
        }
    }

    /// Whether a fault is only that a file, or the folder made for it, is there already.
    func explains(_ fault: ArchiveFault) -> Bool {
        switch fault.kind {
        case .strayFile: targets.contains(fault.path)
        case .strayFolder: targets.contains { ArchiveLayout.folder(of: $0) == fault.path }
        default: false
        }
    }

    /// Adds files that came into the archive meanwhile.
    mutating func add(_ paths: some Sequence<String>) { targets.formUnion(paths) }
}
