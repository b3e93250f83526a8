import SystemPackage

/// What a session does first: finishes the commit that an earlier process left after its point of no return, or clears
/// away what one left before it.
struct Recovery {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout

    /// Finishes or clears away.
    ///
    /// - Throws: `ArchiveError` of the kind `damaged` if there is a journal that does not belong to the manifest in place,
    ///   which was put back or copied without it: finishing it would lose what came since.
    func run() throws(ArchiveError) {
        let publisher = Publisher(fileSystem: fileSystem, layout: layout)
        let bytes = try archiveCalls { () throws(FileSystemError) in try fileSystem.contents(of: layout.journal) }
        if let bytes {
            let journal = try Journal(decoding: bytes, at: layout.journal)
            try check(journal)
            try checkFiles(of: journal)
            try publisher.publish(journal)
        }
        try publisher.discardStaging()
        try RenameProbe(fileSystem, layout).clear()
    }

    /// Refuses a journal that the manifest in place neither comes before nor after.
    func check(_ journal: Journal) throws(ArchiveError) {
        guard let link = journal.link else {
            let generation = try fileSystem.loadManifest(layout)?.manifest.generation ?? 0
            guard generation == journal.generation || generation == journal.generation - 1 else {
                throw mismatch(journal)
            }
            return
        }
        let identity = try fileSystem.manifestIdentity(layout)
        guard identity == link.follows || identity == link.makes else { throw mismatch(journal) }
        let staged = layout.stagingDirectory.appending(Journal.stagedManifest)
        let next = try archiveCalls { () throws(FileSystemError) in try fileSystem.contents(of: staged) }
        switch next.map(ManifestSeal.identity(of:)) {
        case link.makes?: return
        case nil where identity == link.makes: return
        case nil: throw .refusedJournal("The manifest of an unfinished commit is gone", at: staged)
        default: throw .refusedJournal("The manifest of an unfinished commit is not what its journal says", at: staged)
        }
    }

    /// Refuses to publish a file that is not what the manifest of the commit says.
    func checkFiles(of journal: Journal) throws(ArchiveError) {
        let staged = layout.stagingDirectory.appending(Journal.stagedManifest)
        let bytes = try archiveCalls { () throws(FileSystemError) in try fileSystem.contents(of: staged) }
        // Without it the manifest is in its place, and then so were the files before it.
        let files = JournaledFiles(fileSystem, layout, bytes.flatMap { try? Manifest(decoding: $0) }, journal)
        for move in journal.moves {
            if let path = try files.damaged(move) {
                throw .refusedJournal("A file of an unfinished commit is not what its manifest says", at: path)
            }
        }
    }

    private func mismatch(_ journal: Journal) -> ArchiveError {
        .refusedJournal(
            "There is a journal of an unfinished commit (generation \(journal.generation)) that does not belong to this "
                + "manifest", at: layout.journal)
    }
}
