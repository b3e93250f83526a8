import JSONText
package import SystemPackage

/// Which staged file goes where. Once it stands in its place, the commit will happen, now or at the next start.
package struct Journal: Equatable, Sendable {
    /// One staged file's way into the archive.
    package struct Move: Equatable, Sendable {
        /// The name in the staging folder.
        package var staged: String
        /// The path relative to the archive.
        package var target: String
    }

    /// The generation that is being published.
    package var generation: Int

    /// The data and quarantine files, in the order they are published.
    package var moves: [Move]

    /// The staged manifest's name; it is renamed last.
    static let stagedManifest = "manifest.json"

    /// The journal's name while it is being written.
    static let stagedJournal = "journal.json"

    /// The text of the journal.
    package func encoded() -> [UInt8] {
        let lines = moves.map {
            "    {\"staged\": \(JSONOutput.quoted($0.staged)), \"target\": \(JSONOutput.quoted($0.target))}"
        }
        let list = lines.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n  ]"
        return Array("{\n  \"generation\": \(generation),\n  \"moves\": \(list)\n}\n".utf8)
    }

    init(generation: Int, moves: [Move]) {
        self.generation = generation
        self.moves = moves
    }

    /// Reads a journal. A target that no commit would write is refused: the journal moves files.
    package init(decoding bytes: [UInt8], at path: FilePath) throws(ArchiveError) {
        self.init(generation: 0, moves: [])
        var missing: Set = ["generation", "moves"]
        do {
            var reader = JSONReader(bytes)
            try read(&reader, &missing)
            try reader.finish()
        } catch {
            throw .damaged("The journal of an unfinished commit cannot be read: \(error)", at: path)
        }
        if let key = missing.min() { throw .damaged("The journal of an unfinished commit has no `\(key)`", at: path) }
        guard Set(moves.map(\.target)).count == moves.count else {
            throw .damaged("The journal of an unfinished commit names a file twice", at: path)
        }
        for move in moves {
            let known = DataFileName(path: move.target) != nil || QuarantineFileName(path: move.target) != nil
            guard known, move.target.hasSuffix("/" + move.staged), !move.staged.contains("/") else {
                throw .damaged("The journal of an unfinished commit names \(move.target)", at: path)
            }
        }
    }

    private mutating func read(_ reader: inout JSONReader, _ missing: inout Set<String>) throws(JSONTextError) {
        try reader.readObject { (reader, key) throws(JSONTextError) in
            missing.remove(key)
            switch key {
            case "generation": generation = try reader.readInteger()
            case "moves":
                // Of duplicates the last counts, as everywhere.
                moves = []
                try reader.readArray { (reader) throws(JSONTextError) in
                    moves.append(try Self.readMove(&reader))
                }
            default: try reader.skipValue()
            }
        }
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
