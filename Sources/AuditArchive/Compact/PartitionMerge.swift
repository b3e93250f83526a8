import CivilTime
import SystemPackage

/// Merges the sorted files of a date into a folder of the staging folder: the same lines, sorted, in one file or in as many
/// parts as their size needs. Memory goes with the number of files, not with their size.
struct PartitionMerge: Sendable {
    let archive: ArchiveDirectory
    let compression: CompressionSettings
    /// The most bytes of NDJSON in one file.
    let maximumPartSize: Int

    /// Merges these files, all of the date's, into files of that generation. The folder is not there yet.
    ///
    /// - Throws: `ArchiveError` of the kind `damaged` where a file is not what the manifest says, or an event is there twice.
    func run(
        _ date: CalendarDay, _ files: ArraySlice<DataFile>, generation: Int
    ) async throws(ArchiveError) -> MergedPartition {
        let folder = archive.layout.stagedPartition(date)
        try archive.createDirectory(folder)
        var queue = MergeQueue(at: archive.layout.partition(date))
        for file in files { try queue.add(SortedLineReader(file, archive)) }
        var merged = MergedPartition(date: date, from: files.map(\.name))
        let archivedAt = files.compactMap(\.archivedAt).max()
        while !queue.isEmpty {
            let name = DataFileName(date: date, generation: generation, part: merged.files.count)
            var file = try await writePart(name, folder, &queue, &merged)
            (file.archivedAt, file.replaces) = (archivedAt, files.count)
            merged.files.append(file)
        }
        return merged
    }

    /// One line at least, however long; else as many as fit.
    private func writePart(
        _ name: DataFileName, _ folder: FilePath, _ queue: inout MergeQueue, _ merged: inout MergedPartition
    ) async throws(ArchiveError) -> DataFile {
        var file = try GzipFileWriter(folder.appending(name.fileName), archive, compression)
        let first = queue.time
        var last = first
        repeat {
            last = queue.time
            queue.withLine { file.append(line: $0) }
            merged.record(lineOf: queue.source)
            if file.mustDrain { try await file.drain() }
            try queue.advance()
        } while !queue.isEmpty && file.uncompressedSize + queue.lineSize <= maximumPartSize
        return DataFile(
            name: name, digest: try await file.finish(), firstEventTimestamp: first, lastEventTimestamp: last)
    }
}

/// Sorted files, and which of them has the line that comes next.
private struct MergeQueue {
    private let folder: FilePath
    private var sources: [SortedLineReader] = []
    /// Those that are not at their end, the one with the next line last.
    private var order: [Int] = []

    /// A queue of nothing; failures that are no single file's are said of `folder`.
    init(at folder: FilePath) {
        self.folder = folder
    }

    /// Adds a file before its first line.
    mutating func add(_ source: SortedLineReader) throws(ArchiveError) {
        sources.append(source)
        if try source.advance() { try insert(sources.count - 1) }
    }

    var isEmpty: Bool { order.isEmpty }

    /// The number of the file that has the next line.
    var source: Int { order[order.count - 1] }

    var time: Timestamp { sources[source].time }

    var lineSize: Int { sources[source].lineSize }

    func withLine(_ body: (RawSpan) -> Void) { sources[source].withLine(body) }

    /// Moves to the line after the next one.
    mutating func advance() throws(ArchiveError) {
        let source = order.removeLast()
        if try sources[source].advance() { try insert(source) }
    }

    /// Puts a file where its line belongs. Mostly the files follow each other, so the last places are looked at first.
    private mutating func insert(_ source: Int) throws(ArchiveError) {
        var place = order.count
        while place > 0 {
            let other = sources[order[place - 1]]
            if Self.precedes(sources[source], other) { break }
            guard Self.precedes(other, sources[source]) else {
                throw .damaged("Two files hold the same event", at: folder)
            }
            place -= 1
        }
        order.insert(source, at: place)
    }

    private static func precedes(_ one: SortedLineReader, _ other: SortedLineReader) -> Bool {
        one.time != other.time ? one.time < other.time : one.id.lexicographicallyPrecedes(other.id)
    }
}
