package import CivilTime

/// The evidence log as it stands, for people and for machines.
package struct EvidenceHistory: Sendable {
    /// One entry.
    package struct Entry: Sendable {
        /// Its place in the log, from 0.
        package var index: Int
        /// When it was made.
        package var at: Timestamp
        /// What was done.
        package var operation: EvidenceOperation
        /// The line.
        package var text: String
    }

    /// All entries.
    package private(set) var entries: [Entry] = []

    /// The head.
    package let head: EvidenceHead

    /// How many entries a signed head vouches for.
    package let signedEntries: Int

    /// Reads the log of the archive at `layout`.
    ///
    /// - Throws: `ArchiveError` of the kind `damaged` where the log is not that of the manifest.
    package init(_ layout: ArchiveLayout, fileSystem: any FileSystem) throws(ArchiveError) {
        let archive = ArchiveDirectory(layout, fileSystem)
        let manifest = try archive.requireManifest().manifest
        guard let head = manifest.evidence else { throw .noEvidence(layout) }
        self.head = head
        signedEntries =
            try archive.contents(ofFile: layout.checkpoint).flatMap { Checkpoint(decoding: $0) }?.entries ?? 0
        var entries: [Entry] = []
        var fault: String?
        let reading = try EvidenceLog(archive).read(upTo: head) { line in
            do throws(OperationError) {
                let entry = try EvidenceEntry(line: line.bytes)
                entries.append(
                    Entry(
                        index: line.index, at: entry.at, operation: entry.operation,
                        text: String(decoding: line.bytes, as: UTF8.self)))
            } catch {
                fault = fault ?? "line \(line.number) of \(line.path) \(error.reason)"
            }
        }
        if let fault = fault ?? reading.fault?.description {
            throw .changedLog("The evidence log cannot be relied on: \(fault)", at: layout.logDirectory)
        }
        self.entries = entries
    }
}
