package import AuditArchive
package import CivilTime

/// Finds events in an archive, by a look at all files of the dates in question, on all cores and with bounded memory.
///
/// It takes no lock and writes nothing, so it works on a copy that may only be read, and beside a sync. Where compaction
/// or pruning takes a file away meanwhile, it reads the manifest again and goes on with the date that it was at.
package struct EventSearch: Sendable {
    /// What was found.
    package struct Result: Sendable, Equatable {
        /// How many events.
        package var count = 0
        /// How many of them somebody did as another user.
        package var impersonated = 0
        /// What is known of the range: whether something may be missing in it.
        package var completeness: Completeness
        /// The generation to go on from: nothing that a later one added was looked at.
        package var generation: Int
    }

    private static let mostReloads = 50
    private static let reloadPause = Duration.milliseconds(50)

    private let layout: ArchiveLayout
    private let fileSystem: any FileSystem
    private let clock: any TimeSource
    private let parallelism: Int

    /// A search in the archive at `layout`, in at most so many files at once.
    package init(
        _ layout: ArchiveLayout, fileSystem: any FileSystem, clock: any TimeSource, parallelism: Int
    ) {
        self.layout = layout
        self.fileSystem = fileSystem
        self.clock = clock
        self.parallelism = parallelism
    }

    /// Finds the events of a query and writes them, by event time, then id.
    ///
    /// - Parameters:
    ///   - separator: what stands between two events.
    ///   - write: takes the next bytes of the output. Returns whether more is wanted; if not, the search ends.
    /// - Throws: `ArchiveError` where there is no archive, or a file of it is damaged or cannot be read. What was written
    ///   by then is right.
    package func run(
        _ query: EventQuery, _ format: EventFormat, separator: [UInt8] = [], write: ([UInt8]) async -> Bool
    ) async throws(ArchiveError) -> Result {
        let first = try fileSystem.requireManifest(layout).manifest
        let task = FileSearch.Task(
            layout: layout, fileSystem: fileSystem, query: query, matcher: EventMatcher(query), format: format)
        var output = SearchOutput(separator: separator)
        var (manifest, reloads) = (first, 0)
        var days = plan(first, query).days
        while true {
            let merge = SearchMerge(days, task, parallelism: parallelism)
            switch await merge.run(&output, write) {
            case .finished:
                return result(first, manifest, query, output)
            case .failed(let error):
                throw error
            case .vanished(let file):
                reloads += 1
                let newer = try fileSystem.requireManifest(layout).manifest
                if newer.digest == manifest.digest {
                    guard reloads < Self.mostReloads else {
                        throw ArchivedLines.absence(of: file, in: layout, fileSystem)
                    }
                    // A commit that has taken files away is about to replace the manifest.
                    try? await clock.sleep(for: Self.reloadPause)
                } else {
                    reloads = 0
                }
                manifest = newer
                days = plan(newer, query, from: file.name.date).days
            }
        }
    }

    /// The files to look into. Only a feed has to know when each of their lines came.
    private func plan(_ manifest: Manifest, _ query: EventQuery, from first: CalendarDay? = nil) -> SearchPlan {
        let isFeed = query.sinceGeneration.map { $0 > 0 && $0 < manifest.generation } ?? false
        let arrivals = isFeed ? LineArrivals(manifest, layout, fileSystem) : nil
        return SearchPlan(manifest, query, from: first, arrivals: arrivals)
    }

    private func result(
        _ first: Manifest, _ last: Manifest, _ query: EventQuery, _ output: SearchOutput
    ) -> Result {
        // What one of the two manifests says to be missing may be so.
        let (before, after) = (Completeness(first, query), Completeness(last, query))
        return Result(
            count: output.count, impersonated: output.impersonated,
            completeness: after.isComplete ? before : after,
            generation: first.generation)
    }
}
