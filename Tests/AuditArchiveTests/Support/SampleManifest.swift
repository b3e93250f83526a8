@testable import AuditArchive
import CivilTime

extension Manifest {
    /// A manifest with something in every place.
    static var sample: Manifest {
        var manifest = Manifest(
            generation: 42, writtenAt: "2026-11-23T02:05:11.123456Z", writer: "captivateiq-export 0.1.0",
            startTimestamp: "2025-01-01T00:00:00Z", archiveID: "9f2c0011223344556677889900aabbcc")
        manifest.organization = ArchiveOrganization(id: "org_123456", name: "Acme \"Corp\" Ü\n")
        manifest.lastEventTimestamp = "2025-02-24T01:00:00Z"
        manifest.pending = RangeSet([
            Range(from: "2025-01-01T00:00:00Z", to: "2025-01-03T00:00:00Z"),
            Range(from: "2025-01-05T00:00:00Z", to: "2025-01-06T12:00:00Z")
        ])
        manifest.syncedTo = "2025-02-24T01:00:00Z"
        manifest.completeThrough = "2025-02-23"
        manifest.checked = [
            CheckedRun(
                from: "2025-01-07", to: "2025-02-22", checkedAt: "2025-03-01T00:00:00Z", apiCount: 0, archiveCount: 0),
            CheckedRun(
                from: "2025-02-23", to: "2025-02-23", checkedAt: "2025-03-01T00:00:00Z", apiCount: 8, archiveCount: 10,
                difference: -2, goneAtVendor: 3, unexplained: 1)
        ]
        manifest.holds = [Hold(name: "case \"12\"", from: "2025-01-01", to: "2025-03-31", reason: "asked for")]
        manifest.pruned = [
            PrunedRun(
                from: "2024-12-01", to: "2024-12-31", records: 812, prunedAt: "2026-11-23T02:05:11.123456Z",
                reason: "retention 400d")
        ]
        manifest.partitions = [
            Partition(date: "2025-02-23", state: .closed, records: 10),
            Partition(date: "2025-02-24", state: .open, records: 1)
        ]
        manifest.files = [
            DataFile.sample(date: "2025-02-23", generation: 41, records: 7),
            DataFile.sample(date: "2025-02-23", generation: 42, records: 3),
            DataFile.sample(date: "2025-02-24", generation: 42, records: 1)
        ]
        manifest.files[0].archivedAt = "2026-11-22T02:05:11.123456Z"
        manifest.files[1].archivedAt = "2026-11-23T02:05:11.123456Z"
        manifest.files[1].replaces = 2
        manifest.quarantine = [
            QuarantineFile(
                name: QuarantineFileName(generation: 40, part: 0),
                digest: FileDigest(
                    sha256: .repeating(0x0f), size: 99, uncompressedSize: 120, records: 2))
        ]
        return manifest
    }

    /// The same, as it is once it was written.
    static var sealedSample: Manifest {
        var manifest = sample
        _ = manifest.seal()
        return manifest
    }

    /// Its text.
    var text: String { String(decoding: encoded(), as: UTF8.self) }
}

extension DataFile {
    fileprivate static func sample(date: CalendarDay, generation: Int, records: Int) -> DataFile {
        DataFile(
            name: DataFileName(date: date, generation: generation, part: 0),
            digest: FileDigest(
                sha256: .repeating(0xa1), size: 100 * records, uncompressedSize: 500 * records,
                records: records),
            firstEventTimestamp: date.start, lastEventTimestamp: date.start + .seconds(3600))
    }
}

extension TreeHash {
    /// Some hash.
    static func repeating(_ byte: UInt8) -> TreeHash {
        TreeHash(bytes: Array(repeating: byte, count: TreeHash.byteCount)) ?? .empty
    }
}
