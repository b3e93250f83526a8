import AuditRecords
import CivilTime
import JSONText
import SystemPackage

/// Writes the files anew, into the staging folder, that hold events which are in the archive already.
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
        /// The root over the lines of ``quarantine``.
        var quarantineRoot: TreeHash?
        /// The newest event of the staged files that is not later than now.
        var newest: Timestamp?
    }

    /// The lines of a file that were dropped.
    struct Dropped {
        /// The file.
        var file: DataFileName
        /// The file without them.
        var newFile: DataFileName?
        /// Their numbers from 0, their hashes, and SHA-256 of their ids.
        var lines: [(number: Int, leaf: TreeHash, id: TreeHash)] = []
    }

    /// Writes them.
    func run(
        _ resolution: DuplicateResolution, names: [DataFileName], quarantine: [QuarantineFile]
    ) async throws(ArchiveError) -> Outcome {
        let reader = DuplicateReader(archive: archive)
        var aside = QuarantineBatch(
            known: try QuarantineReader(archive: archive).contents(quarantine))
        var outcome = Outcome()
        var parts: [CalendarDay: Int] = [:]
        for (number, lines) in try resolution.lines(reader).sorted(by: { $0.key < $1.key }) {
            let old = names[Int(number)]
            let name = DataFileName(date: old.date, generation: generation, part: parts[old.date, default: 0])
            outcome.removed.insert(old)
            guard let file = try await rewrite(old, as: name, without: lines, reader, &aside, &outcome) else {
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

    /// The file without these lines; `nil` if nothing is left of it.
    private func rewrite(
        _ old: DataFileName, as name: DataFileName, without dropped: [UInt32: CanonicalDigest],
        _ reader: DuplicateReader, _ aside: inout QuarantineBatch, _ outcome: inout Outcome
    ) async throws(ArchiveError) -> DataFile? {
        // A file is small enough for this: a sync writes 64 MiB into one at most.
        var kept: [[UInt8]] = []
        var (first, last): (Timestamp?, Timestamp?)
        var gone = Dropped(file: old)
        try reader.read(old) { number, line in
            if let content = dropped[number] {
                let id = (try? RecordScan(line: line))?.id?.withDecodedBytes(in: line) { TreeHash.plain($0) }
                gone.lines.append((Int(number) - 1, .leaf(line), id ?? .empty))
                if CanonicalDigest(of: line) != content { _ = aside.insert(line, .changed, receivedAt: now) }
                return
            }
            let time = (try? RecordScan(line: line))?.time(in: line)
            (first, last) = (first ?? time, time ?? last)
            if let time, time <= now { outcome.newest = max(outcome.newest ?? time, time) }
            kept.append(line.withUnsafeBytes { Array($0) })
        }
        guard let first, let last else {
            outcome.dropped.append(gone)
            return nil
        }
        gone.newFile = name
        outcome.dropped.append(gone)
        var file = try GzipFileWriter(archive.layout.staged(name.fileName), archive, compression)
        for line in kept {
            file.append(line: line.span.bytes)
            if file.mustDrain { try await file.drain() }
        }
        return DataFile(
            name: name, digest: try await file.finish(), firstEventTimestamp: first, lastEventTimestamp: last)
    }
}
