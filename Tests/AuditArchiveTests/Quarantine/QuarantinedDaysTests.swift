@testable import AuditArchive
import CivilTime
import JSONText
import Testing

@Suite("The days to ask for again, for what is in quarantine")
struct QuarantinedDaysTests {
    /// Records, why they were refused, and the days to ask for; they came at `TestArchive.now`.
    static let cases: [(String, QuarantineBatch.Reason, [CalendarDay])] = [
        (#"{"created_at":"2025-02-10T23:30:00-02:00"}"#, .noStringID, ["2025-02-11"]),
        (
            #"{"data":{"created_at":"2024-01-01T00:00:00Z"},"created_at":"2025-02-10T00:00:00Z"}"#, .noStringID,
            ["2025-02-10"]
        ),
        (
            #"{"id":"a","created_at":"2025-02-10 10:00:00"}"#, .unreadableCreatedAt,
            ["2025-02-09", "2025-02-10", "2025-02-11"]
        ),
        (#"{"id":"a","created_at":1739145600}"#, .unreadableCreatedAt, ["2025-02-10"]),
        (#"{"id":"a","created_at":1739145600123}"#, .unreadableCreatedAt, ["2025-02-10"]),
        (#"{"id":"a","created_at":"yesterday"}"#, .unreadableCreatedAt, ["2025-02-28", "2025-03-01"]),
        (#"{"id":"a"}"#, .unreadableCreatedAt, ["2025-02-28", "2025-03-01"]),
        ("null", .notAnObject, ["2025-02-28", "2025-03-01"]),
        (#"{"id":"a","created_at":"2025-02-10T00:00:00Z"}"#, .changed, [])
    ]

    @Test("are those that the record names, else those before it came", arguments: cases)
    func json(record: String, reason: QuarantineBatch.Reason, days: [CalendarDay]) async throws {
        try await withArchive { archive in
            try await archive.keepAside { $0.insert(record, reason) }
            #expect(try await archive.quarantinedDays() == Set(days))
        }
    }

    @Test(
        "are found in what is no JSON as well",
        arguments: [
            (#"{"id":"a","created_at" : "2025-02-10T10:00:00Z","n":NaN}"#, ["2025-02-10"]),
            (#"{"id":"a","n":NaN"#, ["2025-02-28", "2025-03-01"]), ("", ["2025-02-28", "2025-03-01"])
        ] as [(String, [CalendarDay])])
    func malformed(text: String, days: [CalendarDay]) async throws {
        try await withArchive { archive in
            try await archive.keepAside { $0.keep(malformed: text.utf8, receivedAt: TestArchive.now) == .kept }
            #expect(try await archive.quarantinedDays() == Set(days))
        }
    }
}

extension TestArchive {
    fileprivate func keepAside(_ keep: (inout QuarantineBatch) -> Bool) async throws {
        let session = try open()
        var batch = try await session.makeQuarantineBatch()
        let isNew = keep(&batch)
        #expect(isNew)
        try await session.stage(batch)
        _ = try await session.commit(Self.facts())
        await session.close()
    }

    fileprivate func quarantinedDays() async throws -> Set<CalendarDay> {
        let session = try open()
        let days = try await session.quarantinedDays()
        await session.close()
        return days
    }
}
