import SystemPackage

/// The second half of a commit: from the journal in its place to the manifest in its place. Every step can be repeated,
/// so the same code ends a commit and recovers one.
struct Publisher {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout
    /// Whether an unfinished commit must have left a manifest that can be read. Not where it is made anew anyway.
    var requiresManifest = true

    /// Publishes what the journal lists, then the manifest, then removes the journal.
    func publish(_ journal: Journal) throws(ArchiveError) {
        // Without this a power cut could keep what is published below and lose the journal that tells of it.
        try archiveCalls { () throws(FileSystemError) in try fileSystem.synchronizeDirectory(layout.privateDirectory) }
        var waiting: [Journal.Move] = []
        for move in journal.moves where try isWaiting(move) { waiting.append(move) }
        try archiveCalls { () throws(FileSystemError) in
            try makeFolders(of: waiting)
            for move in waiting {
                try fileSystem.rename(layout.stagingDirectory.appending(move.staged), to: layout.absolute(move.target))
            }
            // Those of a commit that is being recovered too: it may have died between its renames and this.
            for folder in Set(journal.moves.map { ArchiveLayout.folder(of: $0.target) }).sorted() {
                try fileSystem.synchronizeDirectory(layout.absolute(folder))
            }
        }
        try publishManifest(journal.generation)
        try archiveCalls { () throws(FileSystemError) in
            try fileSystem.removeIfPresent(layout.journal)
            try fileSystem.synchronizeDirectory(layout.privateDirectory)
        }
    }

    /// Finishes the commit that an earlier process left after its point of no return, or clears away what one left
    /// before it.
    func recover() throws(ArchiveError) {
        let journal = try archiveCalls { () throws(FileSystemError) in try fileSystem.contents(of: layout.journal) }
        if let journal {
            try publish(try Journal(decoding: journal, at: layout.journal))
        }
        try discardStaging()
    }

    /// Empties the staging folder unless a commit is past its point of no return: then what is there is the journal's.
    func discardUnlessJournaled() throws(ArchiveError) {
        let journal = try archiveCalls { () throws(FileSystemError) in try fileSystem.status(of: layout.journal) }
        if journal == nil { try discardStaging() }
    }

    /// Empties the staging folder.
    private func discardStaging() throws(ArchiveError) {
        try archiveCalls { () throws(FileSystemError) in
            for name in try fileSystem.names(in: layout.stagingDirectory) {
                try fileSystem.remove(layout.stagingDirectory.appending(name))
            }
        }
    }

    /// Whether a file is yet to be published.
    private func isWaiting(_ move: Journal.Move) throws(ArchiveError) -> Bool {
        let staged = layout.stagingDirectory.appending(move.staged)
        let target = layout.absolute(move.target)
        let isStaged = try archiveCalls { () throws(FileSystemError) in try fileSystem.status(of: staged) } != nil
        let isPublished = try archiveCalls { () throws(FileSystemError) in try fileSystem.status(of: target) } != nil
        switch (isStaged, isPublished) {
        case (true, false): return true
        case (false, true): return false
        case (false, false): throw .damaged("A file of an unfinished commit is gone", at: target)
        case (true, true):
            try dropStagedTwin(staged, of: target)
            return false
        }
    }

    /// After a power cut a rename can have left both names; then they hold the same. Anything else is not ours to
    /// replace.
    private func dropStagedTwin(_ staged: FilePath, of target: FilePath) throws(ArchiveError) {
        let same = try archiveCalls { () throws(FileSystemError) in
            try fileSystem.contents(of: staged) == fileSystem.contents(of: target)
        }
        guard same else { throw .damaged("A file stands where a commit would publish one", at: target) }
        try archiveCalls { () throws(FileSystemError) in try fileSystem.remove(staged) }
    }

    /// Makes the folders that files are published into, and makes their names last.
    private func makeFolders(of moves: [Journal.Move]) throws(FileSystemError) {
        guard !moves.isEmpty else { return }
        try fileSystem.ensureDirectory(layout.dataDirectory)
        for folder in Set(moves.map { ArchiveLayout.folder(of: $0.target) }).sorted() {
            try fileSystem.ensureDirectory(layout.absolute(folder))
        }
        // Also where they were there already: an earlier try may have made them and died before this.
        try fileSystem.synchronizeDirectory(layout.dataDirectory)
        try fileSystem.synchronizeDirectory(layout.root)
    }

    private func publishManifest(_ generation: Int) throws(ArchiveError) {
        let staged = layout.stagingDirectory.appending(Journal.stagedManifest)
        if try archiveCalls({ () throws(FileSystemError) in try fileSystem.status(of: staged) }) != nil {
            try archiveCalls { () throws(FileSystemError) in try fileSystem.rename(staged, to: layout.manifest) }
        } else if requiresManifest, try fileSystem.loadManifest(layout)?.manifest.generation != generation {
            // Gone is fine only in a recovery that comes after this very rename.
            throw .damaged("The manifest of an unfinished commit is gone", at: staged)
        }
        try archiveCalls { () throws(FileSystemError) in try fileSystem.synchronizeDirectory(layout.root) }
    }
}
