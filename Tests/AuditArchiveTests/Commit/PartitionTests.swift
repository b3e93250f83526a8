import AuditArchive
import JSONText
import Testing

@Suite struct PartitionTests {
    @Test(arguments: [
        ("2025-02-23T12:00:00Z", 86_400, Partition.State.open),
        ("2025-02-24T23:59:59.999999Z", 86_400, .open),
        ("2025-02-25T00:00:00Z", 86_400, .closed),
        ("2025-02-23T23:59:59Z", 0, .open),
        ("2025-02-24T00:00:00Z", 0, .closed),
        ("2025-03-01T00:00:00Z", 604_800, .open)
    ])
    func stateFollowsTheLookback(now: String, lookback: Int, expected: Partition.State) async throws {
        try await withArchive { archive in
            var facts = TestArchive.facts(now: try #require(Timestamp(rfc3339: now)))
            facts.lookback = .seconds(lookback)
            try await archive.commit(
                [EventBatch([TestEvent(1, at: "2025-02-23T10:00:00Z")], date: "2025-02-23")], facts)
            #expect(try archive.manifest().partitions.map(\.state) == [expected])
        }
    }

    @Test func closingIsACommit() async throws {
        try await withArchive { archive in
            let event = TestEvent(1, at: "2025-02-23T10:00:00Z")
            try await archive.commit([event], now: "2025-02-23T12:00:00Z")
            #expect(try await archive.commit([], now: "2025-02-24T12:00:00Z") == nil)
            #expect(try await archive.commit([], now: "2025-02-25T12:00:00Z")?.generation == 2)
            #expect(try archive.manifest().partitions.map(\.state) == [.closed])
        }
    }

    @Test func whatTheAPISaidIsKeptUntilTheDateGrows() async throws {
        try await withArchive { archive in
            let events = TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z")
            try await archive.commit(Array(events[..<2]))
            try archive.editManifest { manifest in
                manifest.partitions[0].apiCount = 2
                manifest.partitions[0].checkedAt = "2025-02-28T00:00:00Z"
            }
            try await archive.commit([TestEvent(9, at: "2025-02-20T10:00:00Z")])
            #expect(try archive.manifest().partitions.map(\.apiCount) == [nil, 2])
            try await archive.commit([events[2]])
            #expect(try archive.manifest().partitions.map(\.apiCount) == [nil, nil])
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
