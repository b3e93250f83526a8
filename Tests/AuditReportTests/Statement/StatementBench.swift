import ArchiveTestSupport
@testable import AuditArchive
@testable import AuditReport
import CivilTime
import SystemPackage
import Testing

/// Statements of an archive in memory.
struct StatementBench {
    let archive: SampleArchive
    var fileSystem: any FileSystem
    static let population = FilePath("/population.ndjson.gz")

    init(_ archive: SampleArchive, fileSystem: (any FileSystem)? = nil) {
        self.archive = archive
        self.fileSystem = fileSystem ?? archive.fileSystem
    }

    static func day(_ text: String) -> CalendarDay { CalendarDay(text) ?? .first }

    /// A comparison of some days.
    static func check(_ from: String, _ to: String, _ archived: Int, api: Int? = nil, hour: Int = 0) -> CheckedRun {
        CheckedRun(
            from: day(from), to: day(to), checkedAt: SampleEvent.time("2025-02-20T0\(hour):00:00Z"),
            apiCount: api ?? archived,
            archiveCount: archived)
    }

    /// The outcome of a statement about some days.
    func make(
        _ from: String, _ to: String, parallelism: Int = 2,
        _ change: (inout ArchiveStatement.Settings) -> Void = { _ in }
    ) async throws -> ArchiveStatement.Outcome {
        var settings = ArchiveStatement.Settings(
            Self.day(from)...Self.day(to), madeAt: SampleEvent.time("2025-03-02T00:00:00Z"), madeBy: "test 1",
            archive: "/archive", request: "GET /")
        change(&settings)
        let maker = ArchiveStatement(archive.layout, fileSystem: fileSystem, parallelism: parallelism)
        return try await maker.make(settings, population: Self.population)
    }

    /// The statement about some days, and the lines of its population.
    func statement(
        _ from: String, _ to: String, parallelism: Int = 2,
        _ change: (inout ArchiveStatement.Settings) -> Void = { _ in }
    ) async throws -> (statement: Statement, lines: [String]) {
        guard case .statement(let statement) = try await make(from, to, parallelism: parallelism, change) else {
            throw ArchiveError.damaged("there is no statement", at: archive.layout.root)
        }
        var lines: [String] = []
        var reader = GzipLineReader(Self.population, fileSystem)
        try reader.read { _, line in lines.append(line.text) }
        #expect(reader.digest == statement.population.digest)
        return (statement, lines)
    }

    /// Takes an event out, on record.
    static func erase(_ id: String, from archive: SampleArchive, at now: Timestamp) async throws {
        let report = try await archive.open(now) { session in
            let erasure = Erasure(
                session, archive.layout, fileSystem: archive.fileSystem,
                compression: CompressionSettings(level: 1, parallelism: 1))
            return try await erasure.run(id: id, reason: "asked \u{1B}[31mfor", now: now)
        }
        #expect(report?.events == 1)
    }
}
