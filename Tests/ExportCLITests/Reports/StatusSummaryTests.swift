import AuditArchive
import CivilTime
@testable import ExportCLI
import JSONText
import Testing

@Suite("The summary of an archive's status")
struct StatusSummaryTests {
    private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    private func status() throws -> ArchiveStatus {
        var manifest = Manifest(
            generation: 42, writtenAt: try moment("2026-11-23T11:15:00Z"), writer: "captivateiq-export 0.1.0",
            startTimestamp: try moment("2025-01-01T00:00:00Z"))
        manifest.organization = ArchiveOrganization(id: "org_123456", name: "Acme \"Corp\"")
        manifest.lastEventTimestamp = try moment("2026-11-23T09:50:00Z")
        manifest.partitions = try [("2026-11-10", 1200), ("2026-11-21", 50), ("2026-11-23", 2400)].map { day, records in
            Partition(
                date: try #require(CalendarDay(day)), state: day == "2026-11-23" ? .open : .closed, records: records)
        }
        manifest.pending = RangeSet([
            Range(from: try moment("2025-02-01T00:00:00Z"), to: try moment("2025-02-04T04:00:00Z"))
        ])
        var status = ArchiveStatus(manifest, now: SettledClock.noon)
        status.totals.files = 12
        status.totals.records = 3650
        status.totals.size = 1_258_291
        status.totals.uncompressedSize = 5_976_883
        status.quarantined = 1
        return status
    }

    @Test("is text with a line a day")
    func text() throws {
        #expect(
            StatusSummary(try status(), archive: "/srv/audit").text
                == """
                Archive       /srv/audit
                Organization  Acme "Corp" (org_123456)
                Covers        2025-01-01 00:00:00 UTC to 2026-11-23 09:50:00 UTC
                Newest event  2026-11-23 09:50:00 UTC, 2 h 10 min ago
                Events        3,650 in 12 files, 1.2 MiB (5.7 MiB uncompressed)
                Backlog       3 d 4 h of events still to fetch, within 2025-02-01 00:00:00 UTC to 2025-02-04 04:00:00 UTC
                Quarantined   1 record
                Generation    42, written 2026-11-23 11:15:00 UTC

                Last 14 days
                  2026-11-10  ████████████              1,200  closed
                  2026-11-11                                0
                  2026-11-12                                0
                  2026-11-13                                0
                  2026-11-14                                0
                  2026-11-15                                0
                  2026-11-16                                0
                  2026-11-17                                0
                  2026-11-18                                0
                  2026-11-19                                0
                  2026-11-20                                0
                  2026-11-21  █                            50  closed
                  2026-11-22                                0
                  2026-11-23  ████████████████████████  2,400  open

                """)
    }

    @Test("is one JSON object")
    func json() throws {
        let text = StatusSummary(try status(), archive: "/srv/audit").json
        let beginning = #"""
            {"organization": {"id": "org_123456", "name": "Acme \"Corp\""}, "generation": 42, \#
            "written_at": "2026-11-23T11:15:00.000000Z", "start_timestamp": "2025-01-01T00:00:00.000000Z", \#
            "last_event_timestamp": "2026-11-23T09:50:00.000000Z", "age_seconds": 7800.0, "files": 12, \#
            "events": 3650, "bytes": 1258291, "uncompressed_bytes": 5976883, "quarantined": 1, \#
            "backlog_seconds": 273600.0, "pending": [{"from": "2025-02-01T00:00:00.000000Z", \#
            "to": "2025-02-04T04:00:00.000000Z"}], "open_partitions": ["2026-11-23"], "days": [\#
            {"date": "2026-11-10", "events": 1200, "state": "closed"}, \#
            {"date": "2026-11-11", "events": 0, "state": null},
            """#
        #expect(text.hasPrefix(beginning))
        #expect(text.hasSuffix(#"{"date": "2026-11-23", "events": 2400, "state": "open"}]}"# + "\n"))
        try JSONGrammar.check(text.utf8.span.bytes)
    }

    @Test("of an archive without events says so")
    func empty() throws {
        let manifest = Manifest(
            generation: 1, writtenAt: SettledClock.noon, writer: "x", startTimestamp: SettledClock.noon)
        let summary = StatusSummary(ArchiveStatus(manifest, now: SettledClock.noon), archive: "a")
        #expect(summary.text.contains("Organization  not known yet\n"))
        #expect(summary.text.contains("Covers        from 2026-11-23 12:00:00 UTC\n"))
        #expect(summary.text.contains("Newest event  none\n"))
        #expect(summary.text.contains("Backlog       none\n"))
        #expect(summary.json.contains(#""last_event_timestamp": null, "age_seconds": null"#))
        try JSONGrammar.check(summary.json.utf8.span.bytes)
    }

    @Test("says when the newest event is dated ahead of the clock")
    func ahead() throws {
        var status = try status()
        status.age = .seconds(-3600)
        #expect(StatusSummary(status, archive: "a").text.contains("UTC, dated 1 h ahead\n"))
    }
}
