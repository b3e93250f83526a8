import ArchiveTestSupport
import AuditArchive
import CivilTime
import JSONText
import SyncTestSupport
import SystemPackage

/// The disk of a case, and older copies of it.
struct ModelDisk {
    /// What the archive's manifest says that the program's own reader may not know yet.
    struct Progress: Equatable {
        /// `synced_to`.
        var syncedTo: Timestamp?
        /// `complete_through`.
        var completeThrough: CalendarDay?
    }

    private(set) var disk: MemoryFileSystem
    let layout: ArchiveLayout
    private var copies: [MemoryFileSystem] = []
    /// The lines of data files that were read before.
    private var known: [String: (bytes: [UInt8], lines: [String])] = [:]
    /// All files but the private ones, at the last look.
    private var seen: [String: [UInt8]?] = [:]

    init(_ disk: MemoryFileSystem, _ layout: ArchiveLayout) {
        self.disk = disk
        self.layout = layout
    }

    /// Whether there is a manifest that can be read.
    var hasManifest: Bool { (try? disk.requireManifest(layout)) != nil }

    /// The event time at which the archive begins.
    var start: Timestamp { (try? disk.requireManifest(layout).manifest.startTimestamp) ?? ModelTruth.start }

    /// Whether there is a manifest that names events.
    var hasEvents: Bool { (try? disk.requireManifest(layout).manifest.files.isEmpty == false) ?? false }

    /// Whether a commit is under way, which the next command that writes finishes.
    var hasJournal: Bool { ((try? disk.status(of: layout.journal)) ?? nil) != nil }

    /// The manifest's bytes.
    var manifestBytes: [UInt8]? { (try? disk.contents(of: layout.manifest)) ?? nil }

    /// How far the manifest says that the archive is.
    var progress: Progress {
        var progress = Progress()
        guard let bytes = manifestBytes else { return progress }
        var reader = JSONReader(bytes)
        try? reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "synced_to": progress.syncedTo = (try? reader.readString()).flatMap { Timestamp(rfc3339: $0) }
            case "complete_through": progress.completeThrough = (try? reader.readString()).flatMap(CalendarDay.init(_:))
            default: try reader.skipValue()
            }
        }
        return progress
    }

    /// The lines of all data files; `nil` if no file has changed since the last call.
    mutating func changedLines() throws -> [String]? {
        let tree = disk.tree.filter { !isPrivate($0.key) }
        guard tree != seen else { return nil }
        seen = tree
        let table = layout.dataDirectory.string + "/"
        var lines: [String] = []
        // Readers pass over names that begin with a dot.
        for case (let path, let bytes?) in tree where path.hasPrefix(table) && !path.contains("/.") {
            if known[path]?.bytes != bytes { known[path] = (bytes, try ArchiveContents.lines(bytes)) }
            lines += known[path]?.lines ?? []
        }
        return lines
    }

    private func isPrivate(_ path: String) -> Bool {
        let folder = layout.privateDirectory.string
        return path == folder || path.hasPrefix(folder + "/")
    }

    /// Keeps a copy, if there is something to put back and no commit is half done.
    mutating func keepCopy() throws {
        if hasManifest, try disk.status(of: layout.journal) == nil { copies.append(disk.copy()) }
    }

    /// Puts something back from a copy. Says whether there was one.
    mutating func restore(_ what: ModelRound.Restore, age: Int) throws -> Bool {
        guard !copies.isEmpty else { return false }
        let index = copies.count - 1 - min(age, copies.count - 1)
        let copy = copies[index]
        seen = [:]
        // What came after is another history from here on: a manifest of it does not go with this evidence, and is refused.
        if what != .onlyPrivate { copies.removeSubrange((index + 1)...) }
        switch what {
        case .all: disk = copy.copy()
        case .allButPrivate: disk = try disk(public: copy.tree, private: disk.tree)
        case .withoutPrivate: disk = try disk(public: copy.tree, private: [:])
        case .onlyPrivate: disk = try disk(public: disk.tree, private: copy.tree)
        }
        return true
    }

    /// Does to the manifest what a rebuild is to put right.
    func damage(_ damage: ModelRound.Damage) throws {
        let older = copies.dropLast().last.flatMap { (try? $0.contents(of: layout.manifest)) ?? nil }
        switch damage {
        case .none: return
        case .deleted: try disk.remove(layout.manifest)
        case .overwritten: try replaceManifest(Array("{\"format\": 7".utf8))
        case .older: if let older { try replaceManifest(older) }
        }
    }

    private func replaceManifest(_ bytes: [UInt8]) throws {
        try disk.remove(layout.manifest)
        try disk.createDurably(layout.manifest, bytes)
    }

    private func disk(public: [String: [UInt8]?], private: [String: [UInt8]?]) throws -> MemoryFileSystem {
        let made = MemoryFileSystem()
        let tree = `public`.filter { !isPrivate($0.key) }.merging(`private`.filter { isPrivate($0.key) }) { $1 }
        for (path, bytes) in tree.sorted(by: { $0.key < $1.key }) {
            if let bytes {
                try made.createDurably(FilePath(path), bytes)
            } else {
                try made.createDirectory(FilePath(path))
            }
        }
        return made
    }
}
