import AuditRecords
import CivilTime
import JSONText
import SystemPackage

/// Stages the files without the lines that are erased, and what the evidence says of them.
struct ErasurePlan: Sendable {
    let archive: ArchiveDirectory
    let compression: CompressionSettings
    let generation: Int
    /// SHA-256 of the decoded id.
    let idHash: TreeHash
    let reason: String
    /// What the log says that there is; `nil` for a log that is yet to begin.
    let replay: EvidenceReplay?

    private var layout: ArchiveLayout { archive.layout }

    /// Stages everything. `exchanges`: whether folders can be exchanged; else files are added and removed.
    func change(
        _ found: [ErasureSearch.Found<DataFile>], _ aside: [ErasureSearch.Found<QuarantineFile>], _ manifest: Manifest,
        exchanges: Bool
    ) async throws(ArchiveError) -> CommitChange {
        var change = CommitChange()
        for (date, files) in Dictionary(grouping: found, by: \.file.name.date).sorted(by: { $0.key < $1.key }) {
            change.erasedDates.insert(date)
            let folder = exchanges ? layout.stagedPartition(date) : layout.stagingDirectory
            if exchanges { try archive.createDirectory(folder) }
            var written: [DataFile] = []
            for file in files {
                let name = DataFileName(date: date, generation: generation, part: written.count)
                let (rest, leaves) = try await rewrite(file, as: name, in: folder)
                if let rest { written.append(rest) }
                change.operations.append(
                    erasure(of: .data(file.file.name), rest.map { .data($0.name) }, leaves))
            }
            let untouched = manifest.files(of: date).filter { old in !files.contains { $0.file.name == old.name } }
            if exchanges, written.isEmpty { try archive.removeDirectory(folder) }
            if exchanges, written.isEmpty, untouched.isEmpty {
                change.prunedDates.append(date)
            } else if exchanges, !written.isEmpty {
                // What was written comes first: by its first file it is told which of two folders is the new one.
                change.merged.append(MergedPartition(date: date, files: written + untouched, from: []))
                for file in untouched { try copy(file, to: folder) }
            } else {
                change.added += written
                change.removed.formUnion(files.map(\.file.name))
            }
        }
        for file in aside { try await drop(file, &change) }
        return change
    }

    private func rewrite(
        _ found: ErasureSearch.Found<DataFile>, as name: DataFileName, in folder: FilePath
    ) async throws(ArchiveError) -> (rest: DataFile?, leaves: [(number: Int, leaf: TreeHash)]) {
        // A file is small enough for this: a sync writes 64 MiB into one at most.
        var kept: [[UInt8]] = []
        var leaves: [(number: Int, leaf: TreeHash)] = []
        var (first, last): (Timestamp?, Timestamp?)
        try DuplicateReader(archive: archive).read(found.file.name) { number, line in
            if found.lines.contains(Int(number) - 1) {
                leaves.append((Int(number) - 1, .leaf(line)))
                return
            }
            let time = (try? RecordScan(line: line))?.time(in: line)
            (first, last) = (first ?? time, time ?? last)
            kept.append(line.withUnsafeBytes { Array($0) })
        }
        guard let first, let last else { return (nil, leaves) }
        var file = try GzipFileWriter(folder.appending(name.fileName), archive, compression)
        for line in kept {
            file.append(line: line.span.bytes)
            if file.mustDrain { try await file.drain() }
        }
        var rest = DataFile(
            name: name, digest: try await file.finish(), firstEventTimestamp: first, lastEventTimestamp: last)
        (rest.archivedAt, rest.replaces) = (found.file.archivedAt, found.file.replaces)
        return (rest, leaves)
    }

    private func drop(
        _ found: ErasureSearch.Found<QuarantineFile>, _ change: inout CommitChange
    ) async throws(ArchiveError) {
        var kept: [[UInt8]] = []
        var leaves: [(number: Int, leaf: TreeHash)] = []
        try QuarantineReader(archive: archive).read([found.file]) { line in
            let number = kept.count + leaves.count
            if found.lines.contains(number) {
                leaves.append((number, .leaf(line)))
            } else {
                kept.append(line.withUnsafeBytes { Array($0) })
            }
        }
        change.removedQuarantine.insert(found.file.name)
        let name = QuarantineFileName(generation: generation, part: change.quarantine.count)
        if !kept.isEmpty {
            let pruning = QuarantinePruning(archive: archive, compression: compression)
            change.quarantine.append(try await pruning.write(kept, as: name))
        }
        change.operations.append(
            erasure(of: .quarantine(found.file.name), kept.isEmpty ? nil : .quarantine(name), leaves))
    }

    private func erasure(
        of file: EvidenceFile, _ newFile: EvidenceFile?, _ leaves: [(number: Int, leaf: TreeHash)]
    ) -> EvidenceOperation {
        let origins = replay?.files[file]
        let lines = leaves.map { leaf in
            let origin = origins?[leaf.number]
            let name = origin.flatMap { replay?.additions[$0.addition].file } ?? file
            return ErasedLines.Leaf(file: name, line: origin?.line ?? leaf.number, leaf: leaf.leaf, id: idHash)
        }
        return .erase(
            ErasedLines(generation: generation, file: file, newFile: newFile, leaves: lines, reason: reason))
    }

    private func copy(_ file: DataFile, to folder: FilePath) throws(ArchiveError) {
        let path = layout.absolute(file.name.path)
        guard let bytes = try archive.contents(ofFile: path), file.digest.isDigest(of: bytes) else {
            throw .damaged("A data file is not what the manifest says", at: path)
        }
        try archive.createDurably(folder.appending(file.name.fileName), bytes)
    }
}
