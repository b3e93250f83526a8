import AuditArchive

/// Reads all lines of some files, on all cores.
struct FileSweep: Sendable {
    let layout: ArchiveLayout
    let fileSystem: any FileSystem
    let parallelism: Int

    /// Reads the files, and hands over what the lines of each come to, in any order.
    ///
    /// - Parameters:
    ///   - begin: what a file's tally begins with.
    ///   - line: adds a line, given without its end.
    /// - Returns: a file that is gone; `nil` where all were there.
    /// - Throws: `ArchiveError` where a file is damaged or cannot be read.
    func run<Tally: Sendable>(
        _ files: [DataFile], begin: @escaping @Sendable (DataFile) -> Tally,
        line: @escaping @Sendable (inout Tally, RawSpan) -> Void, take: (Tally) -> Void
    ) async throws(ArchiveError) -> DataFile? {
        var vanished: DataFile?
        var failure: ArchiveError?
        // The longest one first, lest one core ends up with it alone.
        await inParallel(files.sorted { $0.size < $1.size }, atMost: parallelism) { file in
            tally(file, begin(file), line)
        } take: { file, outcome in
            switch outcome {
            case .success(let tally): take(tally)
            case .failure(.vanished): vanished = file
            case .failure(.failed(let error)): failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return vanished
    }

    private func tally<Tally: Sendable>(
        _ file: DataFile, _ start: Tally, _ line: (inout Tally, RawSpan) -> Void
    ) -> Result<Tally, ArchivedLines.Failure> {
        var tally = start
        do throws(ArchivedLines.Failure) {
            var lines = try ArchivedLines(file, in: layout, fileSystem)
            var hasMore = true
            while hasMore { hasMore = try lines.next { line(&tally, $0) } }
            return .success(tally)
        } catch {
            return .failure(error)
        }
    }
}
