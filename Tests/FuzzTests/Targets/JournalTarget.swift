import JSONTestSupport
@testable import AuditArchive
import SystemPackage

extension FuzzTarget {
    /// The journal of a commit: it moves files, so nothing but staged data files may be named.
    static let journal = FuzzTarget(
        "journal",
        tokens: [
            #""generation": 42,"#, #""follows": null,"#, #""makes": "\#(String(repeating: "a1", count: 32))","#,
            #""removals": ["audit_logs/date=2025-02-23/audit_logs-2025-02-23-000041-00.ndjson.gz"]"#, #""moves": ["#,
            #"{"staged": "a", "target": "b"}"#, #""staged": "#, #""target": "#,
            #""audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042-00.ndjson.gz""#,
            #""audit_logs-2025-02-23-000042-00.ndjson.gz""#, #""quarantine/quarantine-000042-00.ndjson.gz""#,
            #""quarantine-000042-00.ndjson.gz""#, "../", "/", "..", "manifest.json", "\\u002f", "\\u0000", "\u{301}"
        ] + jsonTokens, judge: JournalJudge.judge)
}

private enum JournalJudge {
    static func judge(_ bytes: [UInt8]) -> FuzzOutcome {
        let path: FilePath = "journal.json"
        let journal: Journal
        do throws(ArchiveError) {
            journal = try Journal(decoding: bytes, at: path)
        } catch {
            guard error.kind == .damaged, error.path == path else { return .violated("another error than damage") }
            return .refused(kind: kind(of: error.summary))
        }
        guard JSONJudge.fault(bytes.span.bytes) == nil else { return .violated("accepts what is not JSON") }
        for move in journal.moves where !isSound(move) { return .violated("moves what no commit stages") }
        for removal in journal.removals where !isOwn(removal) { return .violated("removes what is not the table's") }
        let text = journal.encoded()
        guard FoundationJudge.accepts(text), let again = try? Journal(decoding: text, at: path), again == journal,
            again.encoded() == text
        else { return .violated("does not survive writing") }
        if JSONJudge.isShallow(bytes.span.bytes), !agrees(journal, ReferenceJSON(bytes)) {
            return .violated("not what the text says")
        }
        return .accepted(kind: "\(min(journal.moves.count, 8)) moves")
    }

    /// The end of the message without numbers, or what is all the same whatever the journal names.
    private static func kind(of summary: String) -> String {
        summary.contains("commit names") ? "names" : String(summary.filter { !$0.isNumber }.suffix(20))
    }

    /// A file straight in the staging folder goes under its own name to a folder of the table or to quarantine.
    private static func isSound(_ move: Journal.Move) -> Bool {
        let parts = move.target.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let last = parts.last, last.elementsEqual(move.staged.utf8),
            move.target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return false }
        return isOwn(move.target)
    }

    private static func isOwn(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let last = parts.last, path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return false }
        let name = String(decoding: last, as: UTF8.self)
        return path == "quarantine/\(name)" && name.hasPrefix("quarantine-")
            || parts.count == 3 && path.hasPrefix("audit_logs/date=") && name.hasPrefix("audit_logs-")
    }

    private static func agrees(_ journal: Journal, _ reference: ReferenceJSON) -> Bool {
        let moves = reference.member("moves")?.elements ?? []
        let removals = reference.member("removals")?.elements ?? []
        return journal.generation == reference.member("generation")?.integer
            && journal.link?.makes == reference.member("makes")?.text
            && journal.link?.follows == reference.member("follows")?.text
            && journal.removals.elementsEqual(removals) { $0 == $1.text }
            && journal.moves.elementsEqual(moves) { move, entry in
                move.staged == entry.member("staged")?.text && move.target == entry.member("target")?.text
            }
    }
}
