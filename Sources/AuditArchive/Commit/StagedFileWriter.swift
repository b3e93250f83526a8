import SystemPackage

/// Writes the files of a commit into the staging folder, each durable before it is named anywhere.
struct StagedFileWriter: Sendable {
    let archive: ArchiveDirectory
    let compression: CompressionSettings
    /// The most bytes of NDJSON in one file.
    var maximumPartSize = Int.max

    /// A file that was written, and the root over its lines.
    typealias Written<File> = (file: File, root: TreeHash)

    /// Writes a batch as as many parts as its size needs.
    func write(
        _ batch: EventBatch, generation: Int, firstPart: Int
    ) async throws(ArchiveError) -> [Written<DataFile>] {
        var batch = batch
        batch.sort()
        var files: [Written<DataFile>] = []
        var next = 0
        while next < batch.count {
            let name = DataFileName(date: batch.date, generation: generation, part: firstPart + files.count)
            let end = endOfPart(batch, from: next)
            files.append(try await write(batch, next..<end, as: name))
            next = end
        }
        return files
    }

    /// Writes quarantined records as one file.
    func write(
        _ batch: QuarantineBatch, as name: QuarantineFileName
    ) async throws(ArchiveError) -> Written<QuarantineFile> {
        var file = try GzipFileWriter(archive.layout.staged(name.fileName), archive, compression, hashesLines: true)
        let lines = batch.lines
        for line in lines {
            file.append(line: line.span.bytes)
            if file.mustDrain { try await file.drain() }
        }
        let digest = try await file.finish()
        return (QuarantineFile(name: name, digest: digest), file.tree.root)
    }

    /// One line at least, however long; else as many as fit.
    private func endOfPart(_ batch: EventBatch, from start: Int) -> Int {
        var size = batch.lineSize(at: start)
        var end = start + 1
        while end < batch.count, size + batch.lineSize(at: end) <= maximumPartSize {
            size += batch.lineSize(at: end)
            end += 1
        }
        return end
    }

    private func write(_ batch: EventBatch, _ lines: Range<Int>, as name: DataFileName) async throws(ArchiveError)
        -> Written<DataFile>
    {
        var file = try GzipFileWriter(archive.layout.staged(name.fileName), archive, compression, hashesLines: true)
        for index in lines {
            batch.withLine(at: index) { file.append(line: $0) }
            if file.mustDrain { try await file.drain() }
        }
        let data = DataFile(
            name: name, digest: try await file.finish(), firstEventTimestamp: batch.time(at: lines.lowerBound),
            lastEventTimestamp: batch.time(at: lines.upperBound - 1))
        return (data, file.tree.root)
    }
}
