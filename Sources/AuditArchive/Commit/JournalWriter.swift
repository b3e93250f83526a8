import SystemPackage

/// The first half of a commit's end: the staged manifest, and the journal in its place.
struct JournalWriter {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout
    /// What was found of the folders that are published into.
    var probe: RenameProbe

    /// Writes the text of the manifest and then the journal, whose rename into place is the point of no return.
    mutating func write(_ journal: Journal, _ manifest: [UInt8]) throws(ArchiveError) {
        for move in journal.moves { try checkIsFree(move.target) }
        for folder in Set(journal.moves.map { ArchiveLayout.folder(of: $0.target) }).sorted() {
            try checkIsFolder(layout.absolute(folder))
        }
        try probe.run(for: journal)
        let stagedJournal = layout.stagingDirectory.appending(Journal.stagedJournal)
        try archiveCalls { () throws(FileSystemError) in
            try fileSystem.ensureDirectory(layout.dataDirectory)
            try fileSystem.synchronizeDirectory(layout.root)
            try fileSystem.createDurably(layout.stagingDirectory.appending(Journal.stagedManifest), manifest)
            try fileSystem.createDurably(stagedJournal, journal.encoded())
            try fileSystem.synchronizeDirectory(layout.stagingDirectory)
            try fileSystem.rename(stagedJournal, to: layout.journal)
        }
    }

    /// Something else in a folder's place, above all a link out of the archive, is found while there is a way back.
    private func checkIsFolder(_ path: FilePath) throws(ArchiveError) {
        let status = try archiveCalls { () throws(FileSystemError) in try fileSystem.status(of: path) }
        guard let kind = status?.kind, kind != .directory else { return }
        throw ArchiveError(FileSystemError(.mkdir, path, .notDirectory))
    }

    /// Files that no manifest names, as an older manifest put back leaves them, are found while there is a way back.
    private func checkIsFree(_ target: String) throws(ArchiveError) {
        let path = layout.absolute(target)
        guard try archiveCalls({ () throws(FileSystemError) in try fileSystem.status(of: path) }) == nil else {
            throw .damaged("A file stands where a commit would publish one", at: path)
        }
    }
}

extension Journal {
    /// The journal of a commit that publishes these paths from files of the same names in the staging folder.
    init(generation: Int, link: Link, targets: [String], removals: [String] = []) {
        let moves = targets.map { target in
            Move(
                staged: String(target[(target.lastIndex(of: "/").map(target.index(after:)) ?? target.startIndex)...]),
                target: target)
        }
        self.init(generation: generation, link: link, moves: moves, removals: removals)
    }
}
