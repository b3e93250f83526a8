import SystemPackage

/// The second half of a commit: from the journal in its place to the manifest in its place. Every step can be repeated,
/// so the same code ends a commit and recovers one.
struct Publisher {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout

    /// Publishes what the journal lists, takes away what it lists, then publishes the manifest and removes the journal.
    func publish(_ journal: Journal) throws(ArchiveError) {
        // Without this a power cut could keep what is published below and lose the journal that tells of it.
        try archiveCalls { () throws(FileSystemError) in try fileSystem.synchronizeDirectory(layout.privateDirectory) }
        var waiting: [Journal.Move] = []
        for move in journal.moves where try isWaiting(move) { waiting.append(move) }
        try archiveCalls { () throws(FileSystemError) in
            try publish(waiting)
            // Those of a commit that is being recovered too: it may have died between its renames and this.
            for folder in Set(journal.moves.map { ArchiveLayout.folder(of: $0.target) }).sorted() {
                try fileSystem.synchronizeDirectory(layout.absolute(folder))
            }
            try remove(journal.removals)
        }
        try publishManifest(journal)
        try dropJournal()
    }

    /// Renames staged files into their places, in folders that are made if need be.
    func publish(_ moves: [Journal.Move]) throws(FileSystemError) {
        try makeFolders(of: moves)
        for move in moves {
            try fileSystem.rename(layout.stagingDirectory.appending(move.staged), to: layout.absolute(move.target))
        }
    }

    /// Removes the journal, durably.
    func dropJournal() throws(ArchiveError) {
        try archiveCalls { () throws(FileSystemError) in
            try fileSystem.removeIfPresent(layout.journal)
            try fileSystem.synchronizeDirectory(layout.privateDirectory)
        }
    }

    /// Empties the staging folder unless a commit is past its point of no return: then what is there is the journal's.
    func discardUnlessJournaled() throws(ArchiveError) {
        let journal = try archiveCalls { () throws(FileSystemError) in try fileSystem.status(of: layout.journal) }
        if journal == nil { try discardStaging() }
    }

    /// Empties the staging folder.
    func discardStaging() throws(ArchiveError) {
        try archiveCalls { () throws(FileSystemError) in
            for name in try fileSystem.names(in: layout.stagingDirectory) {
                try fileSystem.remove(layout.stagingDirectory.appending(name))
            }
        }
    }

    /// Whether a file is yet to be published.
    func isWaiting(_ move: Journal.Move) throws(ArchiveError) -> Bool {
        let staged = layout.stagingDirectory.appending(move.staged)
        let target = layout.absolute(move.target)
        let isStaged = try archiveCalls { () throws(FileSystemError) in try fileSystem.status(of: staged) } != nil
        let isPublished = try archiveCalls { () throws(FileSystemError) in try fileSystem.status(of: target) } != nil
        switch (isStaged, isPublished) {
        case (true, false): return true
        case (false, true): return false
        case (false, false): throw .refusedJournal("A file of an unfinished commit is gone", at: target)
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

    /// Removes files, and the folders that are empty then.
    private func remove(_ paths: [String]) throws(FileSystemError) {
        for path in paths { try fileSystem.removeIfPresent(layout.absolute(path)) }
        for folder in Set(paths.map(ArchiveLayout.folder(of:))).sorted() {
            let place = layout.absolute(folder)
            if try fileSystem.status(of: place) != nil {
                if try fileSystem.names(in: place).isEmpty {
                    try fileSystem.removeDirectory(place)
                } else {
                    try fileSystem.synchronizeDirectory(place)
                }
            }
            // Also where it is gone already: an earlier try may have removed it and died before this.
            try fileSystem.synchronizeDirectory(layout.absolute(ArchiveLayout.folder(of: folder)))
        }
    }

    private func publishManifest(_ journal: Journal) throws(ArchiveError) {
        let staged = layout.stagingDirectory.appending(Journal.stagedManifest)
        if try archiveCalls({ () throws(FileSystemError) in try fileSystem.status(of: staged) }) != nil {
            try archiveCalls { () throws(FileSystemError) in try fileSystem.rename(staged, to: layout.manifest) }
        } else if try !isPublished(journal) {
            // Gone is fine only in a recovery that comes after this very rename.
            throw .refusedJournal("The manifest of an unfinished commit is gone", at: staged)
        }
        try archiveCalls { () throws(FileSystemError) in try fileSystem.synchronizeDirectory(layout.root) }
    }

    /// Whether the manifest in place is the one that the commit makes.
    private func isPublished(_ journal: Journal) throws(ArchiveError) -> Bool {
        guard let link = journal.link else {
            return try fileSystem.loadManifest(layout)?.manifest.generation == journal.generation
        }
        return try fileSystem.manifestIdentity(layout) == link.makes
    }
}

extension FileSystem {
    /// The digest of the manifest that is in place, whatever it is; `nil` where there is none.
    func manifestIdentity(_ layout: ArchiveLayout) throws(ArchiveError) -> String? {
        let bytes = try archiveCalls { () throws(FileSystemError) in try contents(of: layout.manifest) }
        return bytes.map(ManifestSeal.identity(of:))
    }
}

extension ArchiveError {
    /// What is left of a commit cannot be finished, and only a rebuild can tell what there is.
    static func refusedJournal(_ summary: String, at path: FilePath) -> ArchiveError {
        ArchiveError(
            .damaged, summary, at: path,
            advice: "Nothing was changed. `captivateiq-export rebuild` makes the manifest anew from the files that are "
                + "there, and has the next sync fetch again what is not.")
    }
}
