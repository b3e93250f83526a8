package import AuditArchive
import AuditRecords
package import CivilTime
import JSONText

/// Makes the report of an archive: one HTML file to look at.
///
/// It verifies the archive first, since the report's numbers are worth no more than the files. It takes no lock, writes
/// nothing, and works on a copy and beside a sync. The same archive and the same settings give the same bytes.
package struct ArchiveReport: Sendable {
    /// What the report is of.
    package struct Settings: Sendable, Equatable {
        /// The first date; nil for the archive's first.
        package var from: CalendarDay?
        /// The last date; nil for no end.
        package var through: CalendarDay?
        /// Whether names, addresses and what was touched are replaced by numbers.
        package var isRedacted = false

        /// All of the archive.
        package init() {}
    }

    /// The report, or why there is none.
    package enum Outcome: Sendable {
        case report(Result)
        /// The archive does not pass its verification.
        case damaged(Verification)
    }

    /// A report.
    package struct Result: Sendable, Equatable {
        /// The HTML, in UTF-8.
        package var bytes: [UInt8]
        /// The events in its range.
        package var events: Int
        /// The archive's generation.
        package var generation: Int
        /// What is known of the range.
        package var completeness: Completeness
    }

    private static let mostTries = 5
    /// Those of `status`, where nothing else is set.
    private static let lookback = Duration.seconds(86_400)
    private static let maximumAge = Duration.seconds(26 * 3600)

    private let layout: ArchiveLayout
    private let fileSystem: any FileSystem
    private let parallelism: Int

    /// Reports of the archive at `layout`; so many files are read at once at most.
    package init(_ layout: ArchiveLayout, fileSystem: any FileSystem, parallelism: Int) {
        self.layout = layout
        self.fileSystem = fileSystem
        self.parallelism = parallelism
    }

    /// Verifies the archive and makes its report.
    /// - Throws: `ArchiveError` where there is no archive, or a file cannot be read.
    package func make(_ settings: Settings) async throws(ArchiveError) -> Outcome {
        var missing: DataFile?
        for _ in 1...Self.mostTries {
            let manifest = try fileSystem.requireManifest(layout).manifest
            let verifier = ArchiveVerifier(layout, fileSystem: fileSystem)
            let verification = try await verifier.verify(parallelism: parallelism)
            guard verification.faults.isEmpty else { return .damaged(verification) }
            // A sync that commits meanwhile: the report is of what it has made.
            guard verification.generation == manifest.generation else { continue }
            switch try await tally(manifest, settings) {
            case .whole(let tally):
                let quarantine = try QuarantineReasons(manifest, layout, fileSystem)
                return .report(try result(manifest, verification, tally, quarantine, settings))
            case .vanished(let file): missing = file
            }
        }
        if let missing { throw ArchivedLines.absence(of: missing, in: layout, fileSystem) }
        throw ArchiveError(
            .locked, "The archive changed each time that it was verified", at: layout.root,
            advice: "Try again when no sync is running.")
    }

    private func result(
        _ manifest: Manifest, _ verification: Verification, _ tally: EventTally, _ quarantine: QuarantineReasons,
        _ settings: Settings
    ) throws(ArchiveError) -> Result {
        var query = EventQuery()
        query.from = settings.from?.start
        query.through = settings.through.map { Range(of: $0).upperBound - .microseconds(1) }
        let completeness = Completeness(manifest, query)
        let freshness = FreshnessFile(layout, fileSystem).load()
        // Not by the clock: the same archive has the same report tomorrow.
        let seenAt = max(manifest.writtenAt, freshness?.lastRun?.endedAt ?? manifest.writtenAt)
        let status = StatusReport(
            ArchiveInspection(manifest: manifest),
            StatusReport.Surroundings(
                now: seenAt, lookback: Self.lookback, maximumAge: Self.maximumAge, freshness: freshness))
        let page = ReportPage(
            manifest: manifest, verification: verification, tally: tally, quarantine: quarantine, settings: settings,
            completeness: completeness, status: status, seenAt: seenAt)
        return Result(
            bytes: Array(page.html.utf8), events: tally.events, generation: manifest.generation,
            completeness: completeness)
    }

    private enum Tallied {
        case whole(EventTally)
        case vanished(DataFile)
    }

    /// Counts the events of the range, and the addresses of those before it.
    private func tally(_ manifest: Manifest, _ settings: Settings) async throws(ArchiveError) -> Tallied {
        let files = manifest.files.filter { file in settings.through.map { file.name.date <= $0 } ?? true }
        let begin = manifest.files.lazy.compactMap(\.archivedAt).min()
        var sum = EventTally()
        var vanished: DataFile?
        var failure: ArchiveError?
        await inParallel(files.sorted { $0.size < $1.size }, atMost: parallelism) { file in
            tally(file, settings, begin)
        } take: { file, outcome in
            switch outcome {
            case .success(let tally): sum.add(tally)
            case .failure(.vanished): vanished = file
            case .failure(.failed(let error)): failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return vanished.map { .vanished($0) } ?? .whole(sum)
    }

    private func tally(
        _ file: DataFile, _ settings: Settings, _ begin: Timestamp?
    ) -> Swift.Result<EventTally, ArchivedLines.Failure> {
        var tally = EventTally()
        let isCounted = settings.from.map { $0 <= file.name.date } ?? true
        do throws(ArchivedLines.Failure) {
            var lines = try ArchivedLines(file, in: layout, fileSystem)
            var hasMore = true
            while hasMore {
                hasMore = try lines.next { line in
                    // The file was verified, so that its lines are events with a time.
                    guard let fields = try? EventFields(line: line), let time = fields.time(in: line) else { return }
                    tally.add(fields, line, time, isCounted: isCounted)
                    guard isCounted else { return }
                    tally.lateness.add(time, archivedAt: file.replaces == nil ? file.archivedAt : nil, begin: begin)
                }
            }
            return .success(tally)
        } catch {
            return .failure(error)
        }
    }
}
