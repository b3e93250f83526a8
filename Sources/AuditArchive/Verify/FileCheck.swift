import CivilTime
import Gzip

/// What one file turned out to be.
struct FileFindings: Sendable {
    /// What is wrong with it.
    var faults: [ArchiveFault] = []
    /// Its event ids, sorted.
    var keys: [PlacedKey] = []
    /// Its newest event not later than the manifest.
    var newest: Timestamp?
    /// What was read; `nil` where nothing could be.
    var measure: GzipLines.Measure?
    /// Whether all of its lines were seen.
    var isWhole = false
    /// SHA-256 of its bytes; empty where nothing could be read.
    var sha256 = ""
    /// The times of its first and last line.
    var range: (first: Timestamp, last: Timestamp)?
    /// The call that failed, where it was not the file but the file system that is to blame.
    var failure: FileSystemError?
    /// The organizations of its events, where they were to be noted.
    var organizations: [ArchiveOrganization] = []
}

/// Checks one file in one pass over its bytes, against its entry in the manifest or for itself.
struct FileCheck: Sendable {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout

    /// Checks the data file with this number; events later than `writtenAt` do not count as newest.
    func check(_ file: DataFile, number: UInt32, writtenAt: Timestamp) -> FileFindings {
        let lines = EventLines(file.name, stated: file, number: number, newestLimit: writtenAt)
        return check(FileEntry(path: file.name.path, stated: FileEntry.Stated(file)), lines)
    }

    /// Checks a data file that no manifest says anything about.
    func examine(_ name: DataFileName, number: UInt32, now: Timestamp) -> FileFindings {
        check(
            FileEntry(path: name.path, stated: nil), EventLines(name, stated: nil, number: number, newestLimit: now))
    }

    /// Checks a quarantine file.
    func check(_ file: QuarantineFile) -> FileFindings {
        checkQuarantine(FileEntry(path: file.name.path, stated: FileEntry.Stated(file)))
    }

    /// Checks a quarantine file that no manifest says anything about.
    func examine(_ name: QuarantineFileName) -> FileFindings {
        checkQuarantine(FileEntry(path: name.path, stated: nil))
    }

    private func check(_ entry: FileEntry, _ untouched: EventLines) -> FileFindings {
        var lines = untouched
        var findings = read(entry) { lines.check($0, $1) }
        // Of a damaged file even the lines that came out are not to be trusted.
        guard findings.isWhole else { return findings }
        findings.faults += lines.faults.faults(of: entry.path)
        if let fault = lines.timestampFault() { findings.faults.append(fault) }
        findings.keys = lines.keys.sorted()
        findings.newest = lines.newest
        findings.range = lines.range
        findings.organizations = lines.organizations
        return findings
    }

    private func checkQuarantine(_ entry: FileEntry) -> FileFindings {
        var lines = QuarantineLines(path: entry.path)
        var findings = read(entry) { lines.check($0, $1) }
        if findings.isWhole { findings.faults += lines.faults.faults(of: entry.path) }
        return findings
    }

    private func read(_ entry: FileEntry, _ line: (Int, RawSpan) -> Void) -> FileFindings {
        var findings = FileFindings()
        do throws(FileSystemError) {
            if let fault = try presenceFault(entry) {
                findings.faults.append(fault)
                return findings
            }
        } catch {
            findings.note(error, entry.path)
            return findings
        }
        var lines = GzipLines(layout.absolute(entry.path), fileSystem)
        do {
            try lines.read(line)
            findings.isWhole = true
        } catch {
            switch error {
            case .file(let failure):
                findings.note(failure, entry.path)
                return findings
            case .gzip(.trailingBytes):
                findings.isWhole = true
                findings.faults.append(trailingFault(entry))
            case .gzip(let failure):
                findings.faults.append(ArchiveFault(.gzip, entry.path, "does not decompress: \(failure)"))
            }
        }
        findings.measure = lines.measure
        findings.sha256 = lines.sha256
        findings.faults += entry.differences(lines.measure, sha256: lines.sha256, isWhole: findings.isWhole)
        return findings
    }

    private func presenceFault(_ entry: FileEntry) throws(FileSystemError) -> ArchiveFault? {
        guard let status = try fileSystem.status(of: layout.absolute(entry.path)) else {
            return ArchiveFault(.missingFile, entry.path, "is in the manifest but not there")
        }
        guard status.kind != .file else { return nil }
        return ArchiveFault(.notAFile, entry.path, "is a \(status.kind.name), not a file")
    }

    private func trailingFault(_ entry: FileEntry) -> ArchiveFault {
        do {
            let tail = try MemberEnd(layout.absolute(entry.path), fileSystem)
            return tail.isMember
                ? ArchiveFault(.secondMember, entry.path, "a second gzip member begins at byte \(tail.offset)")
                : ArchiveFault(
                    .trailingBytes, entry.path, "the gzip member ends at byte \(tail.offset), the file does not")
        } catch {
            return ArchiveFault(.trailingBytes, entry.path, "\(GzipError.trailingBytes)")
        }
    }
}

extension FileFindings {
    fileprivate mutating func note(_ error: FileSystemError, _ path: String) {
        faults.append(ArchiveFault(.unreadable, path, "\(error)"))
        failure = error
    }
}

/// A file, and what the manifest says about it, if one does.
private struct FileEntry {
    struct Stated {
        var sha256: String
        var size: Int
        var uncompressedSize: Int
        var records: Int
    }

    var path: String
    var stated: Stated?

    /// Where the file differs. Only of a whole file something can be said about what is in it.
    func differences(_ found: GzipLines.Measure, sha256 sum: String, isWhole: Bool) -> [ArchiveFault] {
        var faults: [ArchiveFault] = []
        func compare(_ kind: ArchiveFault.Kind, _ found: Int, _ stated: Int?, _ unit: String) {
            guard let stated, found != stated else { return }
            faults.append(ArchiveFault(kind, path, "has \(found) \(unit), the manifest says \(stated)"))
        }
        compare(.size, found.size, stated?.size, "bytes")
        if let expected = stated?.sha256, sum != expected {
            faults.append(ArchiveFault(.sha256, path, "has SHA-256 \(sum), the manifest says \(expected)"))
        }
        guard isWhole else { return faults }
        compare(.uncompressedSize, found.uncompressedSize, stated?.uncompressedSize, "bytes of NDJSON")
        compare(.records, found.lines, stated?.records, "lines")
        if found.unendedBytes > 0 {
            faults.append(ArchiveFault(.lineEnd, path, "ends with \(found.unendedBytes) bytes and no LF after them"))
        }
        return faults
    }
}

extension FileEntry.Stated {
    init(_ file: DataFile) {
        self.init(
            sha256: file.sha256, size: file.size, uncompressedSize: file.uncompressedSize, records: file.records)
    }

    init(_ file: QuarantineFile) {
        self.init(
            sha256: file.sha256, size: file.size, uncompressedSize: file.uncompressedSize, records: file.records)
    }
}
