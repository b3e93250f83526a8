import CivilTime
import SystemPackage

/// What whoever goes on with a log has to know of it: its tree, its newest file, who signs, and what was signed.
struct EvidenceState: Sendable {
    /// The tree of all entries.
    var edge = TreeEdge()
    /// The date of the newest file.
    var day: CalendarDay?
    /// The newest file.
    var newest: [UInt8] = []
    /// When the newest entry was made.
    var lastTime: Timestamp?
    /// The key that signs; `nil` before the first signature.
    var key: VerifierKey?
    /// The newest signed head.
    var checkpoint: Checkpoint?
    /// Heads that are on record as put aside.
    var restored: [Int: TreeHash] = [:]
    /// SHA-256 of the ids that were erased, with the dates of the files that their events were in.
    private(set) var erased: [TreeHash: CalendarDay] = [:]
    /// The digest of the manifest that the newest entry names; `nil` if that is no commit.
    var manifest: TreeHash?

    /// A log that is yet to begin.
    init() {}

    /// Adds an entry at its end.
    mutating func append(_ operation: EvidenceOperation, at time: Timestamp) {
        let time = max(time, lastTime ?? time)
        if time.day != day { (day, newest) = (time.day, []) }
        let line = EvidenceEntry(at: time, operation: operation).line
        edge.append(line: line.span.bytes)
        newest += line + [UInt8(ascii: "\n")]
        lastTime = time
        note(operation)
    }

    private mutating func note(_ operation: EvidenceOperation) {
        manifest = nil
        switch operation {
        case .key(let text, _): key = VerifierKey(verifierKey: text)
        case .restored(_, let entries, let root): restored[entries] = root
        case .commit(_, let manifest): self.manifest = manifest
        case .erase(let lines) where !lines.isDuplicate:
            for leaf in lines.leaves {
                erased[leaf.id] = max(erased[leaf.id] ?? .first, leaf.file.data?.date ?? .first)
            }
        default: break
        }
    }

    /// The head that the manifest names; `nil` for a log without entries.
    var head: EvidenceHead? {
        day.map { EvidenceHead(entries: edge.count, root: edge.root, day: $0, length: newest.count) }
    }

    /// How many entries no signed head vouches for.
    var unsigned: Int { edge.count - (checkpoint?.entries ?? 0) }
}

extension EvidenceState {
    /// Those operations that matter to who goes on, by how their lines begin: of a log of a hundred thousand lines the
    /// others need not be read.
    private static let prefixes = ["key", "restored", "erase"].map { Array("{\"op\":\"\($0)\"".utf8) }

    /// Reads a log up to a head, and the signed head.
    ///
    /// - Parameter remembered: a head whose root is wanted too.
    /// - Returns: the state, and the root that the log had with as many entries as the remembered head.
    /// - Throws: `ArchiveError` of the kind `damaged` where the log is not that of the head, or not one that the signed head
    ///   is the beginning of.
    static func load(
        _ archive: ArchiveDirectory, upTo head: EvidenceHead, remembered: Int?, ignoresCheckpoint: Bool = false
    ) throws(ArchiveError) -> (state: EvidenceState, root: TreeHash?) {
        var state = EvidenceState()
        let bytes = try archive.contents(ofFile: archive.layout.checkpoint)
        state.checkpoint = bytes.flatMap { Checkpoint(decoding: $0) }
        if bytes != nil, state.checkpoint == nil, !ignoresCheckpoint {
            throw .changedLog("The signed head cannot be read", at: archive.layout.checkpoint)
        }
        let marks = Set([state.checkpoint?.entries, remembered].compactMap(\.self))
        var last: ArraySlice<UInt8> = []
        var fault: OperationError?
        let reading = try EvidenceLog(archive).read(upTo: head, marks: marks) { line in
            last = line.bytes
            guard prefixes.contains(where: { line.bytes.starts(with: $0) }) else { return }
            do throws(OperationError) {
                state.note(try EvidenceEntry(line: line.bytes).operation)
            } catch {
                fault = error
            }
        }
        if let found = reading.fault {
            throw .changedLog("The evidence log is not the manifest's: \(found)", at: archive.layout.logDirectory)
        }
        do throws(OperationError) {
            if let fault { throw fault }
            let entry = try EvidenceEntry(line: last)
            state.lastTime = entry.at
            state.note(entry.operation)
        } catch {
            throw .changedLog("The evidence log cannot be read: \(error.reason)", at: archive.layout.logDirectory)
        }
        if let checkpoint = state.checkpoint, reading.roots[checkpoint.entries] != checkpoint.root, !ignoresCheckpoint {
            throw .changedLog(
                "The signed head is not the beginning of the evidence log", at: archive.layout.checkpoint)
        }
        (state.edge, state.newest, state.day) = (reading.edge, reading.newest, head.day)
        return (state, remembered.flatMap { reading.roots[$0] })
    }
}

extension ArchiveError {
    /// Another key has signed so far.
    static func otherSigner(_ path: FilePath) -> ArchiveError {
        ArchiveError(
            .damaged, "The signed head is not signed by the key that `signing_key_file` names", at: path,
            hint: "Nothing was changed. Name the key that has signed so far; to go on with another one, run "
                + "`captivateiq-export evidence sign --rotate-to FILE`.")
    }

    /// The evidence is not what the last commit left.
    static func changedLog(_ summary: String, at path: FilePath) -> ArchiveError {
        ArchiveError(
            .damaged, summary, at: path,
            hint:
                "Nothing was changed. Restore the folder `evidence` and `manifest.json` of one copy; if there is none, "
                + "`captivateiq-export evidence sign --adopt` goes on from the log as it is, and says so in it.")
    }
}
