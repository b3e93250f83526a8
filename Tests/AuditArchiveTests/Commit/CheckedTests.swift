@testable import AuditArchive
import CivilTime
import Testing

/// What commits keep of the comparisons with the API.
@Suite struct CheckedTests {
    static let time: Timestamp = "2025-02-28T00:00:00Z"

    /// An archive with two events on each of these dates, and a comparison of a run that has a date before, between and
    /// after them.
    private func withChecked(
        _ run: CheckedRun = run(), _ body: (TestArchive) async throws -> Void
    ) async throws {
        try await withArchive { archive in
            let events = ["2025-02-20", "2025-02-21", "2025-02-23"].enumerated().flatMap { index, date in
                TestEvent.run(2 * index..<2 * index + 2, from: "\(date)T10:00:00Z")
            }
            try await archive.commit(events)
            var facts = TestArchive.facts()
            facts.checks = [run]
            try await archive.commit([], facts)
            #expect(try archive.manifest().checked == [run])
            try await body(archive)
        }
    }

    private static func run(
        _ from: CalendarDay = "2025-02-19", _ to: CalendarDay = "2025-02-24", _ count: Int = 6,
        at time: Timestamp = time
    ) -> CheckedRun {
        CheckedRun(from: from, to: to, checkedAt: time, apiCount: count, archiveCount: count)
    }

    @Test func commitsElsewhereKeepIt() async throws {
        try await withChecked { archive in
            try await archive.commit([TestEvent(9, at: "2025-02-18T10:00:00Z")])
            #expect(try archive.manifest().checked == [Self.run()])
        }
    }

    @Test(arguments: [
        ("2025-02-19", [run("2025-02-20", "2025-02-24", 6)]),
        ("2025-02-21", [run("2025-02-19", "2025-02-20", 2), run("2025-02-22", "2025-02-24", 2)]),
        ("2025-02-22", [run("2025-02-19", "2025-02-21", 4), run("2025-02-23", "2025-02-24", 2)]),
        ("2025-02-24", [run("2025-02-19", "2025-02-23", 6)])
    ])
    func aDateThatGrowsLosesIt(date: String, left: [CheckedRun]) async throws {
        try await withChecked { archive in
            try await archive.commit([TestEvent(9, at: "\(date)T11:00:00Z")])
            #expect(try archive.manifest().checked == left)
        }
    }

    @Test func ofARunThatDifferedNothingIsKnownByTheDay() async throws {
        var run = Self.run()
        (run.apiCount, run.difference) = (5, -1)
        try await withChecked(run) { archive in
            try await archive.commit([TestEvent(9, at: "2025-02-19T11:00:00Z")])
            #expect(try archive.manifest().checked == [])
        }
    }

    @Test func ofAManifestThatContradictsItNothingIsKnownByTheDay() async throws {
        try await withChecked { archive in
            try archive.editManifest { ($0.checked[0].apiCount, $0.checked[0].archiveCount) = (7, 7) }
            try await archive.commit([TestEvent(9, at: "2025-02-19T11:00:00Z")])
            #expect(try archive.manifest().checked == [])
        }
    }

    @Test func whatIsErasedLeavesTheOtherDatesWhatTheyAre() async throws {
        try await withChecked { archive in
            try await erase(TestEvent.run(2..<4, from: "2025-02-21T10:00:00Z")[0], from: archive)
            let erased = [
                Self.run("2025-02-19", "2025-02-20", 2), Self.run("2025-02-21", "2025-02-21", 2),
                Self.run("2025-02-22", "2025-02-24", 2)
            ]
            #expect(try archive.manifest().checked == erased)
            // An event more, and a date pruned, say nothing of the others.
            try await archive.commit([TestEvent(9, at: "2025-02-23T11:00:00Z")])
            #expect(
                try archive.manifest().checked
                    == erased[..<2] + [
                        Self.run("2025-02-22", "2025-02-22", 0), Self.run("2025-02-24", "2025-02-24", 0)
                    ])
        }
    }

    private func erase(_ event: TestEvent, from archive: TestArchive) async throws {
        let session = try archive.open(now: Self.time)
        let erasure = Erasure(
            session, archive.layout, fileSystem: archive.fileSystem,
            compression: CompressionSettings(level: 6, parallelism: 1))
        #expect(try await erasure.run(id: event.id, reason: "asked for", now: Self.time)?.events == 1)
        await session.close()
    }

    @Test func aNewComparisonTakesThePlaceOfAnOlderOne() async throws {
        try await withChecked { archive in
            let later: Timestamp = "2025-03-01T00:00:00Z"
            var facts = TestArchive.facts()
            facts.checks = [Self.run("2025-02-21", "2025-02-22", 2, at: later)]
            try await archive.commit([], facts)
            #expect(
                try archive.manifest().checked == [
                    Self.run("2025-02-19", "2025-02-20", 2), Self.run("2025-02-21", "2025-02-22", 2, at: later),
                    Self.run("2025-02-23", "2025-02-24", 2)
                ])
        }
    }

    @Test func neighboursOfOneComparisonAreOne() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            var facts = TestArchive.facts()
            facts.checks = [
                Self.run("2025-02-23", "2025-02-23", 3), Self.run("2025-02-21", "2025-02-22", 0),
                Self.run("2025-02-24", "2025-02-24", 0, at: "2025-02-28T00:00:01Z")
            ]
            try await archive.commit([], facts)
            #expect(
                try archive.manifest().checked == [
                    Self.run("2025-02-21", "2025-02-23", 3),
                    Self.run("2025-02-24", "2025-02-24", 0, at: "2025-02-28T00:00:01Z")
                ])
        }
    }

    @Test func whatIsNotSoIsNotKept() async throws {
        try await withArchive { archive in
            try await archive.commit(
                TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z") + [TestEvent(7, at: "2025-02-28T10:00:00Z")])
            var facts = TestArchive.facts()
            // The archive has three, and the last date is open.
            facts.checks = [Self.run("2025-02-22", "2025-02-23", 2), Self.run("2025-02-27", "2025-02-28", 1)]
            try await archive.commit([], facts)
            #expect(try archive.manifest().checked == [Self.run("2025-02-27", "2025-02-27", 0)])
        }
    }
}
