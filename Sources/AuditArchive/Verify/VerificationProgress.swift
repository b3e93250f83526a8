/// How far a verification is.
package struct VerificationProgress: Sendable, Equatable {
    /// Files that were read.
    package var filesDone = 0
    /// Files to read.
    package var filesTotal = 0
    /// Bytes of the files that were read.
    package var bytesDone = 0
    /// Bytes of all files.
    package var bytesTotal = 0
    /// Lines in the files that were read.
    package var records = 0

    /// Before the first of a manifest's files.
    init(_ manifest: Manifest) {
        filesTotal = manifest.files.count + manifest.quarantine.count
        bytesTotal = manifest.totals.size + manifest.quarantine.reduce(0) { $0 + $1.size }
    }

    /// Before the first file of nothing.
    package init() {}

    /// A file of so many bytes, by the manifest, turned out to be this.
    mutating func record(_ findings: FileFindings, size: Int) {
        filesDone += 1
        bytesDone += size
        records += findings.digest?.records ?? 0
    }
}
