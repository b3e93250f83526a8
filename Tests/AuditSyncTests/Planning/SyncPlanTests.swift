@testable import AuditArchive
@testable import AuditSync
import CivilTime
import Testing

@Suite("What a sync has to do")
struct SyncPlanTests {
    private let now = Timestamp(rfc3339: "2026-03-01T12:00:00Z")
    private let day = Duration.seconds(86_400)

    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    private func settings(_ start: Timestamp? = nil, lookback: Duration = .seconds(86_400)) -> SyncSettings {
        SyncSettings(backfillStart: start, lookback: lookback, pageSize: 1000, concurrency: 8)
    }

    private func manifest(start: String, last: String?) throws -> Manifest {
        var manifest = Manifest(
            generation: 1, writtenAt: try #require(now), writer: "test", startTimestamp: try time(start))
        manifest.syncedTo = try last.map(time)
        manifest.lastEventTimestamp = try time("2026-02-27T00:00:00Z")
        return manifest
    }

    @Test("a first sync without backfill starts now and fetches nothing")
    func firstWithoutBackfill() throws {
        let now = try #require(now)
        let plan = SyncPlan(manifest: nil, settings: settings(), now: now)
        #expect(plan.startTimestamp == now)
        #expect(plan.isFirstWithoutBackfill)
    }

    @Test("a first sync with backfill walks from its start to the end of time")
    func firstWithBackfill() throws {
        let start = try time("2025-01-01T00:00:00Z")
        let plan = SyncPlan(manifest: nil, settings: settings(start), now: try #require(now))
        #expect(plan.startTimestamp == start)
        #expect(plan.work == RangeSet([Range(from: start, to: .endOfTime)]))
    }

    @Test("an archive that begins in the future is a warning, since a clock may have been ahead when it was begun")
    func futureStart() throws {
        let manifest = try manifest(start: "2026-03-01T14:00:00Z", last: nil)
        let plan = SyncPlan(manifest: manifest, settings: settings(), now: try #require(now))
        #expect(plan.warnings.count { $0.contains("has not come yet") } == 1)
        let later = SyncPlan(manifest: manifest, settings: settings(), now: try time("2026-03-01T14:00:00Z"))
        #expect(later.warnings == [])
    }

    @Test("what nothing says of how far it was read is read from the start on, with a warning, whoever took it over")
    func unknownProgress() throws {
        var manifest = try manifest(start: "2026-02-01T00:00:00Z", last: nil)
        let now = try #require(now)
        #expect(SyncPlan(manifest: manifest, settings: settings(), now: now).warnings == [])
        let date = try #require(CalendarDay("2026-02-20"))
        manifest.files = [
            DataFile(
                name: DataFileName(date: date, generation: 1, part: 1),
                digest: FileDigest(sha256: .empty, size: 1, uncompressedSize: 1, records: 1),
                firstEventTimestamp: date.start, lastEventTimestamp: date.start)
        ]
        let plan = SyncPlan(manifest: manifest, settings: settings(), now: now)
        #expect(plan.work == RangeSet([Range(from: manifest.startTimestamp, to: .endOfTime)]))
        #expect(plan.warnings.count { $0.contains("nothing says how far") } == 1)
        // A first sync that was stopped says it; and where a clock was wrong, that is what is said.
        manifest.files[0].archivedAt = now
        #expect(SyncPlan(manifest: manifest, settings: settings(), now: now).warnings == [])
        manifest.files[0].archivedAt = nil
        manifest.pending = RangeSet([Range(from: date.start, to: now)])
        #expect(SyncPlan(manifest: manifest, settings: settings(), now: now).warnings == [])
    }

    @Test("every later sync looks back from where one that ended whole had seen to, whatever is archived since")
    func lookback() throws {
        let manifest = try manifest(start: "2026-02-01T00:00:00Z", last: "2026-02-20T06:00:00Z")
        let now = try #require(now)
        let synced = try #require(manifest.syncedTo)
        let plan = SyncPlan(manifest: manifest, settings: settings(), now: now, walkedTo: synced)
        #expect(plan.work == RangeSet([Range(from: try time("2026-02-19T06:00:00Z"), to: .endOfTime)]))
        // Without a memory of the last whole walk, by as much further as one is good for.
        let forgetful = SyncPlan(manifest: manifest, settings: settings(), now: now)
        #expect(
            forgetful.work == RangeSet([Range(from: try time("2026-02-18T18:00:00Z"), to: .endOfTime)]))
        let earlier = SyncPlan(manifest: manifest, settings: settings(), now: now, walkedTo: synced - .seconds(3_600))
        #expect(earlier.work == RangeSet([Range(from: try time("2026-02-19T05:00:00Z"), to: .endOfTime)]))
        for lookback in [day * 30, day * 4_000_000, .seconds(Int64.max)] {
            let wide = SyncPlan(manifest: manifest, settings: settings(lookback: lookback), now: now)
            #expect(wide.work == RangeSet([Range(from: manifest.startTimestamp, to: .endOfTime)]))
        }
    }

    @Test("an archive that no sync has read whole is walked from its start")
    func neverWhole() throws {
        let manifest = try manifest(start: "2026-02-01T00:00:00Z", last: nil)
        let plan = SyncPlan(manifest: manifest, settings: settings(), now: try #require(now))
        #expect(plan.work == RangeSet([Range(from: manifest.startTimestamp, to: .endOfTime)]))
    }

    @Test("a first sync that stopped has read too early what the look-back of today reaches")
    func grownLookback() throws {
        var manifest = try manifest(start: "2026-01-01T00:00:00Z", last: nil)
        let stopped = try time("2026-02-20T12:00:00Z")
        manifest.pending = RangeSet([Range(from: stopped - day, to: stopped)])
        for (lookback, start) in [
            (day, stopped - day), (day / 2, stopped - day), (day * 3, stopped - day * 3),
            (day * 90, manifest.startTimestamp), (.seconds(Int64.max), manifest.startTimestamp)
        ] {
            let plan = SyncPlan(manifest: manifest, settings: settings(lookback: lookback), now: try #require(now))
            #expect(plan.work == RangeSet([Range(from: start, to: .endOfTime)]), "\(lookback)")
        }
    }

    @Test("a start moved back adds the gap; one moved forward is ignored with a warning")
    func movedStart() throws {
        let manifest = try manifest(start: "2026-02-01T00:00:00Z", last: "2026-02-20T06:00:00Z")
        let earlier = try time("2026-01-01T00:00:00Z")
        let back = SyncPlan(manifest: manifest, settings: settings(earlier), now: try #require(now))
        #expect(back.startTimestamp == earlier)
        #expect(
            Array(back.work.ranges) == [
                Range(from: earlier, to: manifest.startTimestamp),
                Range(from: try time("2026-02-18T18:00:00Z"), to: .endOfTime)
            ])
        let forward = SyncPlan(
            manifest: manifest, settings: settings(try time("2026-02-10T00:00:00Z")), now: try #require(now))
        #expect(forward.startTimestamp == manifest.startTimestamp)
        #expect(forward.work.ranges.count == 1)
        #expect(forward.warnings.count == 1)
    }

    @Test("what an earlier sync left is done too")
    func pending() throws {
        var manifest = try manifest(start: "2026-01-01T00:00:00Z", last: "2026-01-10T00:00:00Z")
        let left = Range(from: try time("2026-01-05T00:00:00Z"), to: try time("2026-02-28T00:00:00Z"))
        manifest.pending = RangeSet([left])
        let plan = SyncPlan(manifest: manifest, settings: settings(), now: try #require(now))
        #expect(Array(plan.work.ranges) == [Range(from: left.lowerBound, to: .endOfTime)])
    }

    @Test("spans are whole days, and near ones are one")
    func spans() throws {
        let work = RangeSet([
            Range(from: try time("2026-01-01T10:00:00Z"), to: try time("2026-01-03T00:00:00Z")),
            Range(from: try time("2026-01-04T23:00:00Z"), to: try time("2026-01-05T00:00:00.000001Z")),
            Range(from: try time("2026-02-01T00:00:00Z"), to: .endOfTime)
        ])
        let spans = work.daySpans
        #expect(spans.map(\.lowerBound.description) == ["2026-01-01", "2026-02-01"])
        #expect(spans.map { $0.isOpenEnded ? nil : $0.upperBound.description } == ["2026-01-05", nil])
    }
}
