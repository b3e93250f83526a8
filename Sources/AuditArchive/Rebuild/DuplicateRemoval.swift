import AuditRecords
import CivilTime
import JSONText
import SystemPackage

/// Writes the files anew, into the staging folder, that hold events which are in the archive already, or were erased from it.
struct DuplicateRemoval {
    let archive: ArchiveDirectory
    let compression: CompressionSettings
    let generation: Int
    let now: Timestamp

    /// What is staged, and what goes.
    struct Outcome {
        /// The files without their doubled events; none for a file that had nothing else.
        var files: [DataFile] = []
        /// The file of the records that are other versions of an event that stays.
        var quarantine: [QuarantineFile] = []
        /// The files that they take the place of.
        var removed: Set<DataFileName> = []
        /// What was dropped, by the file that it was in, for the evidence.
        var dropped: [Dropped] = []
        /// What is left of files that had gone on record, with the roots over the lines: the log has them as new files.
        var taken: [(file: DataFile, root: TreeHash)] = []
        /// The root over the lines of ``quarantine``.
        var quarantineRoot: TreeHash?
        /// The newest event of the staged files that is not later than now.
        var newest: Timestamp?

        /// The same as the log has it where these dates are taken away as a whole.
        func without(_ dates: Set<CalendarDay>) -> Outcome {
            var outcome = self
            outcome.dropped.removeAll { dates.contains($0.file.date) }
            outcome.taken.removeAll { dates.contains($0.file.name.date) }
            return outcome
        }
    }

    /// The lines of a file that were dropped.
    struct Dropped {
        /// The file.
        var file: DataFileName
        /// The file without them.
        var newFile: DataFileName?
        /// Whether some of them are of events that were erased, and some of events that are there twice.
        var hasErased = false
        var hasDoubled = false
        /// Their numbers from 0, their hashes, and SHA-256 of their ids.
        var lines: [(number: Int, leaf: TreeHash, id: TreeHash)] = []
    }

    /// Writes them.
    ///
    /// - Parameters:
    ///   - erased: the lines of erased events, by the number of their file.
    ///   - returned: files that had gone on record: what is left of them gets another name.
    func run(
        _ resolution: DuplicateResolution, erased: [UInt32: Set<UInt32>] = [:], returned: Set<UInt32> = [],
        names: [DataFileName], quarantine: [QuarantineFile]
    ) async throws(ArchiveError) -> Outcome {
        let reader = DuplicateReader(archive: archive)
        var aside = QuarantineBatch(
            known: try QuarantineReader(archive: archive).contents(quarantine))
        var outcome = Outcome()
        var parts: [CalendarDay: Int] = [:]
        let doubled = try resolution.lines(reader)
        for number in Set(doubled.keys).union(erased.keys).union(returned).sorted() {
            let drops = Drops(
                doubled: doubled[number] ?? [:], erased: erased[number] ?? [], isReturned: returned.contains(number))
            let old = names[Int(number)]
            let name = DataFileName(date: old.date, generation: generation, part: parts[old.date, default: 0])
            outcome.removed.insert(old)
            guard let file = try await rewrite(old, as: name, without: drops, reader, &aside, &outcome) else {
                continue
            }
            outcome.files.append(file)
            parts[old.date, default: 0] += 1
        }
        guard aside.count > 0 else { return outcome }
        let writer = StagedFileWriter(archive: archive, compression: compression)
        let name = QuarantineFileName(generation: generation, part: 0)
        let written = try await writer.write(aside, as: name)
        outcome.quarantine.append(written.file)
        outcome.quarantineRoot = written.root
        return outcome
    }

    /// What is to go from a file, by the numbers of the lines from 1.
    private struct Drops {
        /// Events that are there twice, with the value that stays.
        var doubled: [UInt32: CanonicalDigest]
        /// Events that were erased.
        var erased: Set<UInt32>
        /// Whether the log is to have what is left as a new file, and nothing of what goes.
        var isReturned: Bool
    }

    /// The file without these lines; `nil` if nothing is left of it.
    private func rewrite(
        _ old: DataFileName, as name: DataFileName, without drops: Drops,
        _ reader: DuplicateReader, _ aside: inout QuarantineBatch, _ outcome: inout Outcome
    ) async throws(ArchiveError) -> DataFile? {
        // A file is small enough for this: a sync writes 64 MiB into one at most.
        var kept: [[UInt8]] = []
        var (first, last): (Timestamp?, Timestamp?)
        var gone = Dropped(file: old)
        try reader.read(old) { number, line in
            let (isErased, content) = (drops.erased.contains(number), drops.doubled[number])
            if isErased || content != nil {
                let id = (try? RecordScan(line: line))?.id?.withDecodedBytes(in: line) { TreeHash.plain($0) }
                gone.lines.append((Int(number) - 1, .leaf(line), id ?? .empty))
                gone.hasErased = gone.hasErased || isErased
                gone.hasDoubled = gone.hasDoubled || !isErased
                if !isErased, CanonicalDigest(of: line) != content { _ = aside.insert(line, .changed, receivedAt: now) }
                return
            }
            let time = (try? RecordScan(line: line))?.time(in: line)
            (first, last) = (first ?? time, time ?? last)
            if let time, time <= now { outcome.newest = max(outcome.newest ?? time, time) }
            kept.append(line.withUnsafeBytes { Array($0) })
        }
        if first != nil { gone.newFile = name }
        if !drops.isReturned { outcome.dropped.append(gone) }
        guard let first, let last else { return nil }
        var file = try GzipFileWriter(
            archive.layout.staged(name.fileName), archive, compression, hashesLines: drops.isReturned)
        for line in kept {
            file.append(line: line.span.bytes)
            if file.mustDrain { try await file.drain() }
        }
        let rest = DataFile(
            name: name, digest: try await file.finish(), firstEventTimestamp: first, lastEventTimestamp: last)
        if drops.isReturned { outcome.taken.append((rest, file.tree.root)) }
        return rest
    }
}
