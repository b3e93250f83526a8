import CivilTime
import JSONText
import SystemPackage

/// Reads quarantine files back, so that a record is kept once however often it is seen again, and asked for again.
struct QuarantineReader {
    let archive: ArchiveDirectory

    /// What all of these files hold.
    func contents(_ files: [QuarantineFile]) throws(ArchiveError) -> QuarantineContents {
        var contents = QuarantineContents()
        try read(files) { contents.learn(line: $0) }
        return contents
    }

    /// The days to ask for again, for what these files hold.
    func daysToRetry(_ files: [QuarantineFile]) throws(ArchiveError) -> Set<CalendarDay> {
        var days = QuarantinedDays()
        try read(files) { days.learn(line: $0) }
        return days.days
    }

    /// How many records these files hold, and why.
    func tally(_ files: [QuarantineFile]) throws(ArchiveError) -> QuarantineTally {
        var tally = QuarantineTally()
        try read(files) { line in
            if QuarantineLine.isChange(line) { tally.changed += 1 } else { tally.refused += 1 }
        }
        return tally
    }

    /// Hands over the lines of all of these files.
    func read(_ files: [QuarantineFile], _ body: (RawSpan) -> Void) throws(ArchiveError) {
        for file in files {
            let path = archive.layout.absolute(file.name.path)
            var lines = GzipLineReader(path, archive.fileSystem)
            do {
                try lines.read { _, line in body(line) }
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
    }
}
