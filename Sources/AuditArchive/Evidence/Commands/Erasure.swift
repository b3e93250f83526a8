import AuditRecords
package import CivilTime
import JSONText
import SystemPackage

/// Erases an event, on record: the line goes, and its hash stays. Records of the same id in the quarantine go with it, and
/// nothing brings the id back.
package struct Erasure: Sendable {
    private let session: ArchiveSession
    private let archive: ArchiveDirectory
    private let compression: CompressionSettings

    /// What was erased.
    package struct Report: Sendable, Equatable {
        /// Events.
        package var events = 0
        /// Records in the quarantine.
        package var quarantined = 0
        /// The dates that the events were of.
        package var dates: [CalendarDay] = []
        /// The archive's generation afterwards.
        package var generation = 0
    }

    /// Erasure from the archive that the session has opened.
    package init(
        _ session: ArchiveSession, _ layout: ArchiveLayout, fileSystem: any FileSystem, compression: CompressionSettings
    ) {
        self.session = session
        self.compression = compression
        archive = ArchiveDirectory(layout, fileSystem)
    }

    /// Erases the event of this id.
    ///
    /// - Returns: what was erased; `nil` where no event and no quarantined record has this id.
    /// - Throws: `ArchiveError` of the kind `notWritable` where a hold covers the event's date.
    package func run(id: String, reason: String, now: Timestamp) async throws(ArchiveError) -> Report? {
        guard let manifest = await session.manifest else { return nil }
        let search = ErasureSearch(archive: archive, id: Array(id.utf8))
        let key = EventKey(id: id.utf8.span.bytes)
        let files = await session.files(of: try await session.dates(thatMayHold: [key]))
        let found = try search.lines(in: files)
        let aside = try search.records(in: manifest.quarantine)
        guard !found.isEmpty || !aside.isEmpty else { return nil }
        try checkHolds(manifest, found.map(\.file.name.date))
        let replay = manifest.evidence == nil ? nil : try LogTakeover(archive).read()?.replay
        let plan = ErasurePlan(
            archive: archive, compression: compression, generation: try await session.generationOfNextCommit(),
            idHash: .plain(id), reason: reason, replay: replay)
        let exchanges = try await canExchange()
        let change = try await plan.change(found, aside, manifest, exchanges: exchanges)
        await session.stage { $0 = change }
        let commit = try await session.commit(CommitMetadata(keeping: manifest, now: now))
        // What came out of the table still holds the line.
        RetiredFolders(archive).clear(await session.manifest, at: now, keptFor: .zero)
        return Report(
            events: found.reduce(0) { $0 + $1.lines.count }, quarantined: aside.reduce(0) { $0 + $1.lines.count },
            dates: Set(found.map(\.file.name.date)).sorted(), generation: commit?.generation ?? manifest.generation)
    }

    private func checkHolds(_ manifest: Manifest, _ dates: [CalendarDay]) throws(ArchiveError) {
        for hold in manifest.holds where dates.contains(where: { hold.from <= $0 && $0 <= hold.to }) {
            throw ArchiveError(
                .notWritable,
                "The event is held (\(VisibleText.oneLine(hold.name)): \(VisibleText.oneLine(hold.reason)))",
                at: archive.layout.root,
                hint:
                    "Nothing was changed. When the hold is over, run `captivateiq-export evidence release --name NAME "
                    + "--reason REASON`, and erase then.")
        }
    }

    private func canExchange() async throws(ArchiveError) -> Bool {
        do throws(ArchiveError) {
            try await session.probeExchange()
            return true
        } catch {
            guard error.kind == .noExchange else { throw error }
            return false
        }
    }
}

/// Finds the lines that have an id.
struct ErasureSearch {
    let archive: ArchiveDirectory
    /// The decoded bytes of the id.
    let id: [UInt8]

    /// A file, and which of its lines, from 0, have the id.
    struct Found<File> {
        var file: File
        var lines: Set<Int>
    }

    /// Data files.
    func lines(in files: [DataFile]) throws(ArchiveError) -> [Found<DataFile>] {
        var found: [Found<DataFile>] = []
        for file in files {
            var lines: Set<Int> = []
            try DuplicateReader(archive: archive).read(file.name) { number, line in
                if hasID(line) { lines.insert(Int(number) - 1) }
            }
            if !lines.isEmpty { found.append(Found(file: file, lines: lines)) }
        }
        return found
    }

    /// Quarantine files: records of that id, in whatever form they came.
    func records(in files: [QuarantineFile]) throws(ArchiveError) -> [Found<QuarantineFile>] {
        var found: [Found<QuarantineFile>] = []
        for file in files {
            var lines: Set<Int> = []
            var number = 0
            try QuarantineReader(archive: archive).read([file]) { line in
                if QuarantinedDays.record(ofLine: line).map({ hasID($0.span.bytes) }) ?? false { lines.insert(number) }
                number += 1
            }
            if !lines.isEmpty { found.append(Found(file: file, lines: lines)) }
        }
        return found
    }

    private func hasID(_ line: RawSpan) -> Bool {
        guard let token = (try? RecordScan(line: line))?.id else { return false }
        return token.withDecodedBytes(in: line) { bytes in
            bytes.withUnsafeBytes { $0.elementsEqual(id) }
        }
    }
}
