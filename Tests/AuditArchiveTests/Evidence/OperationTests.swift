@testable import AuditArchive
import CivilTime
import Testing

@Suite struct OperationTests {
    static let hash = TreeHash.empty
    static let hex = TreeHash.empty.hexadecimal

    /// Each operation, and its line as the format's table has it.
    static var samples: [(EvidenceOperation, String)] {
        let at = "\"at\":\"2026-11-25T02:05:11.123456Z\""
        let day: CalendarDay = "2025-02-23"
        let file = EvidenceFile.data(DataFileName(date: day, generation: 42, part: 0))
        let next = EvidenceFile.data(DataFileName(date: day, generation: 43, part: 1))
        let aside = EvidenceFile.quarantine(QuarantineFileName(generation: 42, part: 0))
        var runs = SourceRuns()
        for (source, count) in [(0, 17), (1, 2), (0, 9)] { for _ in 0..<count { runs.append(source) } }
        let source = AddedFile.Source(
            host: "api.captivateiq.com", from: "2025-02-01", to: "2025-02-24", requests: 7, writer: "w 1")
        let added = AddedFile(generation: 42, date: day, file: file, records: 10, root: hash, source: source)
        var adopted = added
        adopted.source = nil
        let leaf = ErasedLines.Leaf(file: file, line: 3, leaf: hash, id: hash)
        let dates = HeldDates(from: "2025-01-01", to: "2025-03-31", reason: "asked \"for\"", name: "case 12")
        return [
            (
                .genesis(archiveID: "9f2c", startTimestamp: "2025-01-01T00:00:00Z", writer: "w 1"),
                #"{"op":"genesis",\#(at),"archive_id":"9f2c","start_timestamp":"2025-01-01T00:00:00.000000Z","writer":"w 1"}"#
            ),
            (
                .organization(ArchiveOrganization(id: "org_1", name: "Acme \"Ü\"\n")),
                #"{"op":"organization",\#(at),"id":"org_1","name":"Acme \"Ü\"\n"}"#
            ),
            (
                .add(added),
                #"{"op":"add",\#(at),"generation":42,"date":"2025-02-23","file":"audit_logs-2025-02-23-000042-00","#
                    + #""records":10,"root":"\#(hex)","source":{"host":"api.captivateiq.com","from":"2025-02-01","#
                    + #""to":"2025-02-24","requests":7,"writer":"w 1"}}"#
            ),
            (
                .add(adopted),
                #"{"op":"add",\#(at),"generation":42,"date":"2025-02-23","file":"audit_logs-2025-02-23-000042-00","#
                    + #""records":10,"root":"\#(hex)","adopted":true}"#
            ),
            (
                .quarantine(generation: 42, file: aside, records: 2, root: hash),
                #"{"op":"quarantine",\#(at),"generation":42,"file":"quarantine-000042-00","records":2,"root":"\#(hex)"}"#
            ),
            (
                .quarantineErase(
                    QuarantineErasure(
                        generation: 43, file: aside, newFile: nil,
                        lines: [QuarantineErasure.Line(number: 1, leaf: hash)], reason: "r")),
                #"{"op":"quarantine_erase",\#(at),"generation":43,"file":"quarantine-000042-00","new_file":null,"#
                    + #""lines":[[1,"\#(hex)"]],"reason":"r"}"#
            ),
            (
                .compact(
                    CompactedDate(
                        generation: 43, date: day, files: [CompactedDate.File(file: next, records: 28)],
                        from: [file, next], runs: runs)),
                #"{"op":"compact",\#(at),"generation":43,"date":"2025-02-23","#
                    + #""files":[["audit_logs-2025-02-23-000043-01",28]],"from":["000042-00","000043-01"],"#
                    + #""runs":"0*17,1*2,0*9"}"#
            ),
            (
                .prune(
                    PrunedDates(
                        generation: 43, dates: ["2025-02-23", "2025-02-24"], files: [file], records: 10, reason: "r")),
                #"{"op":"prune",\#(at),"generation":43,"dates":["2025-02-23","2025-02-24"],"#
                    + #""files":["audit_logs-2025-02-23-000042-00"],"records":10,"reason":"r"}"#
            ),
            (
                .erase(
                    ErasedLines(
                        generation: 43, file: file, newFile: next, leaves: [leaf], reason: "r", isDuplicate: true)),
                #"{"op":"erase",\#(at),"generation":43,"file":"audit_logs-2025-02-23-000042-00","#
                    + #""new_file":"audit_logs-2025-02-23-000043-01","#
                    + #""leaves":[["audit_logs-2025-02-23-000042-00",3,"\#(hex)","\#(hex)"]],"reason":"r","#
                    + #""duplicate":true}"#
            ),
            (
                .hold(dates),
                #"{"op":"hold",\#(at),"from":"2025-01-01","to":"2025-03-31","reason":"asked \"for\"","name":"case 12"}"#
            ),
            (
                .release(dates),
                #"{"op":"release",\#(at),"from":"2025-01-01","to":"2025-03-31","reason":"asked \"for\"","name":"case 12"}"#
            ),
            (
                .checked(from: "2025-01-01", to: "2025-01-31", apiCount: 812, archiveCount: 811),
                #"{"op":"checked",\#(at),"from":"2025-01-01","to":"2025-01-31","api_count":812,"archive_count":811}"#
            ),
            (
                .commit(generation: 43, manifest: hash),
                #"{"op":"commit",\#(at),"generation":43,"manifest":"\#(hex)"}"#
            ),
            (
                .rebuild(
                    generation: 43, lost: [file, aside],
                    pending: [Range(from: "2025-01-01T00:00:00Z", to: "2025-01-02T00:00:00Z")]),
                #"{"op":"rebuild",\#(at),"generation":43,"lost":["audit_logs-2025-02-23-000042-00","quarantine-000042-00"],"#
                    + #""pending":[{"from":"2025-01-01T00:00:00.000000Z","to":"2025-01-02T00:00:00.000000Z"}]}"#
            ),
            (
                .restored(generation: 43, entries: 7, root: hash),
                #"{"op":"restored",\#(at),"generation":43,"entries":7,"root":"\#(hex)"}"#
            ),
            (
                .key(verifierKey: "a+b+c", withoutOldKey: false),
                #"{"op":"key",\#(at),"vkey":"a+b+c"}"#
            ),
            (
                .key(verifierKey: "a+b+c", withoutOldKey: true),
                #"{"op":"key",\#(at),"vkey":"a+b+c","without_old_key":true}"#
            ),
            (
                .adopt(entries: 7, root: hash, reason: "r"),
                #"{"op":"adopt",\#(at),"entries":7,"root":"\#(hex)","reason":"r"}"#
            )
        ]
    }

    @Test func eachIsWrittenAsTheTableSaysAndReadBack() throws {
        for (operation, line) in Self.samples {
            let entry = EvidenceEntry(at: "2026-11-25T02:05:11.123456Z", operation: operation)
            #expect(String(decoding: entry.line, as: UTF8.self) == line)
            #expect(try EvidenceEntry(line: entry.line[...]) == entry)
        }
        #expect(Set(Self.samples.map(\.0.name)).count == 16)
    }

    @Test func anAddNeedsAtMost400Bytes() throws {
        let line = try #require(Self.samples.first { $0.0.name == "add" }?.1)
        // With the longest writer there is, and a large run.
        #expect(line.utf8.count + "captivateiq-export 0.2.0 (6068b5f)".utf8.count + 20 <= 400)
    }

    @Test(
        arguments: [
            "", "{}", "[]", "null", #"{"op":"add"}"#, #"{"op":"dance","at":"2026-11-25T02:05:11.123456Z"}"#,
            #"{"op":"commit","at":"2026-11-25","generation":1,"manifest":"00"}"#,
            #"{"op":"commit","at":"2026-11-25T02:05:11.123456Z","generation":-1,"manifest":"\#(hex)"}"#,
            #"{"op":"commit","at":"2026-11-25T02:05:11.123456Z","generation":1,"manifest":"\#(hex)"} x"#,
            #"{"op":"hold","at":"2026-11-25T02:05:11.123456Z","from":"2025-02-01","to":"2025-01-01","reason":"","name":""}"#
        ])
    func whatIsNoOperationIsRefused(_ line: String) {
        #expect(throws: OperationError.self) { try EvidenceEntry(line: Array(line.utf8)[...]) }
    }

    @Test(arguments: ["0*", "*1", "0*0", "-1*2", "0*1,", "a*1", "0*1*2"])
    func runsThatAreNoneAreRefused(_ text: String) { #expect(SourceRuns(text) == nil) }

    @Test(
        arguments: [
            "audit_logs-2025-02-23-000042-00", "quarantine-000042-00", "audit_logs-2025-02-23-1000042-100"
        ])
    func namesOfFilesReadBack(_ name: String) { #expect(EvidenceFile(name: name)?.name == name) }

    @Test(
        arguments: [
            "", "audit_logs-2025-02-23-42-00", "audit_logs-2025-02-30-000042-00", "../x", "quarantine", "quarantine-1-2"
        ])
    func otherNamesAreNone(_ name: String) { #expect(EvidenceFile(name: name) == nil) }
}
