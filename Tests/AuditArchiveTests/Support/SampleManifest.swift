import AuditArchive
import JSONText

extension Manifest {
    /// A manifest with something in every place.
    static var sample: Manifest {
        var manifest = Manifest(
            generation: 42, writtenAt: "2026-11-23T02:05:11.123456Z", writer: "captivateiq-export 0.1.0",
            startTimestamp: "2025-01-01T00:00:00Z")
        manifest.organization = ArchiveOrganization(id: "org_123456", name: "Acme \"Corp\" Ü\n")
        manifest.lastEventTimestamp = "2025-02-24T01:00:00Z"
        manifest.pending = TimeRanges([
            TimeRange(from: "2025-01-01T00:00:00Z", to: "2025-01-03T00:00:00Z"),
            TimeRange(from: "2025-01-05T00:00:00Z", to: "2025-01-06T12:00:00Z")
        ])
        manifest.partitions = [
            Partition(
                date: "2025-02-23", state: .closed, records: 10, apiCount: 10, checkedAt: "2025-03-01T00:00:00Z"),
            Partition(date: "2025-02-24", state: .open, records: 1)
        ]
        manifest.files = [
            DataFile.sample(date: "2025-02-23", generation: 41, records: 7),
            DataFile.sample(date: "2025-02-23", generation: 42, records: 3),
            DataFile.sample(date: "2025-02-24", generation: 42, records: 1)
        ]
        manifest.quarantine = [
            QuarantineFile(
                name: QuarantineFileName(generation: 40, part: 0), sha256: String(repeating: "0f", count: 32), size: 99,
                uncompressedSize: 120, records: 2)
        ]
        return manifest
    }

    /// Its text.
    var text: String { String(decoding: encoded(), as: UTF8.self) }
}

extension DataFile {
    fileprivate static func sample(date: CalendarDay, generation: Int, records: Int) -> DataFile {
        DataFile(
            name: DataFileName(date: date, generation: generation, part: 0), sha256: String(repeating: "a1", count: 32),
            size: 100 * records, uncompressedSize: 500 * records, records: records,
            firstEventTimestamp: date.start, lastEventTimestamp: date.start + .seconds(3600))
    }
}
