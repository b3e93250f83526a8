import AuditRecords
import SystemPackage

/// Which lines of an archive hold events that are there already, and what becomes of their files. The older event stays,
/// the one of the lower generation, but for files that had gone on record; another value goes to quarantine.
struct DuplicateResolution: Sendable {
    /// An event id that is there more than once.
    private struct Twin {
        var kept: KeyLocation
        var dropped: [KeyLocation]
    }

    private let names: [DataFileName]
    private let returned: Set<UInt32>
    private var twins: [Twin] = []

    /// Finds them among the keys of all files, sorted. `names`: the files by their number; `returned`: those that had gone on
    /// record and are there again.
    init(_ keys: [KeyLocation], names: [DataFileName], returned: Set<UInt32> = []) {
        self.names = names
        self.returned = returned
        guard !keys.isEmpty else { return }
        var first = 0
        for index in keys.indices.dropFirst() where keys[index].key != keys[first].key {
            add(keys[first..<index])
            first = index
        }
        add(keys[first...])
    }

    /// Whether no event is there twice.
    var isEmpty: Bool { twins.isEmpty }

    /// How many lines are to go.
    var count: Int { twins.reduce(0) { $0 + $1.dropped.count } }

    /// The lines to go, by their file's number, with the value that stays.
    func lines(_ reader: DuplicateReader) throws(ArchiveError) -> [UInt32: [UInt32: CanonicalDigest]] {
        var wanted: [UInt32: Set<UInt32>] = [:]
        for twin in twins { wanted[twin.kept.file, default: []].insert(twin.kept.line) }
        var contents: [UInt32: [UInt32: CanonicalDigest]] = [:]
        for (file, lines) in wanted { contents[file] = try reader.digests(of: lines, in: names[Int(file)]) }
        var lines: [UInt32: [UInt32: CanonicalDigest]] = [:]
        for twin in twins {
            guard let content = contents[twin.kept.file]?[twin.kept.line] else { continue }
            for place in twin.dropped { lines[place.file, default: [:]][place.line] = content }
        }
        return lines
    }

    private mutating func add(_ places: ArraySlice<KeyLocation>) {
        guard places.count > 1 else { return }
        let byAge = places.sorted { one, other in
            if returned.contains(one.file) != returned.contains(other.file) { return returned.contains(other.file) }
            return (names[Int(one.file)].generation, one.file, one.line)
                < (names[Int(other.file)].generation, other.file, other.line)
        }
        twins.append(Twin(kept: byAge[0], dropped: Array(byAge.dropFirst())))
    }
}

/// Reads chosen lines of data files.
struct DuplicateReader {
    let archive: ArchiveDirectory

    /// The values of these lines, counted from 1.
    func digests(of lines: Set<UInt32>, in name: DataFileName) throws(ArchiveError) -> [UInt32: CanonicalDigest] {
        var digests: [UInt32: CanonicalDigest] = [:]
        try read(name) { number, line in
            if lines.contains(number) { digests[number] = CanonicalDigest(of: line) }
        }
        return digests
    }

    /// Hands over each line of a file that was found sound before.
    func read(_ name: DataFileName, _ body: (UInt32, RawSpan) -> Void) throws(ArchiveError) {
        let path = archive.layout.absolute(name.path)
        var lines = GzipLineReader(path, archive.fileSystem)
        do {
            try lines.read { number, line in body(UInt32(clamping: number), line) }
        } catch {
            switch error {
            case .file(let failure): throw ArchiveError(failure)
            case .gzip(let failure): throw .damaged("A data file is damaged: \(failure)", at: path)
            }
        }
    }
}
