package import AuditArchive
import AuditRecords
package import CivilTime
package import SystemPackage

/// Makes the statement of a period: verifies the archive, writes the period's events to one file, and gathers what is
/// known of them. It takes no lock, changes nothing in the archive, and works on a copy and beside a sync.
package struct ArchiveStatement: Sendable {
    /// What the statement is of, and what its reader is told beside the archive.
    package struct Settings: Sendable {
        /// The dates.
        package var period: ClosedRange<CalendarDay>
        /// The key and the heads that the evidence must fit.
        package var trust = EvidenceTrust()
        /// Days that were compared with the API just now, each in a run of its own; nil where it was not asked.
        package var checks: [CheckedRun]?
        /// How long after they happened events are looked for by a sync with today's settings.
        package var lookback = Duration.seconds(86_400)
        /// When it is made.
        package var madeAt: Timestamp
        /// Program and version.
        package var madeBy: String
        /// The archive's folder, as a reader would type it.
        package var archive: String
        /// What is asked of the API, such as `GET /…`, with the parameters.
        package var request: String

        /// The statement of some dates.
        package init(
            _ period: ClosedRange<CalendarDay>, madeAt: Timestamp, madeBy: String, archive: String, request: String
        ) {
            self.period = period
            self.madeAt = madeAt
            self.madeBy = madeBy
            self.archive = archive
            self.request = request
        }
    }

    /// The statement, or why there is none.
    package enum Outcome: Sendable {
        case statement(Statement)
        /// The archive does not pass its verification.
        case damaged(Verification)
    }

    private let layout: ArchiveLayout
    private let fileSystem: any FileSystem
    private let parallelism: Int

    /// Statements of the archive at `layout`; so many files are read at once at most.
    package init(_ layout: ArchiveLayout, fileSystem: any FileSystem, parallelism: Int) {
        self.layout = layout
        self.fileSystem = fileSystem
        self.parallelism = parallelism
    }

    /// Verifies the archive, writes the population to a file, durably, and says what is known of it.
    ///
    /// - Parameters:
    ///   - path: the population's file; one that is there is replaced.
    ///   - report: hears how far the verification is.
    /// - Throws: `ArchiveError` where there is no archive, or a file cannot be read or written.
    package func make(
        _ settings: Settings, population path: FilePath, report: (VerificationProgress) -> Void = { _ in }
    ) async throws(ArchiveError) -> Outcome {
        let reading = VerifiedReading(
            layout: layout, fileSystem: fileSystem, parallelism: parallelism, trust: settings.trust)
        let outcome = try await reading.run(report: report) {
            (manifest, verification) async throws(ArchiveError) -> VerifiedReading.Step<Statement> in
            try await read(manifest, verification, settings, path)
        }
        switch outcome {
        case .read(let statement): return .statement(statement)
        case .damaged(let verification): return .damaged(verification)
        }
    }

    private func read(
        _ manifest: Manifest, _ verification: Verification, _ settings: Settings, _ path: FilePath
    ) async throws(ArchiveError) -> VerifiedReading.Step<Statement> {
        let review = try EvidenceReview(manifest, layout, fileSystem)
        let aside = try KeptAside(manifest, layout, fileSystem).entries
        let files = manifest.files.filter { settings.period.contains($0.name.date) }
        var tally = StatementTally(Self.reference(manifest, settings, review, aside), [])
        if let file = try await count(files, review, into: &tally) { return .vanished(file) }
        let writer = PopulationWriter(path: path, layout: layout, fileSystem: fileSystem, parallelism: parallelism)
        let digest: FileDigest
        switch try await writer.write(manifest, settings.query) {
        case .vanished(let file): return .vanished(file)
        case .whole(let written): digest = written
        }
        guard digest.records == tally.events, digest.records == files.reduce(0, { $0 + $1.records }) else {
            throw .damaged("The events of the period are not as many as the manifest says", at: layout.manifest)
        }
        let compared = Self.compared(manifest, settings)
        let completeness = Completeness(compared, settings.query)
        return .whole(
            Statement(
                settings: settings,
                population: Statement.Population(digest: digest, first: tally.first, last: tally.last),
                source: Statement.Source(review, settings.period),
                days: StatementDay.all(of: settings.period, compared, checks: settings.checks ?? []),
                completeness: completeness,
                exceptions: StatementExceptions(compared, settings.period, tally, aside, review),
                verification: verification, state: Statement.State(manifest),
                evidence: review.map { Statement.Evidence(checkpoint: $0.checkpoint, anchors: $0.anchors) },
                files: files))
    }

    private static func reference(
        _ manifest: Manifest, _ settings: Settings, _ review: EvidenceReview?, _ aside: [KeptAside.Entry]
    ) -> StatementTally.Reference {
        var versions: [EventKey: [Timestamp?]] = [:]
        for entry in aside where entry.isChange {
            if let key = entry.key { versions[key, default: []].append(entry.time) }
        }
        let began = [review?.beganAt, manifest.files.lazy.compactMap(\.archivedAt).min()].compactMap(\.self).min()
        return StatementTally.Reference(lookback: settings.lookback, began: began, versions: versions)
    }

    private func count(
        _ files: [DataFile], _ review: EvidenceReview?, into sum: inout StatementTally
    ) async throws(ArchiveError) -> DataFile? {
        let sweep = FileSweep(layout: layout, fileSystem: fileSystem, parallelism: parallelism)
        let empty = sum
        return try await sweep.run(files) { file in
            // Without evidence a merged file has the time of the newest of those that it replaced.
            let time = file.replaces == nil ? file.archivedAt : nil
            let run = LineArrivals.Run(count: file.records, generation: file.name.generation, at: time)
            return empty.of(review?.arrivals.runs(of: file) ?? [run])
        } line: { tally, line in
            tally.add(line)
        } take: {
            sum.add($0)
        }
    }

    /// The manifest, as if it had been written after the comparison: what was compared just now comes first. A day that has
    /// changed since is not compared.
    private static func compared(_ manifest: Manifest, _ settings: Settings) -> Manifest {
        let now = (settings.checks ?? []).filter { run in
            run.from == run.to && manifest.partition(of: run.from)?.records ?? 0 == run.archiveCount
        }
        var compared = manifest
        compared.checked = now + manifest.checked
        return compared
    }
}

extension ArchiveStatement.Settings {
    /// All events of the period.
    var query: EventQuery {
        var query = EventQuery()
        query.from = period.lowerBound.start
        query.through = Range(of: period.upperBound).upperBound - .microseconds(1)
        return query
    }
}

extension StatementTally {
    /// The same before the first line of a file.
    fileprivate func of(_ runs: [LineArrivals.Run]) -> StatementTally { StatementTally(reference, runs) }
}

extension Statement.State {
    init(_ manifest: Manifest) {
        self.init(
            archiveID: manifest.archiveID, generation: manifest.generation, writtenAt: manifest.writtenAt,
            startTimestamp: manifest.startTimestamp, digest: manifest.digest, organization: manifest.organization)
    }
}

extension Statement.Source {
    /// What the evidence says of where the events of a period came from.
    init(_ review: EvidenceReview?, _ period: ClosedRange<CalendarDay>) {
        let added = review?.added.filter { period.contains($0.file.date) } ?? []
        let sources = added.compactMap(\.file.source)
        hosts = Set(sources.map(\.host)).sorted()
        writers = Set(sources.map(\.writer)).sorted()
        if let from = sources.map(\.from).min(), let to = sources.map(\.to).max(), from <= to { asked = from...to }
        (from, to) = (added.first?.at, added.last?.at)
        files = added.count
        adopted = added.count { $0.file.source == nil }
    }
}
