import AuditArchive
import SystemPackage

/// Writes the events of a period to one gzip file: the archived bytes, by event time, then id. The same events give the same
/// bytes, however they lie in the archive's files.
struct PopulationWriter {
    let path: FilePath
    let layout: ArchiveLayout
    let fileSystem: any FileSystem
    let parallelism: Int

    private static let compressionLevel = 6

    /// Writes the events of a query that a manifest names, over a file that is there.
    func write(
        _ manifest: Manifest, _ query: EventQuery
    ) async throws(ArchiveError) -> VerifiedReading.Step<FileDigest> {
        let task = FileSearch.Task(
            layout: layout, fileSystem: fileSystem, query: query, matcher: EventMatcher(query), format: .ndjson)
        do {
            try fileSystem.removeIfPresent(path)
        } catch {
            throw ArchiveError(error)
        }
        var file = try GzipFileWriter(
            path, fileSystem: fileSystem, CompressionSettings(level: Self.compressionLevel, parallelism: parallelism))
        var failure: ArchiveError?
        var output = SearchOutput(separator: [])
        let merge = SearchMerge(SearchPlan(manifest, query).days, task, parallelism: parallelism)
        let outcome = await merge.run(&output) { bytes in
            file.append(lines: bytes.span.bytes, count: 0)
            do throws(ArchiveError) {
                if file.mustDrain { try await file.drain() }
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        switch outcome {
        case .failed(let error): throw error
        case .vanished(let file): return .vanished(file)
        case .finished: break
        }
        file.append(lines: RawSpan(), count: output.count)
        return .whole(try await file.finish())
    }
}
