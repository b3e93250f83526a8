@testable import AuditArchive
import CivilTime
@testable import ExportCLI
import JSONText
import Testing

@Suite("The summary of a rebuild")
struct RebuildSummaryTests {
    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    private func rebuilt(_ source: RebuildReport.Source) throws -> RebuildReport {
        let date = try #require(CalendarDay("2025-02-03"))
        let start = try time("2025-01-01T00:00:00Z")
        var manifest = Manifest(
            generation: 9, writtenAt: try time("2025-02-05T00:00:00Z"), writer: "tests", startTimestamp: start)
        manifest.files = [
            DataFile(
                name: DataFileName(date: date, generation: 8, part: 0),
                digest: FileDigest(sha256: .empty, size: 2_048, uncompressedSize: 10_000, records: 1_200),
                firstEventTimestamp: date.start,
                lastEventTimestamp: date.start + .seconds(60))
        ]
        manifest.quarantine = [
            QuarantineFile(
                name: QuarantineFileName(generation: 8, part: 0),
                digest: FileDigest(sha256: .empty, size: 10, uncompressedSize: 20, records: 2))
        ]
        manifest.lastEventTimestamp = date.start + .seconds(60)
        manifest.pending = RangeSet([Range(from: start, to: date.start)])
        var report = RebuildReport()
        report.manifest = manifest
        report.source = source
        return report
    }

    @Test("says what the manifest holds, what it was made from and what is to be fetched")
    func text() throws {
        var report = try rebuilt(.hint)
        report.lost = ["audit_logs/date=2025-02-01/x.gz"]
        let summary = RebuildSummary(report, archive: "/a")
        #expect(summary.failure?.status == .damaged)
        #expect(summary.failure?.headline.contains("was rebuilt, but") == true)
        #expect(
            summary.text == """
                Rebuilt: 1 file, 1,200 events, 2.0 KiB, generation 9.
                  start          2025-01-01 00:00:00 UTC, from the last commit's notes
                  newest event   2025-02-03 00:01:00 UTC
                  quarantined    2 records
                  lost           audit_logs/date=2025-02-01/x.gz, which is gone or has changed
                  to fetch       within 2025-01-01 00:00:00 UTC to 2025-02-03 00:00:00 UTC

                """)
    }

    @Test(
        "names its source",
        arguments: [(.manifest, "the old manifest"), (.events, "the first event")] as [(RebuildReport.Source, String)])
    func sources(source: RebuildReport.Source, name: String) throws {
        let text = RebuildSummary(try rebuilt(source), archive: "/a").text
        #expect(text.contains(", from \(name)\n"))
        #expect(text.contains("the next sync reads it again") == (source == .events))
        #expect((RebuildSummary(try rebuilt(source), archive: "/a").failure?.status == .damaged) == (source == .events))
    }

    @Test("points to backfill_start_time where there is no record of where the archive began")
    func unknownStart() throws {
        var report = try rebuilt(.events)
        let unknown = try #require(RebuildSummary(report, archive: "/a").failure)
        #expect(unknown.headline.contains("there is no record of what the archive had before"))
        #expect(unknown.hints.count == 2)
        #expect(unknown.hints[0].contains("at its first event now, 2025-01-01 00:00:00 UTC"))
        #expect(unknown.hints[1].contains("before 2025-01-01") && unknown.hints[1].contains("--backfill-start-time"))
        report.lost = ["audit_logs/date=2025-02-01/x.gz"]
        #expect(RebuildSummary(report, archive: "/a").failure?.hints.count == 3)
        report.source = .hint
        let known = try #require(RebuildSummary(report, archive: "/a").failure?.hints)
        #expect(known.count == 1 && known[0].contains("reads the times of what is gone again"))
    }

    @Test("is one JSON object")
    func json() throws {
        #expect(
            RebuildSummary(try rebuilt(.hint), archive: "/a").json == #"""
                {"outcome": "ok", "generation": 9, "files": 1, "events": 1200, "bytes": 2048, \#
                "uncompressed_bytes": 10000, "quarantine_files": 1, "quarantined": 2, \#
                "start_timestamp": "2025-01-01T00:00:00.000000Z", \#
                "last_event_timestamp": "2025-02-03T00:01:00.000000Z", "source": "hint", \#
                "pending": [{"from": "2025-01-01T00:00:00.000000Z", "to": "2025-02-03T00:00:00.000000Z"}], \#
                "duplicates": 0, "lost": [], "faults": []}

                """#)
    }

    @Test("of a refusal lists every fault, and what to do")
    func refused() throws {
        var report = RebuildReport()
        report.faults = [
            ArchiveFault(.gzip, "audit_logs/a.gz", "does not decompress: cut"),
            ArchiveFault(.notJSON, "audit_logs/b.gz", line: 3, "is not JSON")
        ]
        let summary = RebuildSummary(report, archive: "/a")
        #expect(
            summary.text == "audit_logs/a.gz: does not decompress: cut\naudit_logs/b.gz: line 3: is not JSON\n")
        let failure = try #require(summary.failure)
        #expect(failure.status == .damaged)
        #expect(failure.headline == "the manifest was not rebuilt: the files have 2 faults (/a)")
        #expect(failure.hints.count == 2 && failure.hints[1].contains("reconcile --repair"))
        try JSONGrammar.check(summary.json.utf8.span.bytes)
        #expect(summary.json.hasPrefix(#"{"outcome": "damaged", "generation": null, "files": 0, "#))
        #expect(summary.json.contains(#""source": null, "pending": []"#))
    }
}
