import AuditArchive
import AuditRecords
@testable import AuditSync
import CivilTime
@testable import ExportCLI
import JSONText
import Testing

@Suite("The summary of a comparison with the API")
struct ReconcileSummaryTests {
    private func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }

    private func event(_ time: String, _ id: String) throws -> EventReference {
        EventReference(time: try #require(Timestamp(rfc3339: time)), id: id)
    }

    private func report(_ days: [ReconcileReport.Day] = []) -> ReconcileReport {
        var report = ReconcileReport()
        report.days = 31
        report.requests = 5
        report.duration = .milliseconds(1_250)
        report.generation = 7
        report.differing = days
        return report
    }

    private func differing() throws -> ReconcileReport {
        var report = report([
            .init(date: try day("2025-02-03"), archived: 1_234, api: 1_239, missing: 5, gone: 0),
            .init(date: try day("2025-02-04"), archived: 2, api: 0, missing: 0, gone: 2)
        ])
        report.missing = [try event("2025-02-03T01:02:03Z", "id-1"), try event("2025-02-03T01:02:04Z", "id-2")]
        report.gone = [try event("2025-02-04T00:00:00.5Z", "id\u{1B}[2J")]
        return report
    }

    @Test("of an archive that agrees is one line")
    func agrees() {
        let summary = ReconcileSummary(report(), archive: "/a")
        #expect(summary.failure == nil)
        #expect(summary.text == "All agree: 31 closed days, 5 requests, in 1.2 s.\n")
        #expect(
            summary.json == #"""
                {"outcome": "ok", "days": 31, "differing": [], "missing": 0, "gone": 0, "missing_events": [], \#
                "gone_events": [], "events": 0, "files": 0, "bytes": 0, "quarantined": 0, "pending": [], \#
                "incomplete": [], "warnings": [], "requests": 5, "duration_seconds": 1.25, "generation": 7}

                """#)
    }

    @Test("of what was asked for again says how much of it is archived now")
    func retried() {
        var report = report()
        report.retriesQuarantine = true
        report.events = 3
        #expect(
            ReconcileSummary(report, archive: "/a").text
                == "All agree: 31 days, 5 requests, in 1.2 s; archived 3 events.\n")
        report.days = 0
        let nothing = ReconcileSummary(report, hasRange: true, archive: "/a")
        #expect(nothing.failure == nil)
        #expect(nothing.text == "Nothing was asked for again: no record of these days is in quarantine.\n")
    }

    @Test("is a table of the days that differ, with the first events and how many more there are")
    func table() throws {
        let summary = ReconcileSummary(try differing(), archive: "/a")
        #expect(
            summary.text == #"""
                2 of 31 closed days differed, 5 requests, in 1.2 s.

                  day         archived           API  missing here    gone there
                  2025-02-03     1,234         1,239             5             0
                  2025-02-04         2             0             0             2

                missing here (5)
                  2025-02-03T01:02:03.000000Z  id-1
                  2025-02-03T01:02:04.000000Z  id-2
                  and 3 more

                gone there (2)
                  2025-02-04T00:00:00.500000Z  id\u001b[2J
                  and 1 more

                """#)
        let failure = try #require(summary.failure)
        #expect(failure.status == .damaged)
        #expect(failure.headline == "archive and API differ: 5 events missing here, 2 events gone there (/a)")
        #expect(failure.hints.count == 2 && failure.hints[0].contains("--repair"))
    }

    @Test("for machines has the days and events as objects")
    func json() throws {
        let text = ReconcileSummary(try differing(), archive: "/a").json
        try JSONGrammar.check(text.utf8.span.bytes)
        #expect(text.hasPrefix(#"{"outcome": "differs", "days": 31, "differing": [{"date": "2025-02-03", "#))
        #expect(text.contains(#"{"date": "2025-02-04", "archived": 2, "api": 0, "missing": 0, "gone": 2}]"#))
        #expect(text.contains(#""missing": 5, "gone": 2, "missing_events": [{"time": "2025-02-03T01:02:03.000000Z""#))
        #expect(text.contains(#""error": {"code": 65, "kind": "damaged", "message": "archive and API differ: "#))
    }

    @Test("of a repair says what was archived; what is gone there is left to a person")
    func repaired() throws {
        var report = try differing()
        report.isRepaired = true
        report.events = 5
        let summary = ReconcileSummary(report, archive: "/a")
        #expect(
            summary.text?.hasPrefix("2 of 31 closed days differed, 5 requests, in 1.2 s; archived 5 events.") == true)
        #expect(summary.failure?.headline == "archive and API differ: 2 events gone there (/a)")
        #expect(summary.failure?.hints.count == 1)
        report.differing.removeLast()
        report.gone = []
        #expect(ReconcileSummary(report, archive: "/a").failure == nil)
    }

    @Test("of days that could not be compared ends with 75 and says what to do")
    func incomplete() throws {
        var report = report()
        report.pending = [try day("2025-01-01")...day("2025-01-31")]
        report.incomplete = [try day("2025-02-01")...day("2025-02-01")]
        let summary = ReconcileSummary(report, archive: "/a")
        #expect(summary.failure?.status == .stopped)
        #expect(summary.failure?.hints.count == 2)
        #expect(summary.text?.contains("  still to be fetched: 2025-01-01 to 2025-01-31\n") == true)
        #expect(summary.text?.contains("  pages did not add up: 2025-02-01 to 2025-02-01\n") == true)
        #expect(summary.json.contains(#""pending": [{"from": "2025-01-01", "to": "2025-01-31"}]"#))
    }

    @Test("of a comparison that failed with nothing to show is its failure alone")
    func failed() {
        var report = report()
        report.isFailed = true
        let cause = Failure(.unreachable, "nobody answers", hints: ["Later."])
        let summary = ReconcileSummary(report, failure: cause, archive: "/a")
        #expect(summary.text == nil)
        #expect(summary.failure == cause)
        #expect(summary.json.hasPrefix(#"{"outcome": "failed", "#))
        #expect(summary.json.contains(#""message": "nobody answers", "hint": "Later.""#))
    }
}
