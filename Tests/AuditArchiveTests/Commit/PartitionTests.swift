@testable import AuditArchive
import CivilTime
import Testing

@Suite struct PartitionTests {
    @Test(
        arguments: [
            (nil, Partition.State.open, nil),
            ("2024-12-31", .open, nil),
            ("2025-02-22", .open, "2025-02-22"),
            ("2025-02-23", .closed, "2025-02-23"),
            ("2025-02-27", .closed, "2025-02-27")
        ] as [(String?, Partition.State, String?)])
    func onlyASyncThatEndedWholeCloses(through: String?, state: Partition.State, complete: String?) async throws {
        try await withArchive { archive in
            var facts = TestArchive.facts()
            facts.closesThrough = through.flatMap { CalendarDay($0) }
            try await archive.commit(
                [EventBatch([TestEvent(1, at: "2025-02-23T10:00:00Z")], date: "2025-02-23")], facts)
            #expect(try archive.manifest().partitions.map(\.state) == [state])
            #expect(try archive.manifest().completeThrough == complete.flatMap { CalendarDay($0) })
        }
    }

    @Test func closedIsForGood() async throws {
        try await withArchive { archive in
            let event = TestEvent(1, at: "2025-02-23T10:00:00Z")
            try await archive.commit([event], now: "2025-02-28T12:00:00Z")
            var facts = TestArchive.facts(now: "2025-03-01T12:00:00Z")
            for through in [nil, "2025-02-20"] as [CalendarDay?] {
                facts.closesThrough = through
                let number = through == nil ? 2 : 4
                // One for the date that has events, one for a date that had none when it was closed.
                let events = [("2025-02-23", number), ("2025-02-24", number + 1)].map { date, number in
                    EventBatch([TestEvent(number, at: "\(date)T10:00:00Z")], date: CalendarDay(stringLiteral: date))
                }
                try await archive.commit(events, facts)
                #expect(try archive.manifest().partitions.map(\.state) == [.closed, .closed])
                #expect(try archive.manifest().completeThrough == "2025-02-26")
            }
        }
    }

    @Test func closingIsACommit() async throws {
        try await withArchive { archive in
            let event = TestEvent(1, at: "2025-02-23T10:00:00Z")
            try await archive.commit([event], now: "2025-02-23T12:00:00Z")
            #expect(try await archive.commit([], now: "2025-02-23T23:00:00Z") == nil)
            #expect(try await archive.commit([], now: "2025-02-25T12:00:00Z")?.generation == 2)
            #expect(try archive.manifest().partitions.map(\.state) == [.closed])
            // A day without events is closed as well.
            #expect(try await archive.commit([], now: "2025-02-26T12:00:00Z")?.generation == 3)
            #expect(try archive.manifest().completeThrough == "2025-02-24")
        }
    }

    @Test(
        arguments: [
            ("2025-02-20T23:00:00Z", "2025-02-19"), ("2025-01-01T00:00:00Z", nil),
            ("2025-02-28T00:00:00Z", "2025-02-27")
        ] as [(String, String?)])
    func pendingTimesHoldBackWhatIsComplete(from: String, complete: String?) async throws {
        try await withArchive { archive in
            var facts = TestArchive.facts()
            let from = try #require(Timestamp(rfc3339: from))
            facts.pending = RangeSet([Range(from: from, to: from + .seconds(60))])
            try await archive.commit([], facts)
            #expect(try archive.manifest().completeThrough == complete.flatMap { CalendarDay($0) })
        }
    }

    @Test func progressNeverMovesBack() async throws {
        try await withArchive { archive in
            var facts = TestArchive.facts()
            facts.syncedTo = "2025-02-28T10:00:00Z"
            try await archive.commit([], facts)
            // A start that is moved back shows its gap as pending.
            facts.startTimestamp = "2024-06-01T00:00:00Z"
            facts.pending = RangeSet([Range(from: "2024-06-01T00:00:00Z", to: "2025-01-01T00:00:00Z")])
            for time in [nil, "2025-02-20T00:00:00Z"] as [Timestamp?] {
                facts.syncedTo = time
                facts.closesThrough = time?.day
                _ = try await archive.commit([], facts)
                #expect(try archive.manifest().syncedTo == "2025-02-28T10:00:00Z")
                #expect(try archive.manifest().completeThrough == "2025-02-27")
            }
        }
    }

    @Test func howFarASyncLookedIsNoCommit() async throws {
        try await withArchive { archive in
            var facts = TestArchive.facts()
            try await archive.commit([], facts)
            facts.syncedTo = "2025-02-28T10:00:00Z"
            #expect(try await archive.commit([], facts) == nil)
            #expect(try archive.manifest().syncedTo == nil)
            try await archive.commit(
                [EventBatch([TestEvent(1, at: "2025-02-28T09:00:00Z")], date: "2025-02-28")], facts)
            #expect(try archive.manifest().syncedTo == "2025-02-28T10:00:00Z")
        }
    }

    @Test func commitsSayWhenTheirFilesCame() async throws {
        try await withArchive { archive in
            try await archive.commit([TestEvent(1, at: "2025-02-23T10:00:00Z")], now: "2025-02-24T12:00:00Z")
            try await archive.commit([TestEvent(2, at: "2025-02-24T10:00:00Z")], now: "2025-02-25T12:00:00Z")
            #expect(try archive.manifest().files.map(\.archivedAt) == ["2025-02-24T12:00:00Z", "2025-02-25T12:00:00Z"])
            #expect(try archive.manifest().archiveID == TestArchive.archiveID)
        }
    }

    @Test func eventsDatedInTheFutureMoveNothing() async throws {
        try await withArchive { archive in
            let now: Timestamp = "2025-02-23T12:00:00Z"
            try await archive.commit(
                [
                    TestEvent(1, at: "2025-02-23T11:00:00Z"), TestEvent(2, at: "2025-02-23T12:00:00Z"),
                    TestEvent(3, at: "2025-02-23T12:00:00.000001Z"), TestEvent(4, at: "2026-01-01T00:00:00Z"),
                    TestEvent(5, at: "9999-12-31T23:59:59Z")
                ], now: now)
            #expect(try archive.manifest().lastEventTimestamp == now)
            #expect(try archive.manifest().partitions.map(\.state) == [.open, .open, .open])
            #expect(try await archive.commit([], now: now) == nil)
            // Once its time has come, it counts.
            #expect(try await archive.commit([], now: now + .seconds(60))?.generation == 2)
            #expect(try archive.manifest().lastEventTimestamp == "2025-02-23T12:00:00.000001Z")
        }
    }

    @Test func onlyEventsDatedInTheFuture() async throws {
        try await withArchive { archive in
            try await archive.commit([TestEvent(1, at: "2026-01-01T00:00:00Z")])
            #expect(try archive.manifest().lastEventTimestamp == nil)
        }
    }
}
