import AuditRecords
import CivilTime

/// The ids of all archived events, so that one is found whatever its event time was when it was archived.
///
/// It is private and can be made anew from the data files at any time. It is used only where the files it speaks of are
/// those of the manifest; one with which a check finds something wrong is forgotten and made anew. Neither a lost index
/// nor one that cannot be written stops anything: then the words stay in memory, 8 bytes an event.
struct EventIndex: Sendable {
    /// As many events of files that it does not have yet are read where a lookup is to be cheap.
    private static let fewEvents = 1 << 16

    private let store: IndexStore
    private let reader: ArchivedEventReader
    private let limits: IndexLimits

    private var current: OpenIndex?
    /// The key of this session, with which words on their way are made.
    private var key: IndexKey?
    /// Whether what is on the disk is of no use.
    private var isLost = false
    private var staged: IndexRuns
    /// Whether all events on their way have their words in `staged`.
    private var isStagedWhole = true

    init(_ archive: ArchiveDirectory, _ limits: IndexLimits) {
        self.limits = limits
        staged = IndexRuns(length: limits.run)
        store = IndexStore(archive)
        reader = ArchivedEventReader(archive)
    }

    // MARK: Lookups

    /// The dates whose files may hold one of these ids. They have to be looked at: a fingerprint is no id.
    ///
    /// Brings the index up to date, if need be from all files.
    mutating func dates(
        thatMayHold keys: [EventKey], in files: [DataFile]
    ) throws(ArchiveError) -> Set<CalendarDay> {
        guard !keys.isEmpty, !files.isEmpty else { return [] }
        try prepare(files)
        let dates = try datesOrRebuild(keys, files)
        // Dates that were taken away as a whole have left their words.
        return dates.isEmpty ? [] : dates.intersection(files.lazy.map(\.name.date))
    }

    /// Whether all of these ids are archived; `nil` where that cannot be told cheaply. That an id is archived can be
    /// wrong, once in 2^42 pairs of an id and an archived event.
    mutating func areArchived(_ keys: [EventKey], in files: [DataFile]) -> Bool? {
        guard !keys.isEmpty else { return true }
        guard !files.isEmpty else { return false }
        guard (try? open(files, readingAtMost: Self.fewEvents)) == true else { return nil }
        do throws(FileSystemError) {
            var known: Set<CalendarDay> = []
            return try current?.hasAll(keys) { date in
                if known.contains(date) { return true }
                // By index: an entry taken out is a copy of its texts.
                guard files.indices.contains(where: { files[$0].name.date == date }) else { return false }
                known.insert(date)
                return true
            }
        } catch {
            lose()
            return nil
        }
    }

    /// Brings the index up to date, if need be from all files.
    mutating func prepare(_ files: [DataFile]) throws(ArchiveError) {
        if try open(files, readingAtMost: .max) { return }
        try rebuild(files, isKept: true)
    }

    private mutating func datesOrRebuild(
        _ keys: [EventKey], _ files: [DataFile]
    ) throws(ArchiveError) -> Set<CalendarDay> {
        // In memory last, for what was just written may not be there to be read.
        for isKept in [true, false] {
            do throws(FileSystemError) {
                if let dates = try current?.dates(of: keys) { return dates }
            } catch {
                try rebuild(files, isKept: isKept)
            }
        }
        do {
            return try current?.dates(of: keys) ?? Set(files.map(\.name.date))
        } catch {
            throw ArchiveError(error)
        }
    }

    // MARK: Commits

    /// Remembers the events of a batch until they are committed. `files`: what the archive holds without them.
    mutating func stage(_ batch: EventBatch, beside files: [DataFile]) {
        guard isStagedWhole, (try? open(files, readingAtMost: Self.fewEvents)) == true, let key else {
            isStagedWhole = false
            return
        }
        staged.append(batch.keys, of: batch.date, key, store)
    }

    /// Takes in what is staged, once `files`, `added` of them new, are what the archive holds.
    mutating func commit(_ files: [DataFile], added: Int) {
        guard added > 0, isStagedWhole, let head = current?.head, head.coverage.files + added == files.count else {
            if added > 0 { current = nil }
            return discard()
        }
        current?.add(staged, IndexCoverage(files, head.key))
        staged = IndexRuns(length: limits.run)
    }

    /// Forgets what is staged.
    mutating func discard() {
        store.remove(staged.segments)
        staged = IndexRuns(length: limits.run)
        isStagedWhole = true
    }

    /// Takes note of a commit that added no event: it wrote the same ones to other files, or took whole dates away.
    mutating func recordRewrite(of old: [DataFile], as new: [DataFile]) {
        guard (try? open(old, readingAtMost: Self.fewEvents)) == true, let key else { return }
        current?.speak(of: IndexCoverage(new, key))
    }

    // MARK: Opening

    /// Opens what is on the disk. Says `false` where that is of no use, or where newer files have more events than are
    /// to be read.
    private mutating func open(_ files: [DataFile], readingAtMost limit: Int) throws(ArchiveError) -> Bool {
        if current != nil { return true }
        if files.isEmpty {
            current = OpenIndex(IndexHead(key: sessionKey()), store, isKept: true, limits)
            return true
        }
        guard !isLost else { return false }
        guard let found = store.loadHead(), found.key == key ?? found.key, found.coverage.isPart(of: files, found.key)
        else {
            isLost = true
            return false
        }
        let newer = files.filter { $0.name.generation > found.coverage.generation }
        guard newer.reduce(0, { $0 + $1.records }) <= limit else { return false }
        key = found.key
        store.sweep(keeping: found.segments + staged.segments)
        try read(newer, into: OpenIndex(found, store, isKept: true, limits), files)
        return true
    }

    /// Makes the index of all files, kept on the disk or in memory alone.
    private mutating func rebuild(_ files: [DataFile], isKept: Bool) throws(ArchiveError) {
        lose()
        store.removeHead()
        store.sweep(keeping: staged.segments)
        try read(files, into: OpenIndex(IndexHead(key: sessionKey()), store, isKept: isKept, limits), files)
        isLost = false
    }

    /// Adds the events of some files, and opens what that makes.
    private mutating func read(
        _ added: [DataFile], into base: OpenIndex, _ files: [DataFile]
    ) throws(ArchiveError) {
        var next = base
        if !added.isEmpty {
            next.add(try words(of: added, base.key, base.isKept ? store : nil), IndexCoverage(files, base.key))
        }
        current = next
    }

    private func words(
        of files: [DataFile], _ key: IndexKey, _ store: IndexStore?
    ) throws(ArchiveError) -> IndexRuns {
        var runs = IndexRuns(length: limits.run)
        do throws(ArchiveError) {
            for file in files {
                runs.append(try reader.events(in: file).lazy.map(\.key), of: file.name.date, key, store)
            }
        } catch {
            store?.remove(runs.segments)
            throw error
        }
        return runs
    }

    private mutating func lose() {
        current = nil
        isLost = true
    }

    private mutating func sessionKey() -> IndexKey {
        let key = key ?? .random()
        self.key = key
        return key
    }
}

/// How an index is divided. What is small makes commits cheap, what is large makes lookups cheap.
struct IndexLimits: Sendable {
    /// More words than these in the head go to a segment of their own.
    var loose = 1 << 12

    /// Words on their way that are written at once: 2 MiB.
    var run = 1 << 18

    /// So many segments that are nearly of a size are made one.
    var merged = 8

    /// What is right for archives of up to a hundred million events.
    init() {}
}
