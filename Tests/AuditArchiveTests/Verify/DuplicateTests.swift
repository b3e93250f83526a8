@testable import AuditArchive
import Testing

@Suite struct DuplicateTests {
    static let first = "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000001-00.ndjson.gz"
    static let second = "audit_logs/date=2025-02-24/audit_logs-2025-02-24-000002-00.ndjson.gz"

    @Test func inTwoFiles() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<5, from: "2025-02-23T10:00:00Z"))
            try await archive.commit(TestEvent.run(3..<9, from: "2025-02-24T10:00:00Z"))
            #expect(
                try await archive.faults().map(\.description) == [
                    "\(Self.second): line 1: has the event id of line 4 of \(Self.first)",
                    "\(Self.second): line 2: has the event id of line 5 of \(Self.first)"
                ])
        }
    }

    @Test func inOneFileAndWithOtherSpelling() async throws {
        try await withArchive(leavingDamage: true) { archive in
            let escaped = TestEvent(
                id: "a!", createdAt: "2025-02-23T10:00:01Z",
                line: #"{"id":"a\u0021","created_at":"2025-02-23T10:00:01Z"}"#)
            let events = [TestEvent(1, at: "2025-02-23T10:00:00Z", id: "a!"), escaped]
            try await archive.commit(events + [TestEvent(3, at: "2025-02-23T10:00:02Z", id: "a!")])
            #expect(
                try await archive.faults().map(\.description) == [
                    "\(Self.first): line 2: has the event id of line 1",
                    "\(Self.first): line 3: has the event id of line 1"
                ])
        }
    }

    @Test func aWholeFileTwice() async throws {
        try await withArchive(leavingDamage: true) { archive in
            let events = TestEvent.run(0..<500, from: "2025-02-23T10:00:00Z")
            try await archive.commit(events)
            try await archive.commit(events)
            let faults = try await archive.faults()
            #expect(faults.map(\.kind) == Array(repeating: .duplicateID, count: 10) + [.more])
            #expect(faults.last?.detail == "and 490 more faults in its lines")
        }
    }
}
