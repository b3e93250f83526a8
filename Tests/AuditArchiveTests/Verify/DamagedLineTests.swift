@testable import AuditArchive
import CivilTime
import Testing

/// Files that are whole and agree with the manifest, but hold what no sync writes.
@Suite struct DamagedLineTests {
    static let id = "00000000-0000-4000-8000-000000000099"

    /// One line between two good ones of 10:00:00 and 10:00:02, and what is wrong, at line 2 unless another is named.
    static let lines: [(String, [String])] = [
        (#"{"id": "\#(id)","created_at":"2025-02-23T10:00:01Z"}"#, ["not_compact"]),
        (#"{"id":"\#(id)","created_at":"2025-02-23T10:00:01Z"} "#, ["not_compact"]),
        (#" {"id":"\#(id)","created_at":"2025-02-23T10:00:01Z"}"#, ["not_compact"]),
        ("{\"id\":\"\(id)\",\"created_at\":\"2025-02-23T10:00:01Z\"}\r", ["not_compact"]),
        ("\u{FEFF}{\"id\":\"\(id)\",\"created_at\":\"2025-02-23T10:00:01Z\"}", ["not_json"]),
        (#"{"id":"\#(id)","created_at":"2025-02-23T10:00:01Z"}{}"#, ["not_json"]),
        (#"{"id":"\#(id)","created_at":"2025-02-23T10:00:01Z""#, ["not_json"]),
        ("", ["not_json"]), ("x", ["not_json"]), ("[]", ["not_an_object"]), ("null", ["not_an_object"]),
        ("\"a\"", ["not_an_object"]),
        (#"{"created_at":"2025-02-23T10:00:01Z"}"#, ["id"]),
        (#"{"id":7,"created_at":"2025-02-23T10:00:01Z"}"#, ["id"]),
        (#"{"id":"\#(id)"}"#, ["created_at"]),
        (#"{"id":"\#(id)","created_at":1740304801}"#, ["created_at"]),
        (#"{"id":"\#(id)","created_at":"2025-02-30T10:00:01Z"}"#, ["created_at"]),
        (#"{"id":"\#(id)","created_at":"2025-02-22T23:59:59Z"}"#, ["order", "partition_date"]),
        (#"{"id":"\#(id)","created_at":"2025-02-23T00:00:00+00:01"}"#, ["order", "partition_date"]),
        (
            #"{"id":"\#(id)","created_at":"2025-02-24T00:00:00Z"}"#,
            ["partition_date", "order at line 3", "last_event_timestamp"]
        ),
        (#"{"id":"\#(id)","created_at":"2025-02-23T09:59:59Z"}"#, ["order"]),
        (#"{"id":"\#(id)","created_at":"2025-02-23T10:00:03Z"}"#, ["order at line 3", "last_event_timestamp"])
    ]

    /// Commits lines as they are, each said to be an event a second after the one before.
    static func faults(_ lines: [String]) async throws -> [ArchiveFault] {
        var faults: [ArchiveFault] = []
        try await withArchive(leavingDamage: true) { archive in
            let events = lines.enumerated().map { index, line in
                TestEvent(
                    id: "x", createdAt: ("2025-02-23T10:00:00Z" as Timestamp + .seconds(index)).description, line: line)
            }
            try await archive.commit([EventBatch(events, date: "2025-02-23")], TestArchive.facts())
            try archive.dropEvidence()
            faults = try await archive.faults()
        }
        return faults
    }

    @Test(arguments: lines)
    func line(line: String, expected: [String]) async throws {
        let good = TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z").map(\.line)
        let faults = try await Self.faults([good[0], line, good[2]])
        let found = faults.map { fault in
            fault.kind.rawValue + (fault.line.map { $0 == 2 ? "" : " at line \($0)" } ?? "")
        }
        #expect(found == expected, "\(faults)")
    }

    @Test func orderOfTies() async throws {
        let lines = ["a", "b", "a\\u0021", "c", "C"].map { #"{"id":"\#($0)","created_at":"2025-02-23T10:00:00Z"}"# }
        let faults = try await Self.faults(lines)
        #expect(faults.filter { $0.kind == .order }.map(\.line) == [3, 5])
    }

    @Test func timesCountAndNotTheirText() async throws {
        let faults = try await Self.faults([
            #"{"id":"a","created_at":"2025-02-23T12:00:00+02:00"}"#,
            #"{"id":"b","created_at":"2025-02-23T10:00:00.9999999Z"}"#,
            #"{"id":"c","created_at":"2025-02-23T05:00:02-05:00"}"#
        ])
        #expect(faults == [])
    }

    @Test func firstAndLastTimestamps() async throws {
        let lines = ["10:00:01", "10:00:02"].map { #"{"id":"\#($0)","created_at":"2025-02-23T\#($0)Z"}"# }
        let faults = try await Self.faults(lines)
        #expect(Set(faults.map(\.kind)) == [.eventTimestamps, .lastEventTimestamp])
    }

    @Test func missingLastLineEnd() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<2, from: "2025-02-23T10:00:00Z"))
            let text = Array(try Gunzip.bytes(try archive.bytes(DamagedFileTests.path)).dropLast())
            try await archive.rewrite(DamagedFileTests.path, text)
            let faults = try await archive.faults()
            #expect(Set(faults.map(\.kind)) == [.lineEnd, .records, .lastEventTimestamp, .eventTimestamps])
        }
    }

    @Test func floodIsCollapsed() async throws {
        let faults = try await Self.faults(Array(repeating: "x", count: 1_000))
        #expect(faults.filter { $0.kind == .notJSON }.map(\.line) == Array(1...10))
        let rest = faults.filter { $0.path == DamagedFileTests.path && $0.kind != .notJSON }
        #expect(rest.map(\.description) == ["\(DamagedFileTests.path): and 990 more faults in its lines"])
        #expect(faults.filter { $0.path == DamagedFileTests.path }.last == rest.last)
    }
}

extension TestArchive {
    /// Puts a file of these bytes, compressed, in the place of another, and makes the manifest agree with it as far as
    /// checksums and sizes go.
    func rewrite(_ path: String, _ text: [UInt8]) async throws {
        let bytes = try await Gunzip.member(text)
        try replace(path, bytes)
        let sum = try #require(TreeHash(hexadecimal: try await SHA256Program.sum(of: layout.absolute(path))))
        try editManifest { manifest in
            for index in manifest.files.indices where manifest.files[index].name.path == path {
                manifest.files[index].sha256 = sum
                manifest.files[index].size = bytes.count
                manifest.files[index].uncompressedSize = text.count
            }
        }
    }
}
