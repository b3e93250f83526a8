import AuditArchive
@testable import AuditSync
import CivilTime
import SyncTestSupport
import Testing

/// Records that are odd in every way JSON allows: archived byte for byte or kept aside, once.
@Suite("Hostile records")
struct HostileRecordTests {
    static let ids = [
        #""../../../etc/passwd""#, #""a/b""#, #""/""#, #""..""#, #""\u0000""#, #""a\u0000b""#, #""a\nb""#,
        #""a\r\n{\"id\":\"x\"}""#, #""""#, #"" ""#, #""\ud800""#, #""\ud801""#, #""\udc00\ud800""#,
        #""\ufffd""#, #""\u202e""#, "\"\u{E9}\"", "\"e\u{301}\"", #""%2e%2e%2f""#, #""*""#, #""$(reboot)""#, #""-rf""#,
        #""0f8fad5b-d9cb-469f-a165-70867728950e""#, #""0F8FAD5B-D9CB-469F-A165-70867728950E""#,
        "\"\(String(repeating: "x", count: 1 << 20))\"", "\"\(String(repeating: "x", count: 1 << 20))y\""
    ]
    static let times = [
        "0001-01-01T00:00:00Z", "0001-01-01T14:00:00+14:00", "9999-12-31T23:59:59.999999999Z",
        "9999-12-31T09:59:59-14:00", "2016-12-31T23:59:60Z", "2026-02-27t10:00:00.5z", "2027-01-01T00:00:00Z",
        "2026-03-01T12:00:00.000001Z", "2026-02-28T23:30:00-23:59"
    ]
    static let badTimes = [
        "", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-29T00:00:00Z",
        "2026-02-27T10:00:61Z", "2026-02-27T24:00:00Z", "../../2026-02-27T10:00:00Z", "2026-02-27T10:00:00Z/../..",
        #"2026-02-27T10:00:00Z\u0000"#, "2026-02-27 10:00:00Z", "-001-02-27T10:00:00Z", "+2026-02-27T10:00:00Z",
        "20260-02-27T10:00:00Z", "2026-02-27T10:00:00+24:00", "1772186400"
    ]
    static let start = Timestamp(rfc3339: "0001-01-01T00:00:00Z")

    static var archived: [String] {
        ids.map { record(id: $0) } + times.enumerated().map { record(id: "\"t\($0)\"", at: $1) } + [
            record(id: #""n""#, #","data":{"n":1e400,"m":-0.0,"o":12345678901234567890123,"\u0000":"\ud83d\ude00"}"#),
            #"{"\u0069d":"escaped","created\u005fat":"2026-02-27T10:00:00Z"}"#,
            #"{"id":1,"created_at":7,"id":"last counts","created_at":"2026-02-27T10:00:00Z"}"#
        ]
    }
    static var refused: [String] {
        badTimes.enumerated().map { record(id: "\"b\($0)\"", at: $1) } + [
            record(id: "7"), record(id: "null"), record(id: "{}"), "{}", "[]", "0", "null", #""\ud800""#,
            #"{"id":"a","id":null,"created_at":"2026-02-27T10:00:00Z"}"#,
            "\"\(String(repeating: "z", count: 1 << 20))\""
        ]
    }

    @Test("are archived byte for byte or kept aside, and the next sync finds nothing new")
    func table() async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer(Self.archived + Self.refused)
            let first = try await harness.sync(since: Self.start, client: try harness.makeClient(server))
            #expect(first.failure == nil)
            #expect(first.report.events == Self.archived.count)
            #expect(first.report.quarantined == Self.refused.count)
            try expectTable(harness)
            let before = try harness.manifest()
            for pageSize in [7, 50] {
                let again = try await harness.sync(
                    since: Self.start, pageSize: pageSize, lookback: .seconds(86_400 * 366 * 3000),
                    client: try harness.makeClient(server))
                #expect(again.failure == nil)
                #expect(again.report.events == 0 && again.report.quarantined == 0)
            }
            #expect(try harness.manifest().files == before.files)
            #expect(try harness.manifest().quarantine == before.quarantine)
        }
    }

    @Test("from the first day that can be written on leave nothing to be fetched", arguments: [0, 86_400, 3 * 86_400])
    func beginningOfTime(after seconds: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            let start = try #require(Self.start) + .seconds(seconds)
            let server = RecordServer(Self.times.enumerated().map { record(id: "\"t\($0)\"", at: $1) })
            for _ in 0..<2 {
                let outcome = try await harness.sync(since: start, client: try harness.makeClient(server))
                #expect(outcome.failure == nil)
                #expect(try harness.manifest().pending == RangeSet())
            }
        }
    }

    @Test("that are no events, and all that is listed, are kept once, unless they are another organization's")
    func nothingElse() async throws {
        try await SyncHarness.runInMemory { harness in
            let ours = #","organization_id":"ours","organization_name":"Ours""#
            let events = (0..<9).map { record(id: "\"\($0)\"", at: "2026-02-28T1\($0):00:00Z", ours) }
            let server = RecordServer(events, .init(organization: "other"))
            #expect(try await harness.sync(client: try harness.makeClient(server)).failure == nil)
            server.change { records, _ in records = [record(id: "7", at: "2026-03-01T10:00:00Z", ours), "[]", "7"] }
            let foreign = try await harness.sync(client: try harness.makeClient(server))
            guard case .foreignOrganization? = foreign.failure?.kind else {
                Issue.record("it ended otherwise: \(String(describing: foreign.failure))")
                return
            }
            #expect(try harness.manifest().quarantine.isEmpty)
            server.change { _, manner in manner.organization = "ours" }
            let first = try await harness.sync(client: try harness.makeClient(server))
            guard case .noneUsable? = first.failure?.kind else {
                Issue.record("it ended otherwise: \(String(describing: first.failure))")
                return
            }
            #expect(first.report.quarantined == 3)
            #expect(try harness.manifest().quarantine.map(\.records) == [3])
            for _ in 0..<2 {
                let again = try await harness.sync(client: try harness.makeClient(server))
                #expect(again.failure == nil && again.report.quarantined == 0)
            }
            #expect(try harness.archivedLines().count == 9)
        }
    }

    private func expectTable(_ harness: SyncHarness) throws {
        let contents = try ArchiveContents(harness.layout.root, harness.fileSystem)
        #expect(contents.lines.sorted() == Self.archived.sorted())
        for path in contents.paths {
            let isSafe = path.wholeMatch(
                of: #/date=\d{4}-\d{2}-\d{2}\/audit_logs-\d{4}-\d{2}-\d{2}-\d{6}-\d{2}\.ndjson\.gz/#)
            #expect(isSafe != nil, "\(path)")
        }
        let manifest = try harness.manifest()
        let now = harness.clock.now()
        let newest = try #require(manifest.lastEventTimestamp)
        #expect(newest <= now)
        let dates = Set(manifest.partitions.map { "\($0.date)" })
        #expect(dates.isSuperset(of: ["0001-01-01", "9999-12-31", "2016-12-31", "2027-01-01"]))
        for partition in manifest.partitions where partition.date >= now.day { #expect(partition.state == .open) }
    }

    @Test(
        "an organization of any name is that organization ever after",
        arguments: [
            #""../x""#, #""""#, #""\u0000""#, #""\ud800""#, #""a\n\"b""#, #""\u001b[2J""#, "\"e\u{301}\"", "a megabyte"
        ])
    func organizations(value: String) async throws {
        let name = value == "a megabyte" ? "\"\(String(repeating: "o", count: 1 << 20))\"" : value
        try await SyncHarness.runInMemory { harness in
            let more = #","organization_id":\#(name),"organization_name":\#(name)"#
            let server = RecordServer((0..<5).map { record(id: "\"\($0)\"", more) })
            for round in 0..<3 {
                let outcome = try await harness.sync(client: try harness.makeClient(server))
                #expect(outcome.failure == nil)
                #expect(outcome.report.events == (round == 0 ? 5 : 0))
            }
            server.change { records, _ in records.append(record(id: #""new""#, #","organization_id":"org_foreign""#)) }
            let foreign = try await harness.sync(client: try harness.makeClient(server))
            #expect(foreign.failure != nil)
            #expect(try harness.archivedLines().count == 5)
        }
    }
}
