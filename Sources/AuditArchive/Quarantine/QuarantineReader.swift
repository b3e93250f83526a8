import SystemPackage

/// Reads quarantine files back, so that a record is kept once however often it is seen again.
struct QuarantineReader {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout

    /// The digests of all records in these files.
    func digests(_ files: [QuarantineFile]) throws(ArchiveError) -> Set<ContentDigest> {
        var digests: Set<ContentDigest> = []
        for file in files {
            let path = layout.absolute(file.name.path)
            var lines = GzipLines(path, fileSystem)
            do {
                try lines.read { _, line in digests.insert(QuarantineBatch.digest(inLine: line)) }
            } catch {
                switch error {
                case .file(let failure) where failure.errno == .noSuchFileOrDirectory:
                    throw ArchiveError.damaged("A quarantine file is missing", at: path)
                case .file(let failure): throw ArchiveError(failure)
                case .gzip(let failure):
                    throw ArchiveError.damaged("A quarantine file is damaged: \(failure)", at: path)
                }
            }
        }
        return digests
    }
}
