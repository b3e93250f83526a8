package import CivilTime

/// One published data file.
package struct DataFile: Equatable, Sendable {
    /// Its name and so its path.
    package var name: DataFileName

    /// SHA-256 of the compressed bytes, 64 lower-case hex digits.
    package var sha256: String

    /// Bytes on disk.
    package var size: Int

    /// Bytes of NDJSON.
    package var uncompressedSize: Int

    /// Lines.
    package var records: Int

    /// The first line's event time.
    package var firstEventTimestamp: Timestamp

    /// The last line's event time.
    package var lastEventTimestamp: Timestamp

    /// When the commit was made that added the file; `nil` where that is not known.
    package var archivedAt: Timestamp?

    /// How many files it replaced, for a compacted one.
    package var replaces: Int?

    /// Describes a file.
    package init(
        name: DataFileName, sha256: String, size: Int, uncompressedSize: Int, records: Int,
        firstEventTimestamp: Timestamp, lastEventTimestamp: Timestamp, archivedAt: Timestamp? = nil,
        replaces: Int? = nil
    ) {
        self.name = name
        self.sha256 = sha256
        self.size = size
        self.uncompressedSize = uncompressedSize
        self.records = records
        self.firstEventTimestamp = firstEventTimestamp
        self.lastEventTimestamp = lastEventTimestamp
        self.archivedAt = archivedAt
        self.replaces = replaces
    }
}

extension DataFile {
    /// The same file, added by a commit of that moment.
    func archived(at time: Timestamp) -> DataFile {
        var file = self
        file.archivedAt = time
        return file
    }
}

/// One published file of quarantined records.
package struct QuarantineFile: Equatable, Sendable {
    /// Its name and so its path.
    package var name: QuarantineFileName

    /// SHA-256 of the compressed bytes, 64 lower-case hex digits.
    package var sha256: String

    /// Bytes on disk.
    package var size: Int

    /// Bytes of NDJSON.
    package var uncompressedSize: Int

    /// Lines.
    package var records: Int

    /// Describes a file.
    package init(name: QuarantineFileName, sha256: String, size: Int, uncompressedSize: Int, records: Int) {
        self.name = name
        self.sha256 = sha256
        self.size = size
        self.uncompressedSize = uncompressedSize
        self.records = records
    }
}
