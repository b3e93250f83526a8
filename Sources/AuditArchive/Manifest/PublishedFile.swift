package import CivilTime

/// What a gzip NDJSON file is: its checksum and its sizes.
package struct FileDigest: Equatable, Sendable {
    /// SHA-256 of the compressed bytes.
    package var sha256: TreeHash

    /// Bytes on disk.
    package var size: Int

    /// Bytes of NDJSON.
    package var uncompressedSize: Int

    /// Lines.
    package var records: Int

    /// Whether it is that of a file with these bytes, as far as that can be told without decompressing them.
    func isDigest(of compressed: [UInt8]) -> Bool {
        compressed.count == size && TreeHash.plain(compressed.span.bytes) == sha256
    }
}

/// A file that a manifest names.
package protocol PublishedFile {
    /// What the manifest says that the file is.
    var digest: FileDigest { get set }
}

extension PublishedFile {
    /// SHA-256 of the compressed bytes.
    package var sha256: TreeHash {
        get { digest.sha256 }
        set { digest.sha256 = newValue }
    }

    /// Bytes on disk.
    package var size: Int {
        get { digest.size }
        set { digest.size = newValue }
    }

    /// Bytes of NDJSON.
    package var uncompressedSize: Int {
        get { digest.uncompressedSize }
        set { digest.uncompressedSize = newValue }
    }

    /// Lines.
    package var records: Int {
        get { digest.records }
        set { digest.records = newValue }
    }
}

/// One published data file.
package struct DataFile: PublishedFile, Equatable, Sendable {
    /// Its name and so its path.
    package var name: DataFileName

    /// What it is.
    package var digest: FileDigest

    /// The first line's event time.
    package var firstEventTimestamp: Timestamp

    /// The last line's event time.
    package var lastEventTimestamp: Timestamp

    /// When the commit was made that added the file; `nil` where that is not known.
    package var archivedAt: Timestamp?

    /// How many files it replaced, for a compacted one.
    package var replaces: Int?
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
package struct QuarantineFile: PublishedFile, Equatable, Sendable {
    /// Its name and so its path.
    package var name: QuarantineFileName

    /// What it is.
    package var digest: FileDigest
}
