import CivilTime
import SystemPackage

/// What a commit changes in the files of an archive. All that it adds is staged before.
struct CommitChange: Sendable {
    /// Data files that come beside those that are there.
    var added: [DataFile] = []

    /// Files of quarantined records that come beside those that are there.
    var quarantine: [QuarantineFile] = []

    /// Data files that are taken away one by one, once the others are published.
    var removed: Set<DataFileName> = []

    /// Files of quarantined records that are taken away.
    var removedQuarantine: Set<QuarantineFileName> = []

    /// Dates whose folder is exchanged, in one step, for one that was built in the staging folder.
    var merged: [MergedPartition] = []

    /// Dates that are taken away as a whole, each in one step, sorted.
    var prunedDates: [CalendarDay] = []

    /// What the manifest is to say of them, and of the dates without events between them.
    var pruned: [PrunedRun] = []

    /// The roots over the lines of files that come, for the evidence; none of those that an operation in ``operations``
    /// makes of others.
    var roots: [EvidenceFile: TreeHash] = [:]

    /// What the evidence is to say beside what follows from the files.
    var operations: [EvidenceOperation] = []

    /// The dates that must not be pruned from now on, if they change.
    var holds: [Hold]?

    /// Dates from which events are erased.
    var erasedDates: Set<CalendarDay> = []

    /// Whether it is to be committed although it changes nothing but the evidence.
    var isForEvidence = false

    /// Whether it changes nothing.
    var isEmpty: Bool {
        added.isEmpty && quarantine.isEmpty && !takesAway && operations.isEmpty && !isForEvidence
    }

    /// Whether files that were there are gone afterwards.
    var takesAway: Bool {
        !(removed.isEmpty && removedQuarantine.isEmpty && merged.isEmpty && prunedDates.isEmpty)
    }
}

extension CommitChange {
    /// A new file of events comes.
    mutating func add(_ written: StagedFileWriter.Written<DataFile>) {
        added.append(written.file)
        roots[.data(written.file.name)] = written.root
    }

    /// A new file of quarantined records comes.
    mutating func add(_ written: StagedFileWriter.Written<QuarantineFile>) {
        quarantine.append(written.file)
        roots[.quarantine(written.file.name)] = written.root
    }

    /// The data files of the manifest after it, which is made at this moment.
    func files(after old: [DataFile], at time: Timestamp) -> [DataFile] {
        // Mostly nothing is new, and then the list of ten thousand files is not even looked at.
        guard !(added.isEmpty && removed.isEmpty && merged.isEmpty && prunedDates.isEmpty) else { return old }
        let dates = Set(prunedDates + merged.map(\.date))
        var files = old
        if !(removed.isEmpty && dates.isEmpty) {
            files.removeAll { removed.contains($0.name) || dates.contains($0.name.date) }
        }
        files += added.map { $0.archived(at: time) }
        files += merged.flatMap(\.files)
        return files.sorted { $0.name < $1.name }
    }

    /// The quarantine files of the manifest after it.
    func quarantine(after old: [QuarantineFile]) -> [QuarantineFile] {
        (old.filter { !removedQuarantine.contains($0.name) } + quarantine).sorted { $0.name.path < $1.name.path }
    }

    /// What the manifest says was pruned, after it.
    func pruned(after old: [PrunedRun]) -> [PrunedRun] { (old + pruned).sorted { $0.from < $1.from } }

    /// Where a data file of the manifest after it stands until the commit.
    func place(of file: DataFile, in layout: ArchiveLayout) -> FilePath {
        if added.contains(where: { $0.name == file.name }) { return layout.staged(file.name.fileName) }
        if merged.contains(where: { $0.files.contains { $0.name == file.name } }) {
            return layout.stagedPartition(file.name.date).appending(file.name.fileName)
        }
        return layout.absolute(file.name.path)
    }
}

/// The files of a date made one, or as many parts as their size needs.
struct MergedPartition: Equatable, Sendable {
    /// Lines in a row that came from one file.
    struct Run: Equatable, Sendable {
        /// Which of ``MergedPartition/from``.
        var file: Int
        /// How many lines.
        var count: Int
    }

    /// The date.
    let date: CalendarDay

    /// The new files, in the order of their lines.
    var files: [DataFile] = []

    /// The files that they take the place of, in the manifest's order.
    let from: [DataFileName]

    /// Which file each line of the new files came from, in their order.
    var runs: [Run] = []

    /// Takes note of where the next line came from.
    mutating func record(lineOf file: Int) {
        if runs.last?.file == file {
            runs[runs.count - 1].count += 1
        } else {
            runs.append(Run(file: file, count: 1))
        }
    }
}
