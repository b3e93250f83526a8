@testable import AuditArchive
import AuditReport
import CivilTime
@testable import ExportCLI
import JSONText
import Testing

@Suite("The summary of an archive's status")
struct StatusSummaryTests {
    private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    private func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }

    private func manifest() throws -> Manifest {
        var manifest = Manifest(
            generation: 42, writtenAt: try moment("2026-11-23T11:15:00Z"), writer: "captivateiq-export 0.1.0",
            startTimestamp: try moment("2026-11-12T00:00:00Z"))
        manifest.organization = ArchiveOrganization(id: "org_123456", name: "Acmé \"Corp\"")
        manifest.lastEventTimestamp = try moment("2026-11-23T09:50:00Z")
        manifest.completeThrough = try day("2026-11-21")
        manifest.partitions = try [("2026-11-13", 1200), ("2026-11-21", 50), ("2026-11-23", 2400)].map {
            date, records in
            Partition(date: try day(date), state: date == "2026-11-23" ? .open : .closed, records: records)
        }
        manifest.checked = [
            CheckedRun(
                from: try day("2026-11-12"), to: try day("2026-11-20"), checkedAt: manifest.writtenAt, apiCount: 1200,
                archiveCount: 1200)
        ]
        return manifest
    }

    private func summary(
        _ manifest: Manifest, exitCode: Int = 0, quarantine: QuarantineTally? = QuarantineTally(changed: 27),
        showsYear: Bool = false
    ) throws -> StatusSummary {
        let end = try moment("2026-11-23T11:52:30Z")
        let run = Freshness.Run(
            command: "sync", startedAt: end, endedAt: end, outcome: "ok", exitCode: exitCode, events: 0)
        let report = StatusReport(
            ArchiveInspection(manifest: manifest, quarantine: quarantine),
            .init(
                now: SettledClock.noon, lookback: .seconds(86_400), maximumAge: .seconds(93_600),
                freshness: Freshness(after: run, manifest: manifest, before: nil)))
        let failure = Failure(.refused, "the API refused the token (401)", hints: [])
        return StatusSummary(
            report, lastFailure: LastFailure(failure, at: try moment("2026-11-21T11:00:00Z")), archive: "/srv/audit",
            showsYear: showsYear)
    }

    @Test("recommends a compaction where many files of closed days could be one each")
    func manyFiles() throws {
        func files(_ count: Int, on date: String) throws -> [DataFile] {
            let moment = try moment("\(date)T00:00:00Z")
            let digest = FileDigest(sha256: .empty, size: 1, uncompressedSize: 1, records: 1)
            return (1...count).map {
                DataFile(
                    name: DataFileName(date: moment.day, generation: $0, part: 0), digest: digest,
                    firstEventTimestamp: moment, lastEventTimestamp: moment)
            }
        }
        for (closed, open, recommends) in [(19_999, 1, false), (20_000, 1, true), (1, 20_000, false)] {
            var manifest = try manifest()
            manifest.files = try files(closed, on: "2026-11-21") + files(open, on: "2026-11-23")
            let items = try summary(manifest).lookAt.filter { $0.contains("captivateiq-export compact") }
            #expect(items.count == (recommends ? 1 : 0), "\(closed) and \(open)")
            #expect(items.allSatisfy { $0.hasPrefix("there are 20,001 files,") && $0.contains(" makes 2 of them,") })
        }
    }

    @Test("is the verdict, what it comes from, and a line a day")
    func text() throws {
        #expect(
            try summary(manifest()).text(in: TextFrame())
                == """
                OK  Acmé "Corp" (org_123456)   /srv/audit
                    complete through  2026-11-21   (22nd, 23rd open: look-back 24h)
                    last sync         7 min ago, nothing new     last failure: 2 d 1 h ago, 77
                    proven with API   9/10 closed days, 8 of them empty
                    look at           27 events changed by the vendor after archiving
                    begins            2026-11-12 00:00:00 UTC
                    newest event      2026-11-23 09:50:00 UTC, 2 h 10 min ago
                    holds             0 events in 0 files, 0 B (0 B uncompressed)
                    still to fetch    nothing from before the look-back
                    generation        42, written 2026-11-23 11:15:00 UTC

                Last 14 days
                  2026-11-10                                0  not covered
                  2026-11-11                                0  not covered
                  2026-11-12                                0  closed, empty
                  2026-11-13  ████████████              1,200  closed
                  2026-11-14                                0  closed, empty
                  2026-11-15                                0  closed, empty
                  2026-11-16                                0  closed, empty
                  2026-11-17                                0  closed, empty
                  2026-11-18                                0  closed, empty
                  2026-11-19                                0  closed, empty
                  2026-11-20                                0  closed, empty
                  2026-11-21  █                            50  closed
                  2026-11-22                                0  open
                  2026-11-23  ████████████████████████  2,400  open

                """)
    }

    @Test("stays within a narrow terminal, and within ASCII where there is nothing else", arguments: [40, 60, 80, 120])
    func frames(width: Int) throws {
        for showsYear in [false, true] {
            let text = try summary(manifest(), showsYear: showsYear).text(in: TextFrame(width: width, isUnicode: false))
            for line in text.split(separator: "\n").dropFirst() { #expect(line.count <= width, "\(line)") }
            #expect(text.utf8.allSatisfy { $0 < 0x80 })
            #expect(text.contains("Acm\\u{00E9}") && (showsYear || text.contains("#")))
        }
    }

    @Test("colours the verdict on a terminal that has colours")
    func color() async throws {
        #expect(try summary(manifest()).color == 32)
        let collector = Collector()
        let context = ProgramContext(
            environment: [:], fileSystem: PosixFileSystem(), clock: SettledClock(), output: collector,
            errors: Collector(), style: .init(isTerminal: false, hasColor: false))
        let runner = CommandRunner(context: context, flags: ["archive": "a"])
        _ = await runner.run(CommonSettings.load) { _, _ in
            CommandRunner.Result(text: "OK  a\u{1B}[31m\n", json: "", color: 32)
        }
        #expect(collector.text == "\u{1B}[32mOK\u{1B}[0m  a\\u001b[31m\n")
    }

    @Test("shows a year, a column a week")
    func year() throws {
        let lines = try summary(manifest(), showsYear: true).text(in: TextFrame(width: 80)).split(
            separator: "\n", omittingEmptySubsequences: false)
        let monday = try #require(lines.first { $0.hasPrefix(" Mon ") })
        // The 23rd of November 2026 is a Monday, and the busiest day.
        #expect(monday == " Mon " + String(repeating: " ", count: 51) + "·█")
        let friday = try #require(lines.first { $0.hasPrefix(" Fri ") })
        #expect(friday == " Fri " + String(repeating: " ", count: 50) + "▓·")
        let months = try #require(lines.first { $0.contains("Jan") })
        #expect(months.contains("Nov") && months.contains("Jul"))
    }

    @Test("says what is not sound, in words and numbers")
    func unsound() throws {
        var manifest = try manifest()
        manifest.pending = RangeSet([
            Range(from: try moment("2026-11-14T00:00:00Z"), to: try moment("2026-11-17T04:00:00Z"))
        ])
        manifest.checked[0].difference = 2
        let summary = try summary(manifest, exitCode: 69, quarantine: QuarantineTally(changed: 0, refused: 3))
        let text = summary.text(in: TextFrame(width: 200))
        #expect(text.hasPrefix("INCOMPLETE  "))
        #expect(
            text.contains(
                "    last sync         7 min ago, failed (69), no success yet     last failure: 2 d 1 h ago, 77\n"))
        #expect(
            text.contains(
                "    look at           2026-11-12 to 2026-11-20 differed from the API: captivateiq-export reconcile\n"))
        #expect(text.contains("                      3 records in quarantine that could not be archived\n"))
        #expect(text.contains("3 d 4 h of events, within 2026-11-14 00:00:00 UTC to 2026-11-17 04:00:00 UTC\n"))
        #expect(text.contains("  2026-11-15                                0  differs from the API\n"))
    }

    @Test("is one JSON object, the verdict first")
    func json() throws {
        let text = try summary(manifest()).json
        let beginning = #"""
            {"verdict": "OK", "archive": "/srv/audit", "organization": {"id": "org_123456", "name": "Acmé \"Corp\""}, \#
            "generation": 42, "written_at": "2026-11-23T11:15:00.000000Z", \#
            "start_timestamp": "2026-11-12T00:00:00.000000Z", "last_event_timestamp": "2026-11-23T09:50:00.000000Z", \#
            "age_seconds": 7800.0, "complete_through": "2026-11-21", \#
            "last_success_at": "2026-11-23T11:52:30.000000Z", "last_success_age_seconds": 450.0, \#
            "max_age_seconds": 93600.0, "failures_in_a_row": 0, "last_run": {"command": "sync", \#
            "started_at": "2026-11-23T11:52:30.000000Z", "ended_at": "2026-11-23T11:52:30.000000Z", "outcome": "ok", \#
            "exit_code": 0, "events": 0, "failures_in_a_row": 0}, "last_failure": {"at": "2026-11-21T11:00:00.000000Z", \#
            "exit_code": 77, "kind": "unauthorized", "message": "the API refused the token (401)"}, "closed_days": 10, \#
            "proven_days": 9, "proven_empty_days": 8, "differing_days": [], "gone_at_vendor": 0, "unexplained": 0, \#
            "files": 0, "events": 0, "bytes": 0, "uncompressed_bytes": 0, "quarantined": 0, "changed_by_vendor": 27, \#
            "backlog_seconds": 0.0, "backlog": [], "pending": [], "open_partitions": ["2026-11-23"], \#
            "look_at": ["27 events changed by the vendor after archiving"], "faults": [], "days": [\#
            {"date": "2026-11-10", "events": 0, "state": null, "coverage": "uncovered", "proven": false},
            """#
        #expect(text.hasPrefix(beginning), "\(text)")
        let end = #"{"date": "2026-11-23", "events": 2400, "state": "open", "coverage": "open", "proven": false}]}"#
        #expect(text.hasSuffix(end + "\n"))
        try JSONGrammar.check(text.utf8.span.bytes)
    }

    @Test("of an archive without events and runs says so")
    func empty() throws {
        let manifest = Manifest(
            generation: 1, writtenAt: SettledClock.noon, writer: "x", startTimestamp: SettledClock.noon)
        let report = StatusReport(
            ArchiveInspection(manifest: manifest),
            .init(now: SettledClock.noon, lookback: .seconds(3600), maximumAge: .seconds(3600), freshness: nil))
        let summary = StatusSummary(report, archive: "a")
        let text = summary.text(in: TextFrame())
        #expect(text.hasPrefix("LATE  organization not known yet   a\n"))
        #expect(text.contains("no day yet   (23rd open: look-back 60m)\n"))
        #expect(text.contains("not known; the last commit was 0 ms ago\n"))
        #expect(text.contains("begins            2026-11-23 12:00:00 UTC\n"))
        #expect(text.contains("newest event      none\n"))
        #expect(summary.json.contains(#""last_event_timestamp": null, "age_seconds": null"#))
        #expect(summary.json.contains(#""last_run": null, "last_failure": null"#))
        try JSONGrammar.check(summary.json.utf8.span.bytes)
    }

    @Test("says when the newest event is dated ahead of the clock")
    func ahead() throws {
        var manifest = try manifest()
        manifest.lastEventTimestamp = SettledClock.noon + .seconds(3600)
        #expect(try summary(manifest).text(in: TextFrame(width: 200)).contains("UTC, dated 1 h ahead\n"))
    }

    @Test("takes the locale's characters from the first variable that is set")
    func locale() {
        let cases: [([String: String], Bool)] = [
            ([:], false), (["LANG": "C.UTF-8"], true), (["LANG": "en_US.utf8"], true), (["LANG": "C"], false),
            (["LC_ALL": "C", "LANG": "en_US.UTF-8"], false), (["LC_ALL": "", "LC_CTYPE": "de_DE.UTF-8"], true),
            (["LC_CTYPE": "POSIX", "LANG": "C.UTF-8"], false)
        ]
        for (environment, expected) in cases {
            let context = ProgramContext(
                environment: environment, fileSystem: PosixFileSystem(), clock: SettledClock(), output: Collector(),
                errors: Collector(), style: .init(isTerminal: false, hasColor: false))
            #expect(context.isUnicodeLocale == expected, "\(environment)")
        }
    }
}
