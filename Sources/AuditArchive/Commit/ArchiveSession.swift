package import JSONText
import SystemPackage

/// An archive opened for writing: it holds the lock, has recovered what a crash left, and takes events to commit.
///
/// Nothing staged is visible before ``commit(_:)``; after any error the archive is what it was before or, past the
/// point of no return, what it was about to be, once the next session opens it.
package actor ArchiveSession {
    /// How files are written.
    package struct Settings: Sendable {
        /// Level and cores.
        package var compression: CompressionSettings

        /// The most bytes of NDJSON in one file.
        package var maximumPartSize: Int

        /// Program and version, for the manifest.
        package var writer: String

        /// Chooses how files are written.
        package init(compression: CompressionSettings, maximumPartSize: Int, writer: String) {
            self.compression = compression
            self.maximumPartSize = maximumPartSize
            self.writer = writer
        }
    }

    /// What a commit added.
    package struct Commit: Sendable, Equatable {
        /// The archive's generation after it.
        package var generation: Int
        /// Data files added.
        package var files: Int
        /// Their bytes on disk.
        package var bytes: Int
        /// Their events.
        package var records: Int
    }

    private let fileSystem: any FileSystem
    private let layout: ArchiveLayout
    private let lock: any FileLock
    private let writer: StagedFileWriter
    private let settings: Settings
    private var staged: [DataFile] = []
    private var stagedQuarantine: [QuarantineFile] = []
    private var failure: ArchiveError?

    /// What is in the archive; `nil` before the first commit.
    package private(set) var manifest: Manifest?

    /// Opens the archive, making its folder if need be: takes the lock, finishes or clears away what a crash left,
    /// reads the manifest.
    package init(
        _ layout: ArchiveLayout, _ settings: Settings, fileSystem: any FileSystem, processID: Int32, now: Timestamp
    ) throws(ArchiveError) {
        self.fileSystem = fileSystem
        self.layout = layout
        self.settings = settings
        writer = StagedFileWriter(fileSystem: fileSystem, layout: layout, settings: settings)
        let opening = ArchiveOpening(fileSystem: fileSystem, layout: layout)
        try opening.makeFolders()
        lock = try fileSystem.lockArchive(layout, processID: processID, now: now)
        do throws(ArchiveError) {
            try Publisher(fileSystem: fileSystem, layout: layout).recover()
            manifest = try opening.loadManifest()
        } catch {
            lock.unlock()
            throw error
        }
    }

    /// The archive's files of these dates.
    package func files(of dates: Set<CalendarDay>) -> [DataFile] {
        manifest?.files.filter { dates.contains($0.name.date) } ?? []
    }

    /// The events of one of the archive's files: a busy day's all at once would double the memory that remembers them.
    package func archivedEvents(in file: DataFile) throws(ArchiveError) -> [ArchivedEvent] {
        try ArchivedEventReader(fileSystem: fileSystem, layout: layout).events(in: file)
    }

    /// Those of the archive's events of these dates that have these keys, sorted.
    package func references(
        to keys: Set<EventKey>, of dates: Set<CalendarDay>
    ) throws(ArchiveError) -> [EventReference] {
        let reader = ArchivedEventReader(fileSystem: fileSystem, layout: layout)
        var references: [EventReference] = []
        for file in files(of: dates) {
            references += try reader.references(in: file, to: keys)
        }
        return references.sorted()
    }

    /// A batch that knows what the archive's quarantine holds.
    package func makeQuarantineBatch() throws(ArchiveError) -> QuarantineBatch {
        QuarantineBatch(
            known: try QuarantineReader(fileSystem: fileSystem, layout: layout).digests(manifest?.quarantine ?? []))
    }

    /// Writes a batch of new events into the staging folder, durably, as one or more parts.
    package func stage(_ batch: EventBatch) async throws(ArchiveError) {
        if let failure { throw failure }
        guard batch.count > 0 else { return }
        let part = staged.lazy.filter { $0.name.date == batch.date }.map { $0.name.part + 1 }.max() ?? 0
        do throws(ArchiveError) {
            staged += try await writer.write(batch, generation: nextGeneration, firstPart: part)
        } catch {
            discard()
            throw error
        }
    }

    /// Writes the quarantined records of a batch into the staging folder; its lines are the caller's to remove.
    package func stage(_ batch: QuarantineBatch) async throws(ArchiveError) {
        if let failure { throw failure }
        guard batch.count > 0 else { return }
        let name = QuarantineFileName(generation: nextGeneration, part: stagedQuarantine.count)
        do throws(ArchiveError) {
            stagedQuarantine.append(try await writer.write(batch, as: name))
        } catch {
            discard()
            throw error
        }
    }

    /// Makes what is staged visible, with the facts of the new manifest. Says `nil` where nothing would change.
    ///
    /// After an error the session takes nothing more: whether the commit happens is for the next session to settle.
    package func commit(_ facts: CommitFacts) throws(ArchiveError) -> Commit? {
        if let failure { throw failure }
        do throws(ArchiveError) {
            return try publish(facts)
        } catch {
            failure = error
            discard()
            throw error
        }
    }

    /// Whether anything is staged that a commit would publish.
    package var hasStagedFiles: Bool { !staged.isEmpty || !stagedQuarantine.isEmpty }

    /// Drops what is staged.
    package func discard() {
        staged = []
        stagedQuarantine = []
        // Best effort: the next session empties the folder before it writes.
        try? Publisher(fileSystem: fileSystem, layout: layout).discardUnlessJournaled()
    }

    private func publish(_ facts: CommitFacts) throws(ArchiveError) -> Commit? {
        var next = Manifest.successor(
            of: manifest, adding: staged, quarantine: stagedQuarantine, facts, writer: settings.writer)
        next.lastEventTimestamp = try newestEvent(in: next.files, notAfter: facts.now)
        if let manifest, next.saysTheSame(as: manifest) { return nil }
        let journal = Journal(
            generation: next.generation, targets: staged.map(\.name.path) + stagedQuarantine.map(\.name.path))
        let hint = ManifestFactsFile(layout, fileSystem)
        hint.remove()
        try JournalWriter(fileSystem: fileSystem, layout: layout).write(journal, next)
        try Publisher(fileSystem: fileSystem, layout: layout).publish(journal)
        hint.save(ManifestFacts(next))
        let added = staged
        manifest = next
        staged = []
        stagedQuarantine = []
        return Commit(
            generation: next.generation, files: added.count, bytes: added.reduce(0) { $0 + $1.size },
            records: added.reduce(0) { $0 + $1.records })
    }

    /// Gives the lock up. The session is not used afterwards.
    package func close() {
        lock.unlock()
    }

    private var nextGeneration: Int { (manifest?.generation ?? 0) + 1 }

    private func newestEvent(in files: [DataFile], notAfter limit: Timestamp) throws(ArchiveError) -> Timestamp? {
        let reader = ArchivedEventReader(fileSystem: fileSystem, layout: layout)
        var newest = files.indices.lazy.map { files[$0].lastEventTimestamp }.filter { $0 <= limit }.max()
        // Only a file with events dated in the future says less than is to be known.
        for index in files.indices where files[index].lastEventTimestamp > limit {
            let file = files[index]
            guard file.firstEventTimestamp <= limit else { continue }
            let isStaged = file.name.generation == nextGeneration
            let path =
                isStaged ? layout.stagingDirectory.appending(file.name.fileName) : layout.absolute(file.name.path)
            guard let time = try reader.newestEvent(in: file, at: path, notAfter: limit) else { continue }
            newest = max(newest ?? time, time)
        }
        return newest
    }
}
