import SystemPackage

/// Reads quarantine files back, so that a record is kept once however often it is seen again.
struct QuarantineReader {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout

    /// What all of these files hold.
    func contents(_ files: [QuarantineFile]) throws(ArchiveError) -> QuarantineContents {
        var contents = QuarantineContents()
        for file in files {
            let path = layout.absolute(file.name.path)
            var lines = GzipLines(path, fileSystem)
            do {
                try lines.read { _, line in contents.learn(line: line) }
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
        return contents
    }
}
