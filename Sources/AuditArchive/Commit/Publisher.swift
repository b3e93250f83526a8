import SystemPackage

/// The second half of a commit: from the journal in its place to the manifest in its place. Every step can be repeated,
/// so the same code ends a commit and recovers one.
struct Publisher {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout

    /// Publishes what the journal lists, then the manifest, then removes the journal.
    func publish(_ journal: Journal) throws(ArchiveError) {
        // Without this a power cut could keep what is published below and lose the journal that tells of it.
        try archiveCalls { () throws(FileSystemError) in try fileSystem.synchronizeDirectory(layout.privateDirectory) }
        var changed: Set<String> = []
        for move in journal.moves {
            try publish(move)
            changed.insert(FilePath(move.target).removingLastComponent().string)
        }
        try archiveCalls { () throws(FileSystemError) in
            for directory in changed.sorted() {
                try fileSystem.synchronizeDirectory(layout.absolute(directory))
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

    private func publish(_ move: Journal.Move) throws(ArchiveError) {
        let staged = layout.stagingDirectory.appending(move.staged)
        let target = layout.absolute(move.target)
        let isStaged = try archiveCalls { () throws(FileSystemError) in try fileSystem.status(of: staged) } != nil
        let isPublished = try archiveCalls { () throws(FileSystemError) in try fileSystem.status(of: target) } != nil
        switch (isStaged, isPublished) {
        case (true, false):
            try archiveCalls { () throws(FileSystemError) in
                try ensureDurableDirectory(target.removingLastComponent())
                try fileSystem.rename(staged, to: target)
            }
        case (false, true): break
        case (true, true): try dropStagedTwin(staged, of: target)
        case (false, false): throw .damaged("A file of an unfinished commit is gone", at: target)
        }
    }

    /// After a power cut a rename can have left both names; then they hold the same. Anything else is not ours to replace.
    private func dropStagedTwin(_ staged: FilePath, of target: FilePath) throws(ArchiveError) {
        let same = try archiveCalls { () throws(FileSystemError) in
            try fileSystem.contents(of: staged) == fileSystem.contents(of: target)
        }
        guard same else { throw .damaged("A file stands where a commit would publish one", at: target) }
        try archiveCalls { () throws(FileSystemError) in try fileSystem.remove(staged) }
    }

    /// Makes a folder below the archive, and makes its name last.
    private func ensureDurableDirectory(_ directory: FilePath) throws(FileSystemError) {
        do {
            try fileSystem.ensureDirectory(directory)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            try ensureDurableDirectory(directory.removingLastComponent())
            try fileSystem.ensureDirectory(directory)
        }
        // Also where it was there already: an earlier try may have made it and died before this.
        try fileSystem.synchronizeDirectory(directory.removingLastComponent())
    }

    private func publishManifest(_ generation: Int) throws(ArchiveError) {
        let staged = layout.stagingDirectory.appending(Journal.stagedManifest)
        if try archiveCalls({ () throws(FileSystemError) in try fileSystem.status(of: staged) }) != nil {
            try archiveCalls { () throws(FileSystemError) in try fileSystem.rename(staged, to: layout.manifest) }
        } else if try fileSystem.loadManifest(layout)?.manifest.generation != generation {
            // Gone is fine only in a recovery that comes after this very rename.
            throw .damaged("The manifest of an unfinished commit is gone", at: staged)
        }
        try archiveCalls { () throws(FileSystemError) in try fileSystem.synchronizeDirectory(layout.root) }
    }
}
