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
        let reading = VerifiedReading(layout: layout, fileSystem: fileSystem, parallelism: parallelism)
        let outcome = try await reading.run {
            (manifest, verification) async throws(ArchiveError) -> VerifiedReading.Step<Result> in
            var tally = EventTally()
            if let file = try await count(manifest, settings, into: &tally) { return .vanished(file) }
            let quarantine = try QuarantineReasons(manifest, layout, fileSystem)
            let anchors = try EvidenceReview(manifest, layout, fileSystem)?.anchors ?? []
            return .whole(try result(manifest, verification, tally, quarantine, anchors, settings))
        }
        switch outcome {
        case .read(let result): return .report(result)
        case .damaged(let verification): return .damaged(verification)
        }
    }

    private func result(
        _ manifest: Manifest, _ verification: Verification, _ tally: EventTally, _ quarantine: QuarantineReasons,
        _ anchors: [EvidenceAnchor], _ settings: Settings
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
            manifest: manifest, verification: verification, tally: tally, quarantine: quarantine, anchors: anchors,
            settings: settings, completeness: completeness, status: status, seenAt: seenAt)
        return Result(
            bytes: Array(page.html.utf8), events: tally.events, generation: manifest.generation,
            completeness: completeness)
    }

    /// Counts the events of the range, and the addresses of those before it. Returns a file that is gone.
    private func count(
        _ manifest: Manifest, _ settings: Settings, into sum: inout EventTally
    ) async throws(ArchiveError) -> DataFile? {
        struct FileTally {
            var events = EventTally()
            var isCounted: Bool
            var archivedAt: Timestamp?
        }
        let files = manifest.files.filter { file in settings.through.map { file.name.date <= $0 } ?? true }
        let begin = manifest.files.lazy.compactMap(\.archivedAt).min()
        let sweep = FileSweep(layout: layout, fileSystem: fileSystem, parallelism: parallelism)
        return try await sweep.run(files) { file in
            FileTally(
                isCounted: settings.from.map { $0 <= file.name.date } ?? true,
                archivedAt: file.replaces == nil ? file.archivedAt : nil)
        } line: { tally, line in
            // The file was verified, so that its lines are events with a time.
            guard let fields = try? EventFields(line: line), let time = fields.time(in: line) else { return }
            tally.events.add(fields, line, time, isCounted: tally.isCounted)
            guard tally.isCounted else { return }
            tally.events.lateness.add(time, archivedAt: tally.archivedAt, begin: begin)
        } take: {
            sum.add($0.events)
        }
    }
}
