/// What a verification found.
package struct Verification: Sendable {
    /// The generation that was checked.
    package var generation: Int

    /// Every fault, sorted; empty for a sound archive.
    package var faults: [ArchiveFault] = []

    /// Data files that were read.
    package var files = 0

    /// Lines in them.
    package var records = 0

    /// Their bytes on disk.
    package var size = 0

    /// Their bytes of NDJSON.
    package var uncompressedSize = 0

    /// Quarantine files that were read.
    package var quarantineFiles = 0

    /// Lines in them.
    package var quarantinedRecords = 0

    init(generation: Int) {
        self.generation = generation
    }

    mutating func add(_ file: FileDigest) {
        files += 1
        records += file.records
        size += file.size
        uncompressedSize += file.uncompressedSize
    }
}
