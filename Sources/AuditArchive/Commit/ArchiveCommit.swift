import SystemPackage

/// A commit: how staged files and the manifest that names them come into an archive, all of them or none.
///
/// The steps are those of the archive's format:
///
/// 1. Whoever commits holds the archive's lock, ``ArchiveDirectory/lock(processID:now:)``.
/// 2. ``StagedFileWriter`` writes the new files into the staging folder, each of them durable.
/// 3. ``prepare(_:manifest:)`` writes the manifest there too, then the journal. The journal's rename into its place is
///    the point of no return.
/// 4. ``publish(_:)`` moves the files into their places, takes folders and files away, then publishes the manifest and
///    removes the journal.
/// 5. ``recover()`` is what the next one does first: with a journal it finishes step 4, without one it empties the staging
///    folder.
///
/// A failure up to the point of no return leaves the archive as it was. Every later step can be repeated, so that the same
/// code ends a commit and recovers one.
struct ArchiveCommit: Sendable {
    private let archive: ArchiveDirectory
    private var layout: ArchiveLayout { archive.layout }
    /// What was found of the folders that are published into.
    private var probe: RenameProbe
    private let partitions: PartitionExchange

    /// A commit to this archive, or several one after the other.
    init(_ archive: ArchiveDirectory) {
        self.archive = archive
        probe = RenameProbe(archive)
        partitions = PartitionExchange(archive)
    }

    /// Publishes a change of the state that has the digest `follows`, `nil` for none, as the manifest `next`. What the
    /// manifest says that data files cannot tell is noted beside it.
    ///
    /// - Throws: `ArchiveError` of the kind `noExchange` where the file system cannot exchange a folder: then nothing was
    ///   changed.
    mutating func run(
        _ change: CommitChange, _ metadata: CommitMetadata, from old: Manifest?, follows: String?,
        making next: inout Manifest, _ evidence: inout EvidenceRecorder
    ) throws(ArchiveError) {
        var staged = EvidenceRecorder.Staged()
        let unsealed = next
        let text = try next.seal { (above: TreeHash) throws(ArchiveError) -> EvidenceHead? in
            staged = try evidence.stage(change, metadata, from: old, to: unsealed, above: above)
            return staged.head
        }
        let link = Journal.Link(follows: follows, makes: next.digest)
        var journal = Journal(change, generation: next.generation, link: link, at: next.writtenAt)
        journal.replacements = staged.moves
        try run(journal, manifest: text)
        evidence.recordCommit()
        ManifestSidecarFile(archive).save(ManifestSidecar(next))
    }

    /// Finds out whether folders can be exchanged.
    func probeExchange() throws(ArchiveError) { try partitions.probe() }

    /// Does steps 3 and 4.
    mutating func run(_ journal: Journal, manifest: [UInt8]) throws(ArchiveError) {
        assert(
            (try? Manifest(decoding: manifest))?.digest == journal.link?.makes,
            "the manifest of a commit can be read back, and is the one that its journal names")
        try prepare(journal, manifest: manifest)
        try publish(journal)
    }
}

// MARK: 3. The manifest, the journal and the point of no return

extension ArchiveCommit {
    /// Writes the text of the manifest and then the journal. When this returns, the commit happens, now or at the next
    /// start.
    mutating func prepare(_ journal: Journal, manifest: [UInt8]) throws(ArchiveError) {
        for move in journal.moves { try checkIsFree(move.target) }
        let evidence = journal.replacements.isEmpty ? [] : EvidenceFolder.folders
        for folder in journal.folders + evidence { try checkIsFolder(layout.absolute(folder)) }
        try probe.run(for: journal)
        try partitions.prepare(journal)
        try archive.ensureDirectory(layout.dataDirectory)
        try archive.synchronizeDirectory(layout.root)
        try archive.createDurably(layout.stagedManifest, manifest)
        try archive.createDurably(layout.stagedJournal, journal.encoded())
        try archive.synchronizeDirectory(layout.stagingDirectory)
        try archive.rename(layout.stagedJournal, to: layout.journal)
    }

    /// Something else in a folder's place, above all a link out of the archive, is found while there is a way back.
    private func checkIsFolder(_ path: FilePath) throws(ArchiveError) {
        guard let kind = try archive.kind(of: path), kind != .directory else { return }
        throw ArchiveError(FileSystemError(.mkdir, path, .notDirectory))
    }

    /// Files that no manifest names, as an older manifest put back leaves them, are found while there is a way back.
    private func checkIsFree(_ target: String) throws(ArchiveError) {
        let path = layout.absolute(target)
        if try archive.exists(path) { throw .damaged("A file stands where a commit would publish one", at: path) }
    }
}

// MARK: 4. Publishing

extension ArchiveCommit {
    /// Publishes what the journal lists, takes away what it lists, then publishes the manifest and removes the journal.
    func publish(_ journal: Journal) throws(ArchiveError) {
        // Without this a power cut could keep what is published below and lose the journal that tells of it.
        try archive.synchronizeDirectory(layout.privateDirectory)
        var waiting: [Journal.Move] = []
        for move in journal.moves where try isWaiting(move) { waiting.append(move) }
        try publish(waiting)
        // Those of a commit that is being recovered too: it may have died between its renames and this.
        for folder in journal.folders { try archive.synchronizeDirectory(layout.absolute(folder)) }
        do throws(ArchiveError) {
            try partitions.publish(journal)
        } catch {
            if error.kind == .noExchange { try takeBack(journal) }
            throw error
        }
        try remove(journal.removals)
        try replace(journal.replacements)
        try publishManifest(journal)
        try dropJournal()
    }

    /// Takes back a commit of which one folder cannot be exchanged: those that were are exchanged again, by a journal of
    /// their own, so that a crash meanwhile is as harmless as in any commit. Only folders that are merged are exchanged,
    /// so the old ones hold the same events.
    private func takeBack(_ journal: Journal) throws(ArchiveError) {
        guard let digest = journal.link?.follows, journal.moves.isEmpty, !journal.isUndo else { return }
        let undo = try partitions.undoing(journal, Journal.Link(follows: digest, makes: digest))
        try archive.removeIfPresent(layout.stagedJournal)
        try archive.createDurably(layout.stagedJournal, undo.encoded())
        try archive.synchronizeDirectory(layout.stagingDirectory)
        try archive.rename(layout.stagedJournal, to: layout.journal)
        try publish(undo)
        try discardStaging()
    }

    /// Whether a file is yet to be published.
    private func isWaiting(_ move: Journal.Move) throws(ArchiveError) -> Bool {
        let (staged, target) = (layout.staged(move.staged), layout.absolute(move.target))
        switch (try archive.exists(staged), try archive.exists(target)) {
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
        guard try archive.contents(of: staged) == archive.contents(of: target) else {
            throw .damaged("A file stands where a commit would publish one", at: target)
        }
        try archive.remove(staged)
    }

    /// Renames staged files into their places, in folders that are made if need be.
    func publish(_ moves: [Journal.Move]) throws(ArchiveError) {
        try makeFolders(of: moves)
        for move in moves { try archive.rename(layout.staged(move.staged), to: layout.absolute(move.target)) }
    }

    /// Puts files of the evidence in the places of their older versions. Those that are staged no more are there already.
    private func replace(_ moves: [Journal.Move]) throws(ArchiveError) {
        guard !moves.isEmpty else { return }
        let folders = Set(moves.map { ArchiveLayout.folder(of: $0.target) } + [ArchiveLayout.evidenceDirectoryName])
        for folder in folders.sorted() { try archive.ensureDirectory(layout.absolute(folder)) }
        for move in moves {
            let (staged, target) = (layout.staged(move.staged), layout.absolute(move.target))
            if try archive.exists(staged) {
                try archive.rename(staged, to: target)
            } else if try !archive.exists(target) {
                throw .refusedJournal("A file of an unfinished commit is gone", at: target)
            }
        }
        for folder in folders.sorted().reversed() { try archive.synchronizeDirectory(layout.absolute(folder)) }
        try archive.synchronizeDirectory(layout.root)
    }

    /// Makes the folders that files are published into, and makes their names last.
    private func makeFolders(of moves: [Journal.Move]) throws(ArchiveError) {
        guard !moves.isEmpty else { return }
        try archive.ensureDirectory(layout.dataDirectory)
        for folder in Journal.folders(of: moves) { try archive.ensureDirectory(layout.absolute(folder)) }
        // Also where they were there already: an earlier try may have made them and died before this.
        try archive.synchronizeDirectory(layout.dataDirectory)
        try archive.synchronizeDirectory(layout.root)
    }

    /// Removes files, and the folders that are empty then.
    private func remove(_ paths: [String]) throws(ArchiveError) {
        for path in paths { try archive.removeIfPresent(layout.absolute(path)) }
        for folder in Set(paths.map(ArchiveLayout.folder(of:))).sorted() {
            let place = layout.absolute(folder)
            if try archive.exists(place) {
                if try archive.names(in: place).isEmpty {
                    try archive.removeDirectory(place)
                } else {
                    try archive.synchronizeDirectory(place)
                }
            }
            // Also where it is gone already: an earlier try may have removed it and died before this.
            try archive.synchronizeDirectory(layout.absolute(ArchiveLayout.folder(of: folder)))
        }
    }

    private func publishManifest(_ journal: Journal) throws(ArchiveError) {
        // The one that is staged is that of the commit that is taken back.
        if journal.isUndo { return }
        if try archive.exists(layout.stagedManifest) {
            try archive.rename(layout.stagedManifest, to: layout.manifest)
        } else if try !isPublished(journal) {
            // Gone is fine only in a recovery that comes after this very rename.
            throw .refusedJournal("The manifest of an unfinished commit is gone", at: layout.stagedManifest)
        }
        try archive.synchronizeDirectory(layout.root)
    }

    /// Whether the manifest in place is the one that the commit makes.
    private func isPublished(_ journal: Journal) throws(ArchiveError) -> Bool {
        guard let link = journal.link else {
            return try archive.loadManifest()?.manifest.generation == journal.generation
        }
        return try archive.manifestIdentity() == link.makes
    }

    /// Removes the journal, durably.
    private func dropJournal() throws(ArchiveError) {
        try archive.removeIfPresent(layout.journal)
        try archive.synchronizeDirectory(layout.privateDirectory)
    }
}

// MARK: 5. Recovery

extension ArchiveCommit {
    /// Finishes the commit that an earlier process left after its point of no return, or clears away what one left before
    /// it.
    ///
    /// - Throws: `ArchiveError` of the kind `damaged` if there is a journal that does not belong to the manifest in place,
    ///   which was put back or copied without it: finishing it would lose what came since.
    func recover() throws(ArchiveError) {
        if let bytes = try archive.contents(of: layout.journal) {
            let journal = try Journal(decoding: bytes, at: layout.journal)
            try check(journal)
            do throws(ArchiveError) {
                try publish(journal)
            } catch {
                // Otherwise it was taken back.
                let isLeft = try archive.exists(layout.journal)
                if error.kind != .noExchange || isLeft { throw error }
            }
        }
        try clear()
    }

    /// Refuses a journal whose commit cannot be finished: one that the manifest in place neither comes before nor after,
    /// or one whose files are not what the manifest of the commit says.
    func check(_ journal: Journal) throws(ArchiveError) {
        try checkManifests(of: journal)
        let bytes = try archive.contents(of: layout.stagedManifest)
        // Without it the manifest is in its place, and then so were the files before it.
        let stated = bytes.flatMap { try? Manifest(decoding: $0) }?.digests(of: journal) ?? [:]
        for move in journal.moves {
            guard let path = try damagedPlace(of: move, stated[move.target]) else { continue }
            throw .refusedJournal("A file of an unfinished commit is not what its manifest says", at: path)
        }
        for exchange in journal.exchanges {
            guard let path = try damagedPlace(of: exchange, stated) else { continue }
            throw .refusedJournal("A file of an unfinished commit is not what its manifest says", at: path)
        }
    }

    private func checkManifests(of journal: Journal) throws(ArchiveError) {
        guard let link = journal.link else {
            let generation = try archive.loadManifest()?.manifest.generation ?? 0
            guard generation == journal.generation || generation == journal.generation - 1 else {
                throw mismatch(journal)
            }
            return
        }
        let identity = try archive.manifestIdentity()
        guard identity == link.follows || identity == link.makes else { throw mismatch(journal) }
        if journal.isUndo { return }
        let next = try archive.contents(of: layout.stagedManifest).map(ManifestSeal.identity(of:))
        if next == link.makes || next == nil && identity == link.makes { return }
        let fault = next == nil ? "is gone" : "is not what its journal says"
        throw .refusedJournal("The manifest of an unfinished commit \(fault)", at: layout.stagedManifest)
    }

    private func mismatch(_ journal: Journal) -> ArchiveError {
        .refusedJournal(
            "There is a journal of an unfinished commit (generation \(journal.generation)) that does not belong to this "
                + "manifest", at: layout.journal)
    }

    /// Where the file of a move is that is not what the manifest says; `nil` if it is, or if that is not known. A copy taken
    /// during a commit, or a failing disk, can have cut or changed one that nothing names yet.
    func damagedPlace(of move: Journal.Move, _ stated: FileDigest?) throws(ArchiveError) -> FilePath? {
        guard let stated else { return nil }
        for path in [layout.staged(move.staged), layout.absolute(move.target)] {
            guard let bytes = try archive.contents(of: path) else { continue }
            if !stated.isDigest(of: bytes) { return path }
        }
        return nil
    }

    /// Where a file of a new folder is that is not what the manifest says; `nil` if they all are, or if that is not known.
    func damagedPlace(
        of exchange: Journal.Exchange, _ stated: [String: FileDigest]
    ) throws(ArchiveError) -> FilePath? {
        for (name, path) in zip(exchange.files, exchange.paths) {
            guard let digest = stated[path] else { continue }
            for folder in [layout.stagedPartition(exchange.date), layout.partition(exchange.date)] {
                let place = folder.appending(name)
                guard let bytes = try archive.contents(of: place) else { continue }
                if !digest.isDigest(of: bytes) { return place }
            }
        }
        return nil
    }

    /// Empties the staging folder, and removes what a probe of the folders left.
    func clear() throws(ArchiveError) {
        try discardStaging()
        try probe.clear()
    }

    /// Empties the staging folder unless a commit is past its point of no return: then what is there is the journal's.
    func discardUnlessJournaled() throws(ArchiveError) {
        if try !archive.exists(layout.journal) { try discardStaging() }
    }

    /// Empties the staging folder. A folder that no commit makes stays, and is a failure.
    func discardStaging() throws(ArchiveError) {
        for name in try archive.names(in: layout.stagingDirectory) {
            if PartitionExchange.makesFolder(name) {
                try archive.removeTree(layout.staged(name))
            } else {
                try archive.remove(layout.staged(name))
            }
        }
    }
}

extension ArchiveError {
    /// What is left of a commit cannot be finished, and only a rebuild can tell what there is.
    static func refusedJournal(_ summary: String, at path: FilePath) -> ArchiveError {
        ArchiveError(
            .damaged, summary, at: path,
            hint: "Nothing was changed. `captivateiq-export rebuild` makes the manifest anew from the files that are "
                + "there, and has the next sync fetch again what is not.")
    }
}
