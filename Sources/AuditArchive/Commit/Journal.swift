import CivilTime
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

    /// A date whose folder in the table is exchanged, in one step, for the one of the same name in the staging folder.
    struct Exchange: Equatable, Sendable {
        /// The date.
        var date: CalendarDay
        /// The names of the files in the new folder. Which of the two folders holds the first of them tells whether they
        /// were exchanged.
        var files: [String]
        /// The name that the old folder gets.
        var retired: RetiredFolderName
    }

    /// The generation that is being published.
    var generation: Int

    /// The manifests that it stands between; `nil` for a commit of version 0.1, which did not say.
    var link: Link?

    /// The data and quarantine files, in the order they are published.
    var moves: [Move]

    /// The paths of the data and quarantine files that the commit takes away, once the others are published.
    var removals: [String] = []

    /// The dates whose folders are exchanged, once files are published.
    var exchanges: [Exchange] = []

    /// The folders that are taken out of the table as a whole, and what they are called from then on.
    var retirements: [RetiredFolderName] = []

    /// The files of the evidence, each of which takes the place of its older version, after all others and before the
    /// manifest.
    var replacements: [Move] = []

    /// Whether it takes a commit back: it makes the manifest that it follows, which stands in its place.
    var isUndo: Bool { link.map { $0.follows == $0.makes } ?? false }

    /// The folders that files are published into, sorted.
    var folders: [String] { Self.folders(of: moves) }

    /// The folders that these files are published into, sorted.
    static func folders(of moves: [Move]) -> [String] {
        Set(moves.map { ArchiveLayout.folder(of: $0.target) }).sorted()
    }

    /// The text of the journal.
    func encoded() -> [UInt8] {
        let lines = moves.map(\.encoded)
        var text = "{\n  \"generation\": \(generation),\n"
        if let link {
            text += "  \"follows\": \(link.follows.map(JSONOutput.quoted) ?? "null"),\n"
            text += "  \"makes\": \(JSONOutput.quoted(link.makes)),\n"
        }
        text += "  \"moves\": \(Self.list(lines)),\n"
        if !exchanges.isEmpty { text += "  \"exchanges\": \(Self.list(exchanges.map(\.encoded))),\n" }
        if !retirements.isEmpty {
            let names = retirements.map { "    \(JSONOutput.quoted($0.text))" }
            text += "  \"retirements\": \(Self.list(names)),\n"
        }
        if !replacements.isEmpty {
            text += "  \"replacements\": \(Self.list(replacements.map(\.encoded))),\n"
        }
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
        for move in replacements where !EvidenceFolder.isKnown(move.target) || move != Move(target: move.target) {
            throw .damaged("The journal of an unfinished commit names \(move.target)", at: path)
        }
        let dates = exchanges.map(\.date) + retirements.map(\.date)
        guard Set(dates).count == dates.count, exchanges.allSatisfy(\.isSound), !retirements.contains(.unreadable)
        else {
            throw .damaged("The journal of an unfinished commit names folders that no commit would exchange", at: path)
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
            case "exchanges":
                exchanges = []
                try reader.readArray { (reader) throws(JSONTextError) in
                    exchanges.append(try Self.readExchange(&reader))
                }
            case "retirements":
                retirements = []
                try reader.readArray { (reader) throws(JSONTextError) in
                    retirements.append(try RetiredFolderName(reader.readString()) ?? .unreadable)
                }
            case "replacements":
                replacements = []
                try reader.readArray { (reader) throws(JSONTextError) in
                    replacements.append(try Self.readMove(&reader))
                }
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

    private static func readExchange(_ reader: inout JSONReader) throws(JSONTextError) -> Exchange {
        var exchange = Exchange(date: .first, files: [], retired: .unreadable)
        try reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "date": exchange.date = try CalendarDay(reader.readString()) ?? .first
            case "retired": exchange.retired = try RetiredFolderName(reader.readString()) ?? .unreadable
            case "files":
                exchange.files = []
                try reader.readArray { (reader) throws(JSONTextError) in
                    exchange.files.append(try reader.readString())
                }
            default: try reader.skipValue()
            }
        }
        return exchange
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
    /// The journal of a commit of that moment that makes these changes.
    init(_ change: CommitChange, generation: Int, link: Link, at time: Timestamp) {
        let retired = { RetiredFolderName(date: $0, generation: generation, at: time) }
        self.init(
            generation: generation, link: link,
            moves: change.added.map { Move(staged: $0.name.fileName, target: $0.name.path) }
                + change.quarantine.map { Move(staged: $0.name.fileName, target: $0.name.path) },
            removals: change.removed.map(\.path).sorted() + change.removedQuarantine.map(\.path).sorted())
        exchanges = change.merged.map { partition in
            Exchange(
                date: partition.date, files: partition.files.map(\.name.fileName), retired: retired(partition.date))
        }
        retirements = change.prunedDates.map(retired)
    }
}

extension Journal.Move {
    /// The way of a file that has its own name in the staging folder.
    init(target: String) {
        self.init(
            staged: String(target[(target.lastIndex(of: "/").map(target.index(after:)) ?? target.startIndex)...]),
            target: target)
    }

    fileprivate var encoded: String {
        "    {\"staged\": \(JSONOutput.quoted(staged)), \"target\": \(JSONOutput.quoted(target))}"
    }
}

extension Journal.Exchange {
    /// The paths of the new files relative to the archive.
    var paths: [String] { files.map { "\(DataFileName.directory(of: date))/\($0)" } }

    fileprivate var encoded: String {
        "    {\"date\": \"\(date)\", \"retired\": \"\(retired.text)\", "
            + "\"files\": [\(files.map(JSONOutput.quoted).joined(separator: ", "))]}"
    }

    /// Whether a commit would write it.
    fileprivate var isSound: Bool {
        !files.isEmpty && retired.date == date && paths.allSatisfy { DataFileName(path: $0) != nil }
    }
}

extension RetiredFolderName {
    /// What stands for a name that cannot be read: of a date that no exchange and no retirement has.
    fileprivate static let unreadable = RetiredFolderName(date: .last, generation: 0, at: CalendarDay.first.start)
}

extension Manifest {
    /// What it says of the files that a journal publishes, by their paths.
    func digests(of journal: Journal) -> [String: FileDigest] {
        let targets = Set(journal.moves.map(\.target) + journal.exchanges.flatMap(\.paths))
        var digests: [String: FileDigest] = [:]
        for file in files where targets.contains(file.name.path) { digests[file.name.path] = file.digest }
        for file in quarantine where targets.contains(file.name.path) { digests[file.name.path] = file.digest }
        return digests
    }
}
