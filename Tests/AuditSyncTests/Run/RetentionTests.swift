@testable import AuditArchive
@testable import AuditSync
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport
import Testing

@Suite("What was pruned")
struct RetentionTests {
    /// The ids of what the archive holds, by whether they are of the days before `day`.
    private func counts(_ harness: SyncHarness, before day: CalendarDay) throws -> (old: Int, new: Int) {
        let manifest = try harness.manifest()
        let old = manifest.partitions.filter { $0.date < day }.reduce(0) { $0 + $1.records }
        return (old, manifest.totals.records - old)
    }

    @Test("comes back by no sync, no start that is moved back, no repair and no rebuild")
    func staysAway() async throws {
        try await SyncHarness.run {
            $0.population.days = 9
        } _: { harness in
            let begin = SyncHarness.begin.day
            _ = try await harness.sync(since: begin.advanced(by: -7).start)
            let cutoff = begin.advanced(by: -4)
            let plan = try await harness.prune(keeping: 4)
            #expect(plan.dates.count == 3 && plan.records > 50)
            let left = try counts(harness, before: cutoff)
            #expect(left.old == 0 && left.new > 50)
            // Its look-back is not that long, and neither is any other's.
            #expect(try await harness.sync(since: begin.advanced(by: -7).start).report.events == 0)
            let (report, failure) = try await harness.reconcile(repairs: true)
            #expect(failure == nil && report.outcome == .ok && report.events == 0 && report.missingCount == 0)
            #expect(report.pending.isEmpty)
            // The days before the old start are fetched, those that were pruned are not.
            let earlier = try await harness.sync(since: begin.advanced(by: -40).start)
            #expect(earlier.failure == nil && earlier.report.events > 0)
            let start = begin.advanced(by: -7)
            let after = try counts(harness, before: cutoff)
            #expect(after.new == left.new && after.old == earlier.report.events)
            #expect(try harness.manifest().partitions.allSatisfy { $0.date < start || $0.date >= cutoff })
            _ = try await ArchiveRebuild(
                harness.layout, writer: "tests", fileSystem: harness.fileSystem, processID: 1
            ).run(now: harness.clock.now(), parallelism: 1)
            _ = try await harness.sync(since: begin.advanced(by: -40).start)
            _ = try await harness.reconcile(repairs: true)
            #expect(try counts(harness, before: cutoff) == after)
            #expect(try harness.manifest().pending.isEmpty)
            #expect(try harness.manifest().pruned.count == 1)
            // What was compared is a commit of its own, after which one reads the look-back in full.
            _ = try await harness.sync(since: begin.advanced(by: -40).start)
            #expect(try await harness.sync(since: begin.advanced(by: -40).start).report.requests == 1)
        }
    }

    @Test("comes back by no comparison of days named, and none is waited for")
    func comparison() async throws {
        try await SyncHarness.run {
            $0.population.days = 9
        } _: { harness in
            let begin = SyncHarness.begin.day
            _ = try await harness.sync()
            _ = try await harness.prune(keeping: 4)
            let total = try harness.manifest().totals.records
            let (report, failure) = try await harness.reconcile(
                repairs: true, from: begin.advanced(by: -8), to: begin.advanced(by: -2))
            #expect(failure == nil && report.outcome == .ok && report.pending.isEmpty)
            #expect(try harness.manifest().totals.records == total)
            let (none, _) = try await harness.reconcile(from: begin.advanced(by: -8), to: begin.advanced(by: -6))
            #expect(none.days == 0 && none.pending.isEmpty)
        }
    }
}
