@testable import AuditArchive
import CivilTime
import Testing

@Suite struct ArchiveStatusTests {
    static let status = ArchiveStatus(.sample, now: "2025-03-01T12:00:00Z")

    @Test func facts() {
        let status = Self.status
        #expect(status.generation == 42)
        #expect(status.organization?.id == "org_123456")
        #expect(status.writtenAt == "2026-11-23T02:05:11.123456Z")
        #expect(status.startTimestamp == "2025-01-01T00:00:00Z")
        #expect(status.lastEventTimestamp == "2025-02-24T01:00:00Z")
        #expect(status.age == .seconds(5 * 86_400 + 11 * 3_600))
        #expect(status.totals == Manifest.sample.totals)
        #expect(status.quarantined == 2)
        #expect(status.pending == Manifest.sample.pending)
        #expect(status.openPartitions == ["2025-02-24"])
    }

    @Test func days() {
        let days = Self.status.days
        #expect(days.count == 14)
        #expect(days.first?.date == "2025-02-16")
        #expect(days.last?.date == "2025-03-01")
        #expect(zip(days, days.dropFirst()).allSatisfy { $0.date.days(until: $1.date) == 1 })
        #expect(days.map(\.records) == [0, 0, 0, 0, 0, 0, 0, 10, 1, 0, 0, 0, 0, 0])
        #expect(days[7].state == .closed)
        #expect(days[8].state == .open)
        #expect(days[9].state == nil)
        #expect(days[7].share == 1)
        #expect(days[8].share == 0.1)
        #expect(days[9].share == 0)
    }

    @Test func daysOutOfSightDoNotScaleTheBars() {
        let days = ArchiveStatus(.sample, now: "2025-03-09T23:59:59Z").days
        #expect(days.first?.date == "2025-02-24")
        #expect(days.first?.share == 1)
    }

    @Test func emptyArchive() {
        let manifest = Manifest(
            generation: 1, writtenAt: "2025-03-01T00:00:00Z", writer: "w", startTimestamp: "2025-03-01T00:00:00Z")
        let status = ArchiveStatus(manifest, now: "2025-03-01T00:00:00Z")
        #expect(status.age == nil)
        #expect(status.organization == nil)
        #expect(status.openPartitions.isEmpty)
        #expect(status.days.allSatisfy { $0.records == 0 && $0.share == 0 && $0.state == nil })
    }

    @Test func clockThatWasSetBack() {
        #expect(ArchiveStatus(.sample, now: "2025-02-24T00:59:58Z").age == .seconds(-2))
    }
}
