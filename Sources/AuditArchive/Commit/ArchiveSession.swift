package import AuditRecords
package import CivilTime
import SystemPackage

/// An archive opened for writing: it holds the lock, has recovered what a crash left, and takes events to commit.
///
/// Nothing staged is visible before ``commit(_:)``; after any error the archive is what it was before or, past the
/// point of no return, what it was about to be, once the next session opens it.
package actor ArchiveSession {
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

    private let hold: ArchiveHold
    private let archive: ArchiveDirectory
    private let reader: ArchivedEventReader
    private let writer: StagedFileWriter
    private let settings: ArchiveSessionSettings
    /// What the next commit changes.
    private var change = CommitChange()
    private var failure: ArchiveError?
    /// Where an archived id is, whatever its date.
    var index: EventIndex
    private var steps: ArchiveCommit
    private var evidence: EvidenceRecorder
    private var folders: FolderCheck
    private var checkedDates: Set<CalendarDay> = []
    private var hasCheckedFolders = false
    private var newestOutside: Int?

    /// How many folders a session compares with the manifest beside those that it works on.
    private static let foldersInTurn = 8

    /// What is in the archive; `nil` before the first commit.
    package private(set) var manifest: Manifest?

    /// Opens the archive, making its folder if need be: takes the lock, finishes or clears away what a crash left,
    /// reads the manifest.
    ///
    /// - Parameter creates: Whether an archive may begin here; `nil` where there has to be one.
    package init(
        _ layout: ArchiveLayout, _ settings: ArchiveSessionSettings, creates: Bool? = true,
        fileSystem: any FileSystem, processID: Int32, now: Timestamp
    ) throws(ArchiveError) {
        let hold = try ArchiveHold(
            layout, creates: creates, fileSystem: fileSystem, processID: processID, now: now)
        do throws(ArchiveError) {
            try self.init(hold, settings)
        } catch {
            hold.release()
            throw error
        }
    }

    /// Opens the archive whose lock is held: finishes or clears away what a crash left, reads the manifest. After a failure
    /// the lock is still held.
    package init(_ hold: ArchiveHold, _ settings: ArchiveSessionSettings) throws(ArchiveError) {
        self.hold = hold
        self.settings = settings
        archive = hold.archive
        steps = ArchiveCommit(archive)
        evidence = EvidenceRecorder(archive, settings.evidence)
        folders = FolderCheck(archive)
        reader = ArchivedEventReader(archive)
        writer = StagedFileWriter(
            archive: archive, compression: settings.compression, maximumPartSize: settings.maximumPartSize)
        index = EventIndex(archive, settings.index)
        try steps.recover()
        manifest = try archive.openManifest()
        try evidence.check(manifest)
        RetiredFolders(archive).clear(manifest, at: hold.begin, keptFor: settings.retireAfter)
    }

    /// What a person should know of the file system and of the evidence, found so far.
    package var warnings: [String] { hold.fileSystem.warnings + evidence.warnings }

    /// The archive's files of these dates.
    package func files(of dates: Set<CalendarDay>) -> [DataFile] {
        // By date: the list of all files can be long.
        guard let manifest else { return [] }
        return dates.sorted().flatMap(manifest.files(of:))
    }

    /// The events of one of the archive's files: a busy day's all at once would double the memory that remembers them.
    package func archivedEvents(in file: DataFile) throws(ArchiveError) -> [ArchivedEvent] {
        try checkOnce(file.name.date)
        return try reader.events(in: file)
    }

    /// Refuses the files of these dates if they are not what the manifest says, without reading the events in them.
    package func checkContents(of dates: Set<CalendarDay>) throws(ArchiveError) {
        for file in files(of: dates) {
            try checkOnce(file.name.date)
            try reader.check(file)
        }
    }

    /// The values of the events of a date, archived or staged, a list for each file.
    package func values(of date: CalendarDay) throws(ArchiveError) -> [[EventValue]] {
        var values: [[EventValue]] = []
        for file in files(of: [date]) {
            values.append(try reader.values(in: file, at: place(of: file)))
        }
        for file in change.added where file.name.date == date {
            values.append(try reader.values(in: file, at: place(of: file)))
        }
        return values
    }

    /// Those of the archive's events of these dates that have these keys, sorted.
    package func references(
        to keys: Set<EventKey>, of dates: Set<CalendarDay>
    ) throws(ArchiveError) -> [EventReference] {
        var references: [EventReference] = []
        for file in files(of: dates) {
            references += try reader.references(in: file, to: keys)
        }
        return references.sorted()
    }

    /// A batch that knows what the archive's quarantine holds.
    package func makeQuarantineBatch() throws(ArchiveError) -> QuarantineBatch {
        QuarantineBatch(
            known: try QuarantineReader(archive: archive).contents(manifest?.quarantine ?? []))
    }

    /// The days to ask the API for again to find out whether what is in quarantine is usable by now.
    package func quarantinedDays() throws(ArchiveError) -> Set<CalendarDay> {
        try QuarantineReader(archive: archive).daysToRetry(manifest?.quarantine ?? [])
    }

    /// Writes a batch of new events into the staging folder, durably, as one or more parts.
    package func stage(_ batch: EventBatch) async throws(ArchiveError) {
        if let failure { throw failure }
        guard batch.count > 0 else { return }
        let part = change.added.lazy.filter { $0.name.date == batch.date }.map { $0.name.part + 1 }.max() ?? 0
        do throws(ArchiveError) {
            try checkOnce(batch.date)
            let nextGeneration = try nextGeneration()
            for written in try await writer.write(batch, generation: nextGeneration, firstPart: part) {
                change.add(written)
            }
            index.stage(batch, beside: manifest?.files ?? [])
        } catch {
            discard()
            throw error
        }
    }

    /// Writes the quarantined records of a batch into the staging folder; its lines are the caller's to remove.
    package func stage(_ batch: QuarantineBatch) async throws(ArchiveError) {
        if let failure { throw failure }
        guard batch.count > 0 else { return }
        do throws(ArchiveError) {
            let name = QuarantineFileName(generation: try nextGeneration(), part: change.quarantine.count)
            change.add(try await writer.write(batch, as: name))
        } catch {
            discard()
            throw error
        }
    }

    /// Merges the files of a date into a folder beside the table, which the next commit exchanges for the date's own.
    ///
    /// - Throws: `ArchiveError` of the kind `damaged` where one of the files is not what the manifest says.
    func stageMerge(of date: CalendarDay) async throws(ArchiveError) {
        if let failure { throw failure }
        do throws(ArchiveError) {
            try checkOnce(date)
            let merge = PartitionMerge(
                archive: archive, compression: settings.compression, maximumPartSize: settings.maximumPartSize)
            let generation = try nextGeneration()
            change.merged.append(try await merge.run(date, manifest?.files(of: date) ?? [], generation: generation))
        } catch {
            discard()
            throw error
        }
    }

    /// Takes dates, and the quarantined records of these dates, out of the archive with the next commit.
    func stage(_ plan: PrunePlan, reason: String, at now: Timestamp) async throws(ArchiveError) {
        if let failure { throw failure }
        do throws(ArchiveError) {
            for date in plan.dates { try checkOnce(date) }
            let pruning = QuarantinePruning(archive: archive, compression: settings.compression)
            change = try await pruning.run(
                plan, manifest?.quarantine ?? [], generation: try nextGeneration(), reason: reason)
            change.prunedDates = plan.dates
            change.pruned = plan.runs.map { $0.pruned(at: now, reason: reason) }
        } catch {
            discard()
            throw error
        }
    }

    /// The generation that the next commit will have, unless another one comes before it.
    func generationOfNextCommit() throws(ArchiveError) -> Int { try nextGeneration() }

    /// How many entries of the evidence a signed head vouches for.
    var signedEntries: Int { evidence.signedEntries }

    /// Signs the head of the evidence as it is; `false` where that needs a commit.
    func signHead() throws(ArchiveError) -> Bool { try evidence.signHead(manifest) }

    /// SHA-256 of the ids of erased events, with the dates that these were of. No record of such an id is taken in again.
    package func erasedIDs() throws(ArchiveError) -> [TreeHash: CalendarDay] { try evidence.erasedIDs(manifest) }

    /// How many events were erased, by their dates: the API may still count them.
    package func erasedCounts() throws(ArchiveError) -> [CalendarDay: Int] {
        try erasedIDs().values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// Has the next commit change something beside what is staged.
    func stage(_ edit: (inout CommitChange) -> Void) { edit(&change) }

    /// Finds out whether the file system can exchange folders.
    ///
    /// - Throws: `ArchiveError` of the kind `noExchange` where it cannot.
    func probeExchange() throws(ArchiveError) {
        do throws(ArchiveError) {
            try steps.probeExchange()
        } catch {
            discard()
            throw error
        }
    }

    /// Reads what is in the quarantine that a plan has to know of.
    func quarantinedDates() throws(ArchiveError) -> [Set<CalendarDay>] {
        try QuarantinePruning(archive: archive, compression: settings.compression).dates(manifest?.quarantine ?? [])
    }

    /// Makes what is staged visible, with the metadata of the new manifest. Says `nil` where nothing would change.
    ///
    /// After an error the session takes nothing more: whether the commit happens is for the next session to settle.
    package func commit(_ metadata: CommitMetadata) throws(ArchiveError) -> Commit? {
        if let failure { throw failure }
        do throws(ArchiveError) {
            return try publish(metadata)
        } catch {
            failure = error
            discard()
            throw error
        }
    }

    /// Whether anything is staged that a commit would publish.
    package var hasStagedFiles: Bool { !change.isEmpty }

    /// Drops what is staged.
    package func discard() {
        change = CommitChange()
        index.discard()
        // Best effort: the next session empties the folder before it writes.
        try? steps.discardUnlessJournaled()
    }

    private func publish(_ metadata: CommitMetadata) throws(ArchiveError) -> Commit? {
        // Also where there is nothing to commit: a session that finds nothing new looks around all the same.
        // Before an adoption no rebuild could mend what is found.
        if !hasCheckedFolders, settings.evidence.adoption == nil { try checkNextFolders(count: Self.foldersInTurn) }
        var next = Manifest.successor(
            of: manifest, change, metadata, writer: settings.writer, archiveID: settings.archiveID)
        next.lastEventTimestamp = try newestEvent(in: next.files, notAfter: metadata.now)
        if let manifest, change.operations.isEmpty, !change.isForEvidence, next.hasSameContent(as: manifest) {
            return nil
        }
        next.generation = try nextGeneration()
        try steps.run(change, metadata, from: manifest, follows: manifest?.digest, making: &next, &evidence)
        let (made, old) = (change, manifest?.files ?? [])
        manifest = next
        change = CommitChange()
        if made.takesAway {
            index.recordRewrite(of: old, as: next.files)
        } else {
            index.commit(next.files, added: made.added.count)
        }
        if !made.prunedDates.isEmpty {
            RetiredFolders(archive).clear(next, at: metadata.now, keptFor: settings.retireAfter)
        }
        return Commit(
            generation: next.generation, files: made.added.count, bytes: made.added.reduce(0) { $0 + $1.size },
            records: made.added.reduce(0) { $0 + $1.records })
    }

    /// Gives the lock up. The session is not used afterwards.
    package func close() {
        hold.release()
    }

    /// Where a file of the archive stands, or of what is to be committed.
    private func place(of file: DataFile) -> FilePath { change.place(of: file, in: archive.layout) }

    private func newestEvent(in files: [DataFile], notAfter limit: Timestamp) throws(ArchiveError) -> Timestamp? {
        var newest = files.indices.lazy.map { files[$0].lastEventTimestamp }.filter { $0 <= limit }.max()
        // Only a file with events dated in the future says less than is to be known.
        for index in files.indices where files[index].lastEventTimestamp > limit {
            let file = files[index]
            guard file.firstEventTimestamp <= limit else { continue }
            guard let time = try reader.newestEvent(in: file, at: place(of: file), notAfter: limit) else { continue }
            newest = max(newest ?? time, time)
        }
        return newest
    }
}

extension ArchiveSession {
    /// Compares these dates' folders with the manifest: the names in them, and the files' sizes.
    ///
    /// The session does it by itself for the dates whose files it reads or adds to.
    /// - Throws: `ArchiveError` of the kind `damaged` for a file too many, too few, or of another size.
    package func checkFiles(of dates: Set<CalendarDay>) throws(ArchiveError) {
        for date in dates.sorted() { try check(date, looksAtSizes: true) }
    }

    /// Compares the dates that have folders with those that the manifest names, and the names in `count` of these folders,
    /// other ones each time until all had their turn. The session does it by itself before it commits or finds that there
    /// is nothing to commit.
    ///
    /// - Throws: `ArchiveError` of the kind `damaged` for a file too many or too few.
    func checkNextFolders(count: Int) throws(ArchiveError) {
        hasCheckedFolders = true
        let dates = manifest?.partitions.map(\.date) ?? []
        try folders.checkDates(dates)
        let cursor = FolderCursor(archive)
        let next = cursor.next(count, of: dates)
        for date in next { try check(date, looksAtSizes: false) }
        if let last = next.last { cursor.save(last) }
    }

    private func checkOnce(_ date: CalendarDay) throws(ArchiveError) {
        if checkedDates.insert(date).inserted { try check(date, looksAtSizes: true) }
    }

    private func check(_ date: CalendarDay, looksAtSizes: Bool) throws(ArchiveError) {
        try folders.check(date, manifest?.files(of: date) ?? [], looksAtSizes: looksAtSizes)
    }

    /// The generation of the next commit: one that no name and no note has had, also where an older copy was put back.
    private func nextGeneration() throws(ArchiveError) -> Int {
        if newestOutside == nil { newestOutside = KnownGenerations(archive).newest }
        let newest = max(manifest?.generation ?? 0, newestOutside ?? 0, folders.newestGeneration)
        guard newest < Manifest.largestNumber else {
            throw .damaged("The generation \(newest) can have no successor", at: archive.layout.manifest)
        }
        return newest + 1
    }
}

extension ArchiveSession {
    /// The dates whose archived files may hold events with one of these ids, whatever their event time was when they
    /// came. Mostly none. Each one named has to be looked at: an index of fingerprints tells, and it tells of what was
    /// committed alone.
    ///
    /// The first call brings the index up to date; where it is lost or speaks of other files, it is made anew from all
    /// of the archive. A thousand ids at once cost much less than one after the other.
    ///
    /// - Throws: where a data file that has to be read for it is damaged or cannot be read.
    package func dates(thatMayHold keys: [EventKey]) async throws(ArchiveError) -> Set<CalendarDay> {
        try index.dates(thatMayHold: keys, in: manifest?.files ?? [])
    }

    /// Whether all of these ids are archived, by the index alone; `nil` where it is lost or speaks of other files.
    /// Cheap: it never reads more than the few events that a commit just before may have left to be read.
    package func areArchived(_ keys: [EventKey]) -> Bool? {
        index.areArchived(keys, in: manifest?.files ?? [])
    }

    /// Makes the index anew unless it speaks of just the archive's files, so that ``areArchived(_:)`` knows.
    ///
    /// - Throws: where a data file that has to be read for it is damaged or cannot be read.
    package func prepareIndex() async throws(ArchiveError) {
        try index.prepare(manifest?.files ?? [])
    }
}
