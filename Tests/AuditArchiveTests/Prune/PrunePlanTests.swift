@testable import AuditArchive
import CivilTime
import Testing

@Suite("What a retention takes away")
struct PrunePlanTests {
    /// An archive of ten closed days from the 1st to the 10th with an event each, but for the 4th.
    private static var manifest: Manifest {
        var manifest = Manifest(
            generation: 3, writtenAt: "2025-02-01T00:00:00Z", writer: "tests", startTimestamp: "2025-01-01T00:00:00Z")
        manifest.completeThrough = "2025-01-10"
        for day in [1, 2, 3, 5, 6, 7, 8, 9, 10] {
            let date = CalendarDay(number: ("2025-01-01" as CalendarDay).number + Int32(day - 1))
            manifest.partitions.append(Partition(date: date, state: .closed, records: day))
        }
        return manifest
    }

    private static func plan(
        before cutoff: CalendarDay, quarantined: [Set<CalendarDay>] = [], _ change: (inout Manifest) -> Void = { _ in }
    ) -> PrunePlan {
        var manifest = manifest
        change(&manifest)
        return PrunePlan(manifest, before: cutoff, quarantined: quarantined)
    }

    @Test("is whole closed days before the cutoff, those without events between them too")
    func days() {
        let plan = Self.plan(before: "2025-01-06")
        #expect(plan.runs == [.init(from: "2025-01-01", to: "2025-01-05", records: 11)])
        #expect(plan.dates == ["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-05"])
        #expect(Self.plan(before: "2025-01-01").isEmpty)
    }

    @Test("is never the newest day with events, whatever the cutoff")
    func newest() {
        let plan = Self.plan(before: "2026-01-01")
        #expect(plan.dates.last == "2025-01-09" && plan.kept == ["2025-01-10"])
    }

    @Test("is no open day, and none with times that are still to be read")
    func openOrPending() {
        let open = Self.plan(before: "2025-01-08") { $0.partitions[1].state = .open }
        #expect(open.runs.map(\.from) == ["2025-01-01", "2025-01-03"] && open.kept == ["2025-01-02"])
        let pending = Self.plan(before: "2025-01-08") { manifest in
            manifest.pending.insert(contentsOf: Range(from: "2025-01-03T23:00:00Z", to: "2025-01-05T00:00:00Z"))
        }
        #expect(pending.runs.map(\.to) == ["2025-01-02", "2025-01-07"] && pending.kept == ["2025-01-03"])
    }

    @Test("is no day under a hold, which is named")
    func hold() {
        let plan = Self.plan(before: "2025-01-08") {
            $0.holds = [
                Hold(name: "case 12", from: "2025-01-02", to: "2025-01-03", reason: "asked for"),
                Hold(name: "case 13", from: "2025-02-01", to: "2025-02-03", reason: "asked for")
            ]
        }
        #expect(plan.holds == ["case 12"] && plan.held == ["2025-01-02", "2025-01-03"])
        #expect(plan.runs.map(\.from) == ["2025-01-01", "2025-01-04"])
    }

    @Test("is no day that went before")
    func before() {
        let plan = Self.plan(before: "2025-01-06") { manifest in
            manifest.partitions.removeFirst(3)
            manifest.pruned = [
                PrunedRun(
                    from: "2025-01-01", to: "2025-01-03", records: 6, prunedAt: "2025-02-01T00:00:00Z", reason: "x")
            ]
        }
        #expect(plan.runs == [.init(from: "2025-01-04", to: "2025-01-05", records: 5)])
    }

    @Test("is a day of nothing but quarantined records, and only records all of whose days go")
    func quarantine() {
        let plan = Self.plan(
            before: "2025-01-06",
            quarantined: [["2025-01-04"], [], ["2025-01-05", "2025-01-06"], ["2025-01-01", "2025-01-02"]])
        #expect(plan.quarantined == 2)
        let alone = Self.plan(before: "2025-01-06", quarantined: [["2025-01-04"]]) { $0.partitions.removeFirst(4) }
        #expect(alone.runs == [.init(from: "2025-01-01", to: "2025-01-05", records: 0)] && alone.dates.isEmpty)
        #expect(Self.plan(before: "2025-01-06") { $0.partitions.removeFirst(4) }.isEmpty)
    }
}
