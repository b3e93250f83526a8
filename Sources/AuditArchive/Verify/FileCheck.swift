import CivilTime
import Gzip
import SystemPackage

/// What one file turned out to be.
struct FileFindings: Sendable {
    /// What is wrong with it.
    var faults: [ArchiveFault] = []
    /// Its event ids, sorted.
    var keys: [KeyLocation] = []
    /// Its newest event not later than the manifest.
    var newest: Timestamp?
    /// What was read, as far as it could be; `nil` where nothing could be.
    var digest: FileDigest?
    /// Whether all of its lines were seen.
    var isWhole = false
    /// The times of its first and last line.
    var range: (first: Timestamp, last: Timestamp)?
    /// The call that failed, where it was not the file but the file system that is to blame.
    var failure: FileSystemError?
    /// The hashes of its lines, as far as they were asked for.
    var lineHashes = LineHashes.none
    /// The organizations of its events, where they were to be noted.
    var organizations: [ArchiveOrganization] = []
}

/// Checks one file in one pass over its bytes, against what a manifest says of it or for itself.
struct FileCheck: Sendable {
    let archive: ArchiveDirectory

    /// What is to be found out about the lines.
    var hashing = LineHashing.none

    /// Checks a data file. `untouched`: what is to check its lines.
    func check(_ path: String, _ stated: FileDigest?, _ untouched: EventLineChecker) -> FileFindings {
        let entry = FileEntry(path: path, stated: stated)
        var lines = untouched
        var hashes = LineHashes(hashing)
        var findings = read(entry) { number, line in
            lines.check(number, line)
            hashes.append(line)
        }
        findings.lineHashes = hashes
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

    /// Checks a quarantine file.
    func check(quarantine path: String, _ stated: FileDigest?) -> FileFindings {
        let entry = FileEntry(path: path, stated: stated)
        var lines = QuarantineLineChecker(path: entry.path)
        var hashes = LineHashes(hashing)
        var findings = read(entry) { number, line in
            lines.check(number, line)
            hashes.append(line)
        }
        findings.lineHashes = hashes
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
            findings.record(error, entry.path)
            return findings
        }
        var lines = GzipLineReader(archive.layout.absolute(entry.path), archive.fileSystem)
        do {
            try lines.read(line)
            findings.isWhole = true
        } catch {
            switch error {
            case .file(let failure):
                findings.record(failure, entry.path)
                return findings
            case .gzip(.trailingBytes):
                findings.isWhole = true
                findings.faults.append(trailingFault(entry))
            case .gzip(let failure):
                findings.faults.append(ArchiveFault(.gzip, entry.path, "does not decompress: \(failure)"))
            }
        }
        findings.digest = lines.digest
        findings.faults += entry.differences(lines.digest, lines.unendedBytes, isWhole: findings.isWhole)
        return findings
    }

    private func presenceFault(_ entry: FileEntry) throws(FileSystemError) -> ArchiveFault? {
        guard let status = try archive.fileSystem.status(of: archive.layout.absolute(entry.path)) else {
            return ArchiveFault(.missingFile, entry.path, "is in the manifest but not there")
        }
        guard status.kind != .file else { return nil }
        return ArchiveFault(.notAFile, entry.path, "is a \(status.kind.name), not a file")
    }

    private func trailingFault(_ entry: FileEntry) -> ArchiveFault {
        do {
            let tail = try MemberEnd(archive.layout.absolute(entry.path), archive.fileSystem)
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
    fileprivate mutating func record(_ error: FileSystemError, _ path: String) {
        failure = error
        let isGone = error.errno == .noSuchFileOrDirectory
        faults.append(isGone ? .missing(path) : ArchiveFault(.unreadable, path, "\(error)"))
    }
}

extension ArchiveFault {
    fileprivate static func missing(_ path: String) -> ArchiveFault {
        ArchiveFault(.missingFile, path, "is in the manifest but not there")
    }
}

/// A file, and what the manifest says about it, if one does.
private struct FileEntry {
    var path: String
    var stated: FileDigest?

    /// Where the file differs. Only of a whole file something can be said about what is in it.
    func differences(_ found: FileDigest, _ unendedBytes: Int, isWhole: Bool) -> [ArchiveFault] {
        var faults: [ArchiveFault] = []
        func compare(_ kind: ArchiveFault.Kind, _ found: Int, _ stated: Int?, _ unit: String) {
            guard let stated, found != stated else { return }
            faults.append(ArchiveFault(kind, path, "has \(found) \(unit), the manifest says \(stated)"))
        }
        compare(.size, found.size, stated?.size, "bytes")
        if let expected = stated?.sha256, found.sha256 != expected {
            faults.append(ArchiveFault(.sha256, path, "has SHA-256 \(found.sha256), the manifest says \(expected)"))
        }
        guard isWhole else { return faults }
        compare(.uncompressedSize, found.uncompressedSize, stated?.uncompressedSize, "bytes of NDJSON")
        compare(.records, found.records, stated?.records, "lines")
        if unendedBytes > 0 {
            faults.append(ArchiveFault(.lineEnd, path, "ends with \(unendedBytes) bytes and no LF after them"))
        }
        return faults
    }
}
