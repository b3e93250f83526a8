import JSONText
import SystemPackage

/// Which staged file goes where. Once it stands in its place, the commit will happen, now or at the next start.
struct Journal: Equatable, Sendable {
    /// One staged file's way into the archive.
    struct Move: Equatable, Sendable {
        /// The name in the staging folder.
        var staged: String
        /// The path relative to the archive.
        var target: String
    }

    /// The manifests between which the commit stands.
    struct Link: Equatable, Sendable {
        /// The digest of the one that it follows; `nil` for a first commit.
        var follows: String?
        /// The digest of the one that it makes.
        var makes: String
    }

    /// The generation that is being published.
    var generation: Int

    /// The manifests that it stands between; `nil` for a commit of version 0.1, which did not say.
    var link: Link?

    /// The data and quarantine files, in the order they are published.
    var moves: [Move]

    /// The paths of the data and quarantine files that the commit takes away, once the others are published.
    var removals: [String] = []

    /// The folders that files are published into, sorted.
    var folders: [String] { Self.folders(of: moves) }

    /// The folders that these files are published into, sorted.
    static func folders(of moves: [Move]) -> [String] {
        Set(moves.map { ArchiveLayout.folder(of: $0.target) }).sorted()
    }

    /// The text of the journal.
    func encoded() -> [UInt8] {
        let lines = moves.map {
            "    {\"staged\": \(JSONOutput.quoted($0.staged)), \"target\": \(JSONOutput.quoted($0.target))}"
        }
        var text = "{\n  \"generation\": \(generation),\n"
        if let link {
            text += "  \"follows\": \(link.follows.map(JSONOutput.quoted) ?? "null"),\n"
            text += "  \"makes\": \(JSONOutput.quoted(link.makes)),\n"
        }
        text += "  \"moves\": \(Self.list(lines)),\n"
        text += "  \"removals\": \(Self.list(removals.map { "    \(JSONOutput.quoted($0))" }))\n}\n"
        return Array(text.utf8)
    }

    private static func list(_ lines: [String]) -> String {
        lines.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n  ]"
    }

    init(generation: Int, link: Link?, moves: [Move], removals: [String] = []) {
        self.generation = generation
        self.link = link
        self.moves = moves
        self.removals = removals
    }

    /// Reads a journal. A target that no commit would write is refused: the journal moves files.
    init(decoding bytes: [UInt8], at path: FilePath) throws(ArchiveError) {
        self.init(generation: 0, link: nil, moves: [])
        var missing: Set = ["generation", "moves"]
        do {
            var reader = JSONReader(bytes)
            try read(&reader, &missing)
            try reader.finish()
        } catch {
            throw .damaged("The journal of an unfinished commit cannot be read: \(error)", at: path)
        }
        if let key = missing.min() { throw .damaged("The journal of an unfinished commit has no `\(key)`", at: path) }
        if let link, !([link.makes] + [link.follows].compactMap(\.self)).allSatisfy({ $0.isLowerHexadecimal(64) }) {
            throw .damaged("The journal of an unfinished commit names no manifest", at: path)
        }
        guard Set(moves.map(\.target) + removals).count == moves.count + removals.count else {
            throw .damaged("The journal of an unfinished commit names a file twice", at: path)
        }
        for move in moves {
            let known = DataFileName(path: move.target) != nil || QuarantineFileName(path: move.target) != nil
            guard known, move.target.hasSuffix("/" + move.staged), !move.staged.contains("/") else {
                throw .damaged("The journal of an unfinished commit names \(move.target)", at: path)
            }
        }
        for removal in removals where DataFileName(path: removal) == nil && QuarantineFileName(path: removal) == nil {
            throw .damaged("The journal of an unfinished commit names \(removal)", at: path)
        }
    }

    private mutating func read(_ reader: inout JSONReader, _ missing: inout Set<String>) throws(JSONTextError) {
        var (follows, makes): (String?, String?) = (nil, nil)
        try reader.readObject { (reader, key) throws(JSONTextError) in
            missing.remove(key)
            switch key {
            case "generation": generation = try reader.readInteger()
            case "follows": follows = try reader.readNull() ? nil : reader.readString()
            case "makes": makes = try reader.readString()
            case "removals":
                removals = []
                try reader.readArray { (reader) throws(JSONTextError) in removals.append(try reader.readString()) }
            case "moves":
                // Of duplicates the last counts, as everywhere.
                moves = []
                try reader.readArray { (reader) throws(JSONTextError) in
                    moves.append(try Self.readMove(&reader))
                }
            default: try reader.skipValue()
            }
        }
        if follows != nil || makes != nil { link = Link(follows: follows, makes: makes ?? "") }
    }

    private static func readMove(_ reader: inout JSONReader) throws(JSONTextError) -> Move {
        var move = Move(staged: "", target: "")
        try reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "staged": move.staged = try reader.readString()
            case "target": move.target = try reader.readString()
            default: try reader.skipValue()
            }
        }
        return move
    }
}

extension Journal {
    /// The journal of a commit that publishes these paths from files of the same names in the staging folder.
    init(generation: Int, link: Link, targets: [String], removals: [String] = []) {
        let moves = targets.map { target in
            Move(
                staged: String(target[(target.lastIndex(of: "/").map(target.index(after:)) ?? target.startIndex)...]),
                target: target)
        }
        self.init(generation: generation, link: link, moves: moves, removals: removals)
    }
}

extension Manifest {
    /// What it says of the files that a journal publishes, by their paths.
    func digests(of journal: Journal) -> [String: FileDigest] {
        let targets = Set(journal.moves.map(\.target))
        var digests: [String: FileDigest] = [:]
        for file in files where targets.contains(file.name.path) { digests[file.name.path] = file.digest }
        for file in quarantine where targets.contains(file.name.path) { digests[file.name.path] = file.digest }
        return digests
    }
}
