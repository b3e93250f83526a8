package import CivilTime

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
    var archivedAt: Timestamp?

    /// How many files it replaced, for a compacted one.
    var replaces: Int?
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
