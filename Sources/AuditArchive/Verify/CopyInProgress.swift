/// What a copy that is on its way to an archive's copy, or was broken off, has put there before the manifest that names it, or
/// is yet to take away after it. `scripts/ship` keeps the list at the other end until a copy is whole.
struct CopyInProgress {
    private let files: Set<String>
    private let folders: Set<String>

    /// Reads the list, if there is one. Only data files and quarantine files count.
    init(_ archive: ArchiveDirectory) {
        // Whoever may not read the private folder sees no copy there, and at worst reports what it brought.
        guard let bytes = try? archive.contents(ofFile: archive.layout.copiedPaths) else {
            files = []
            folders = []
            return
        }
        files = Set(
            String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
                .filter { DataFileName(path: $0) != nil || QuarantineFileName(path: $0) != nil })
        folders = Set(files.map(ArchiveLayout.folder))
    }

    /// What a path that the manifest does not name is to such a copy; `nil` if it has nothing to do with it.
    func note(on path: String, _ kind: FileStatus.Kind) -> ArchiveFault? {
        switch kind {
        case .file where files.contains(path):
            ArchiveFault(.unfinishedCopy, path, "is part of a copy that is under way or was broken off")
        case .directory where folders.contains(path):
            ArchiveFault(.unfinishedCopy, path, "is a folder of a copy that is under way or was broken off")
        default: nil
        }
    }
}
