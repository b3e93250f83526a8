import ArchiveTestSupport
import AuditArchive
import CivilTime
import SyncTestSupport
import SystemPackage

/// The data and quarantine files that an archive shows its readers, whatever its manifest says.
struct ArchivePicture {
    /// The bytes of every file, by its path.
    let files: [String: [UInt8]]

    private let layout: ArchiveLayout
    private let disk: MemoryFileSystem

    /// Looks at the archive on `disk`.
    init(_ layout: ArchiveLayout, _ disk: MemoryFileSystem) {
        self.layout = layout
        self.disk = disk
        let root = layout.root.string + "/"
        let folders = [ArchiveLayout.dataDirectoryName, ArchiveLayout.quarantineDirectoryName].map { root + $0 + "/" }
        var files: [String: [UInt8]] = [:]
        for case (let path, let bytes?) in disk.tree where folders.contains(where: path.hasPrefix) {
            files[String(path.dropFirst(root.count))] = bytes
        }
        self.files = files
    }

    /// The lines of the data files, read anew.
    func lines() throws -> [String] { try ArchiveContents(layout.root, disk).lines }

    /// What is wrong by a look from outside: a published file stays as it is, and the manifest names just what is there.
    /// Where `mayTakeAway` says so, files may be gone, and the lines are for another check to look at.
    func violations(since older: ArchivePicture, mayTakeAway: Bool = false) throws -> [String] {
        var violations: [String] = []
        for (path, bytes) in older.files {
            if files[path] == nil && !mayTakeAway { violations.append("\(path) is gone") }
            if files[path].map({ $0 != bytes }) ?? false { violations.append("\(path) has changed") }
        }
        guard try disk.status(of: layout.manifest) != nil else {
            return files.isEmpty ? violations : violations + ["files and no manifest"]
        }
        let manifest = try disk.requireManifest(layout).manifest
        let named = Set(manifest.files.map(\.name.path) + manifest.quarantine.map(\.name.path))
        if named != Set(files.keys) { violations.append("the manifest names other files than there are") }
        return violations
    }

    /// What is wrong with the lines: an event is there once, on its date, and no other is missing or there.
    func violations(expecting expected: Set<String>) throws -> [String] {
        let lines = try lines()
        let found = Set(lines)
        let dates = Dictionary(grouping: lines, by: Self.date(of:)).mapValues(\.count)
        let stated = try disk.requireManifest(layout).manifest.partitions.map { ($0.date, $0.records) }
        return [
            found.count == lines.count ? nil : "\(lines.count - found.count) events are there twice",
            expected.isSubset(of: found) ? nil : "\(expected.subtracting(found).count) events are missing",
            found.isSubset(of: expected) ? nil : "\(found.subtracting(expected).count) events were never sent",
            dates == Dictionary(stated) { first, _ in first } ? nil : "the events' dates are not the manifest's"
        ].compactMap { $0 }
    }

    /// The UTC date of an event's line.
    static func date(of line: String) -> CalendarDay? {
        guard let start = line.firstRange(of: "\"created_at\":\"")?.upperBound else { return nil }
        return Timestamp(rfc3339: String(line[start...].prefix { $0 != "\"" }))?.day
    }
}
