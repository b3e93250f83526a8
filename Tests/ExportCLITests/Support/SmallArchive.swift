import AuditArchive
import CivilTime
import SystemPackage

/// A small sound archive of three events on two days, made in `folder`.
enum SmallArchive {
    static func make(in folder: String) async throws -> ArchiveLayout {
        let layout = ArchiveLayout(root: FilePath(folder))
        let session = try ArchiveSession(
            layout, .init(compression: .init(level: 6, parallelism: 1), maximumPartSize: 1 << 20, writer: "test"),
            fileSystem: PosixFileSystem(), processID: 1, now: SettledClock.noon)
        for (day, count) in [(CalendarDay("2026-11-20"), 1), (CalendarDay("2026-11-23"), 2)] {
            guard let day else { continue }
            try await session.stage(batch(day, count))
        }
        let start = Timestamp(rfc3339: "2026-11-01T00:00:00Z") ?? SettledClock.noon
        var facts = CommitMetadata(
            startTimestamp: start, organization: ArchiveOrganization(id: "org_1", name: "Acme Corp"),
            pending: RangeSet(), now: SettledClock.noon)
        facts.closesThrough = (SettledClock.noon - .seconds(86_400)).day.advanced(by: -1)
        _ = try await session.commit(facts)
        await session.close()
        return layout
    }

    private static func batch(_ day: CalendarDay, _ count: Int) -> EventBatch {
        var batch = EventBatch(date: day)
        for number in 0..<count {
            let id = "\(day)-\(number)"
            let time = day.start + .seconds(3600 + number)
            let line = #"{"id":"\#(id)","created_at":"\#(time)","organization_id":"org_1"}"#
            batch.append(line: line.utf8.span.bytes, time: time, id: id.utf8.span.bytes)
        }
        return batch
    }
}
