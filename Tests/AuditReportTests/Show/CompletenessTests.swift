@testable import AuditArchive
@testable import AuditReport
import CivilTime
import Testing

@Suite("What is known of a range")
struct CompletenessTests {
    private static func day(_ text: String) -> CalendarDay { CalendarDay(text) ?? .first }

    private static func checked(_ from: String, _ to: String, _ difference: Int? = nil) -> CheckedRun {
        CheckedRun(
            from: day(from), to: day(to), checkedAt: SampleEvent.time("2025-03-01T00:00:00Z"), apiCount: 5,
            archiveCount: 5 - (difference ?? 0), difference: difference)
    }

    /// February 2025, closed through the 25th.
    private static func manifest(_ change: (inout Manifest) -> Void = { _ in }) -> Manifest {
        var manifest = Manifest(
            generation: 7, writtenAt: SampleEvent.time("2025-02-27T12:00:00Z"), writer: "test",
            startTimestamp: SampleEvent.time("2025-02-01T00:00:00Z"))
        manifest.completeThrough = day("2025-02-25")
        change(&manifest)
        return manifest
    }

    private static func query(_ from: String?, _ through: String?) -> EventQuery {
        var query = EventQuery()
        query.from = from.map { day($0).start }
        query.through = through.map { day($0).start + .seconds(86_400) - .microseconds(1) }
        return query
    }

    private func expect(
        _ manifest: Manifest, _ from: String?, _ through: String?, _ isComplete: Bool, _ note: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let known = Completeness(manifest, Self.query(from, through))
        #expect(known.isComplete == isComplete, "\(known.note)", sourceLocation: sourceLocation)
        #expect(known.note == note, sourceLocation: sourceLocation)
    }

    @Test("is that nothing is missing, where days are closed and agree with the API")
    func agreement() {
        let manifest = Self.manifest { $0.checked = [Self.checked("2025-02-01", "2025-02-25")] }
        expect(
            manifest, "2025-02-23", "2025-02-23", true,
            "The day is closed and agrees with the API: nothing is missing.")
        expect(
            manifest, "2025-02-01", "2025-02-25", true,
            "All 25 days are closed and agree with the API: nothing is missing.")
    }

    @Test("is that nothing is known to be missing, where days were read and not compared")
    func unchecked() {
        expect(
            Self.manifest(), "2025-02-23", "2025-02-23", true,
            "The day is closed, read to the end, and nothing is known to be missing; it was not compared with the API yet."
        )
        expect(
            Self.manifest { $0.checked = [Self.checked("2025-02-01", "2025-02-20")] }, "2025-02-19", "2025-02-22", true,
            "All 4 days are closed, read to the end, and nothing is known to be missing; 2025-02-21 to 2025-02-22 was not "
                + "compared with the API yet.")
    }

    @Test("is what may be missing, in both directions")
    func ends() {
        let manifest = Self.manifest { $0.checked = [Self.checked("2025-02-01", "2025-02-25")] }
        expect(
            manifest, nil, nil, false,
            "Still open, events may still arrive: 2025-02-26 to 2025-02-27. The other 25 days are closed and agree with the "
                + "API.")
        expect(manifest, "2025-02-26", "2025-02-26", false, "The day is still open: events may still arrive.")
        expect(
            manifest, "2025-01-01", "2025-02-01", false,
            "The archive begins at 2025-02-01 00:00:00 UTC: nothing from before is in it. The other day is closed and "
                + "agrees with the API.")
        expect(
            manifest, "2024-01-01", "2024-02-01", false,
            "The archive begins at 2025-02-01 00:00:00 UTC: nothing from before is in it.")
        expect(
            manifest, nil, "2025-01-01", false,
            "The archive begins at 2025-02-01 00:00:00 UTC: nothing from before is in it.")
        expect(
            manifest, "2025-02-25", "2025-12-31", false,
            "Not seen yet: what comes after 2025-02-27. Still open, events may still arrive: 2025-02-26 to 2025-02-27. The "
                + "other day is closed and agrees with the API.")
        expect(manifest, "2026-01-01", nil, false, "Not seen yet: what comes after 2025-02-27 12:00:00 UTC.")
    }

    @Test("is what is to be fetched, differs, was erased or pruned, or is in quarantine")
    func gaps() {
        let manifest = Self.manifest { manifest in
            manifest.checked = [Self.checked("2025-02-02", "2025-02-02", 3)]
            var unexplained = Self.checked("2025-02-03", "2025-02-03")
            unexplained.unexplained = 2
            manifest.checked.append(unexplained)
            manifest.pending = RangeSet(
                Self.day("2025-02-04").start + .seconds(60)..<Self.day("2025-02-04").start + .seconds(61))
            manifest.partitions = [Partition(date: Self.day("2025-02-05"), state: .erased, records: 1)]
        }
        expect(
            manifest, "2025-02-02", "2025-02-05", false,
            "To be fetched by the next sync, events may be missing: 2025-02-04. Archive and API differ: 2025-02-02. "
                + "`reconcile` says how, and `reconcile --repair` fetches what is missing. The API counts more events than "
                + "it shows: 2025-02-03. Events were erased, on record: 2025-02-05.")
        expect(
            manifest, "2025-02-06", "2025-02-06", true,
            "The day is closed, read to the end, and nothing is known to be missing; it was not compared with the API yet."
        )
    }

    @Test("is, for a day after one that is to be fetched, what its own partition says")
    func closedAlone() {
        let manifest = Self.manifest { manifest in
            manifest.completeThrough = nil
            manifest.partitions = [Partition(date: Self.day("2025-02-20"), state: .closed, records: 5)]
            manifest.checked = [Self.checked("2025-02-20", "2025-02-21")]
        }
        for date in ["2025-02-20", "2025-02-21"] {
            expect(manifest, date, date, true, "The day is closed and agrees with the API: nothing is missing.")
        }
        expect(manifest, "2025-02-19", "2025-02-19", false, "The day is still open: events may still arrive.")
    }
}
