package import CivilTime

/// One published data file.
package struct DataFile: PublishedFile, Equatable, Sendable {
    /// Its name and so its path.
    package var name: DataFileName

    package var digest: FileDigest

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
        name: DataFileName, digest: FileDigest, firstEventTimestamp: Timestamp, lastEventTimestamp: Timestamp,
        archivedAt: Timestamp? = nil, replaces: Int? = nil
    ) {
        self.name = name
        self.digest = digest
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
package struct QuarantineFile: PublishedFile, Equatable, Sendable {
    /// Its name and so its path.
    package var name: QuarantineFileName

    package var digest: FileDigest

    /// Describes a file.
    package init(name: QuarantineFileName, digest: FileDigest) {
        self.name = name
        self.digest = digest
    }
}
