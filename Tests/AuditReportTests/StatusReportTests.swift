@testable import AuditArchive
import AuditReport
import CivilTime
import Testing

@Suite("The verdict and what it comes from")
struct StatusReportTests {
    static let now = moment("2025-03-10T12:00:00Z")

    private static func moment(_ text: String) -> Timestamp { Timestamp(rfc3339: text) ?? Timestamp(microseconds: 0) }

    private static func day(_ text: String) -> CalendarDay { CalendarDay(text) ?? .first }

    /// An archive from 2025-03-01 on that is complete through 2025-03-08, with events on two days.
    static var manifest: Manifest {
        var manifest = Manifest(
            generation: 9, writtenAt: moment("2025-03-10T11:00:00Z"), writer: "test",
            startTimestamp: moment("2025-03-01T00:00:00Z"))
        manifest.completeThrough = day("2025-03-08")
        manifest.syncedTo = moment("2025-03-10T10:00:00Z")
        manifest.partitions = [
            Partition(date: day("2025-03-02"), state: .closed, records: 5),
            Partition(date: day("2025-03-09"), state: .open, records: 7)
        ]
        manifest.checked = [
            CheckedRun(
                from: day("2025-03-01"), to: day("2025-03-07"), checkedAt: now, apiCount: 5, archiveCount: 5)
        ]
        return manifest
    }

    static func freshness(
        success: String? = "2025-03-10T11:00:00Z", failures: Int = 0, exitCode: Int = 0, outcome: String = "ok"
    ) -> Freshness {
        var run = Freshness.Run(
            command: "sync", startedAt: now, endedAt: now, outcome: outcome, exitCode: exitCode, events: 0)
        run.failuresInARow = failures
        var freshness = Freshness(after: run, manifest: nil, before: nil)
        freshness.lastSuccessAt = success.map(moment)
        freshness.lastRun = run
        return freshness
    }

    static func report(
        _ manifest: Manifest = manifest, faults: [ArchiveFault] = [], _ freshness: Freshness? = freshness(),
        isContradicted: Bool = false
    ) -> StatusReport {
        StatusReport(
            ArchiveInspection(manifest: manifest, faults: faults),
            .init(
                now: now, lookback: .seconds(86_400), maximumAge: .seconds(26 * 3_600), freshness: freshness,
                isContradicted: isContradicted))
    }

    @Test func sound() {
        let report = Self.report()
        #expect(report.verdict == .ok)
        #expect(report.openDays.map(\.description) == ["2025-03-09", "2025-03-10"])
        #expect(report.proof.closedDays == 8 && report.proof.provenDays == 7 && report.proof.emptyDays == 6)
    }

    /// What makes each verdict, and that the first of several is the one that is said.
    @Test func everyVerdict() {
        var pending = Self.manifest
        pending.pending = RangeSet([
            Range(from: Self.moment("2025-03-03T00:00:00Z"), to: Self.moment("2025-03-04T00:00:00Z"))
        ])
        let late = Self.freshness(success: "2025-03-09T09:59:59Z")
        let stuck = Self.freshness(success: "2025-03-01T00:00:00Z", failures: 3, exitCode: 77, outcome: "failed")
        let fault = ArchiveFault(.missingFile, "x", "is missing")
        #expect(Self.report(late).verdict == .late)
        #expect(Self.report(Self.freshness(success: "2025-03-09T10:00:00Z")).verdict == .ok)
        // A clock was ahead when it was recorded.
        #expect(Self.report(Self.freshness(success: "2025-03-10T13:00:00Z")).verdict == .ok)
        #expect(Self.report(Self.freshness(success: "2025-03-10T13:00:01Z")).verdict == .late)
        #expect(Self.report(nil).verdict == .late)
        #expect(Self.report(Self.freshness(success: nil)).verdict == .late)
        #expect(Self.report(pending, late).verdict == .incomplete)
        #expect(Self.report(pending, stuck).verdict == .stuck)
        #expect(Self.report(isContradicted: true).verdict == .stuck)
        #expect(Self.report(pending, faults: [fault], stuck).verdict == .damaged)
        #expect(Self.report(Self.freshness(failures: 2, exitCode: 69)).verdict == .ok)
    }

    private static func report(_ freshness: Freshness?) -> StatusReport { report(manifest, freshness) }

    @Test(
        arguments: [
            (3, nil, nil, true), (nil, 3, nil, false), (nil, nil, 3, false), (nil, nil, nil, true), (0, nil, nil, false)
        ] as [(Int?, Int?, Int?, Bool)])
    func differingDays(difference: Int?, gone: Int?, unexplained: Int?, differs: Bool) {
        var manifest = Self.manifest
        manifest.checked = [
            CheckedRun(
                from: Self.day("2025-03-02"), to: Self.day("2025-03-02"), checkedAt: Self.now, apiCount: 8,
                archiveCount: 5,
                difference: difference, goneAtVendor: gone, unexplained: unexplained)
        ]
        let report = Self.report(manifest)
        #expect(report.verdict == (differs ? .incomplete : .ok))
        #expect(report.proof.differing.count == (differs ? 1 : 0))
        #expect(report.proof.goneAtVendor == gone ?? 0 && report.proof.unexplained == unexplained ?? 0)
        #expect(report.days(last: 9).first { $0.date == Self.day("2025-03-02") }?.differs == differs)
    }

    /// A first sync that failed left the look-back pending: that is read again in any case.
    @Test func theLookbackIsNoBacklog() {
        var manifest = Self.manifest
        manifest.pending = RangeSet([
            Range(from: Self.moment("2025-03-09T00:00:00Z"), to: Self.moment("2025-03-10T12:00:00Z"))
        ])
        let report = Self.report(manifest)
        #expect(report.backlogDuration == .seconds(12 * 3_600))
        manifest.pending = RangeSet([
            Range(from: Self.moment("2025-03-09T12:00:00Z"), to: Self.moment("2025-03-10T12:00:00Z"))
        ])
        #expect(Self.report(manifest).backlog.isEmpty && Self.report(manifest).verdict == .ok)
    }

    @Test func daysTellEmptyFromUncoveredAndUnread() {
        var manifest = Self.manifest
        manifest.pending = RangeSet([
            Range(from: Self.moment("2025-03-05T08:00:00Z"), to: Self.moment("2025-03-05T09:00:00Z"))
        ])
        let days = Self.report(manifest, Self.freshness(success: "2025-03-09T23:00:00Z")).days(last: 11)
        manifest.syncedTo = nil
        let expected: [DayStatus.Coverage] =
            [.uncovered] + Array(repeating: .closed, count: 4) + [.pending, .closed, .closed, .closed, .open, .open]
        #expect(days.map(\.coverage) == expected)
        #expect(days.map(\.records) == [0, 0, 5, 0, 0, 0, 0, 0, 0, 7, 0])
        #expect(days[1].isProven && !days[8].isProven && days[8].coverage == .closed)
        // Nobody has looked since the ninth.
        let stale = Self.report(manifest, Self.freshness(success: "2025-03-09T23:00:00Z")).days(last: 1)
        #expect(stale.map(\.coverage) == [.pending])
        #expect(Self.report(manifest).proof.closedDays == 7)
    }

    @Test func prunedDaysAreNeitherEmptyNorMissedInTheProof() {
        var manifest = Self.manifest
        manifest.pruned = [
            PrunedRun(
                from: Self.day("2025-03-01"), to: Self.day("2025-03-03"), records: 9, prunedAt: Self.now, reason: "r")
        ]
        // A day of the run that was held keeps its events.
        let report = Self.report(manifest)
        #expect(
            report.days(last: 10).map(\.coverage)
                == [.pruned, .closed, .pruned] + Array(repeating: .closed, count: 5) + [.open, .open])
        manifest.partitions.removeFirst()
        let proof = Self.report(manifest).proof
        #expect(proof.closedDays == 5 && proof.provenDays == 4 && proof.emptyDays == 4)
    }

    @Test func archiveThatHasJustBegun() {
        let manifest = Manifest(generation: 1, writtenAt: Self.now, writer: "test", startTimestamp: Self.now)
        let report = Self.report(manifest)
        #expect(report.verdict == .ok && report.proof == DayProof(manifest))
        #expect(report.proof.closedDays == 0 && report.openDays == [Self.now.day])
        #expect(report.eventAge == nil && report.quarantined == 0)
        #expect(report.days(last: 3).map(\.coverage) == [.uncovered, .uncovered, .open])
    }
}
