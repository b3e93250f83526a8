import SystemPackage

/// Writes the files of a commit into the staging folder, each durable before it is named anywhere.
struct StagedFileWriter: Sendable {
    let archive: ArchiveDirectory
    let compression: CompressionSettings
    /// The most bytes of NDJSON in one file.
    var maximumPartSize = Int.max

    /// Writes a batch as as many parts as its size needs.
    func write(_ batch: EventBatch, generation: Int, firstPart: Int) async throws(ArchiveError) -> [DataFile] {
        var batch = batch
        batch.sort()
        var files: [DataFile] = []
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
    func write(_ batch: QuarantineBatch, as name: QuarantineFileName) async throws(ArchiveError) -> QuarantineFile {
        var file = try GzipFileWriter(archive.layout.staged(name.fileName), archive, compression)
        let lines = batch.lines
        for line in lines {
            file.append(line: line.span.bytes)
            if file.mustDrain { try await file.drain() }
        }
        return QuarantineFile(name: name, digest: try await file.finish())
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
        -> DataFile
    {
        var file = try GzipFileWriter(archive.layout.staged(name.fileName), archive, compression)
        for index in lines {
            batch.withLine(at: index) { file.append(line: $0) }
            if file.mustDrain { try await file.drain() }
        }
        return DataFile(
            name: name, digest: try await file.finish(), firstEventTimestamp: batch.time(at: lines.lowerBound),
            lastEventTimestamp: batch.time(at: lines.upperBound - 1))
    }
}
