package import CivilTime

/// An archive's lock, held: no other process writes to it meanwhile.
///
/// An ``ArchiveSession`` writes under it. Whoever takes the lock first and then opens a session can still record its run
/// where the archive turns out to be damaged.
package struct ArchiveHold: Sendable {
    /// The archive, on a file system that passes over folders which cannot be made durable.
    let archive: ArchiveDirectory
    /// The same file system, which knows what it passed over.
    let fileSystem: LenientFileSystem
    /// When it was taken.
    let begin: Timestamp
    private let lock: any FileLock

    /// Takes the lock, making the archive's folder if need be.
    ///
    /// - Parameter creates: Whether an archive may begin here; `nil` where there has to be one, whatever the settings say.
    /// - Throws: `ArchiveError` of the kind `absent` where no archive is and none may begin, and where the folder holds
    ///   something else; of the kind `locked` where another process holds the lock. Nothing was changed then.
    package init(
        _ layout: ArchiveLayout, creates: Bool? = true, fileSystem: any FileSystem, processID: Int32, now: Timestamp
    ) throws(ArchiveError) {
        self.fileSystem = LenientFileSystem(fileSystem)
        begin = now
        archive = ArchiveDirectory(layout, self.fileSystem)
        try archive.checkBeginning(creates: creates)
        try archive.makeFolders()
        lock = try archive.lock(processID: processID, now: now)
    }

    /// Records a run of `sync` in `freshness.json`, whatever its outcome.
    ///
    /// - Parameter manifest: What is in the archive after it; `nil` where that is not known.
    /// - Returns: What the file says now.
    package func record(_ run: Freshness.Run, _ manifest: Manifest?) throws(ArchiveError) -> Freshness {
        try FreshnessFile(archive.layout, fileSystem).record(run, manifest)
    }

    /// Makes sure that no commit was begun and not ended, which opening the archive for writing would end.
    ///
    /// - Throws: `ArchiveError` of the kind `locked`.
    package func requireNoCommit() throws(ArchiveError) {
        guard try archive.exists(archive.layout.journal) else { return }
        throw .unfinishedCommit(
            at: archive.layout.journal, hint: "Run `captivateiq-export sync`, which finishes it.")
    }

    /// Gives the lock up.
    package func release() { lock.unlock() }
}
