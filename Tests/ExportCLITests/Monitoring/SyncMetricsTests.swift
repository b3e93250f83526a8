import AuditArchive
import CivilTime
@testable import ExportCLI
import Foundation
import SystemPackage
import Testing
import TestSupport

@Suite("Figures for Prometheus")
struct SyncMetricsTests {
    private func metrics(exitCode: Int = 0) throws -> SyncMetrics {
        let run = Freshness.Run(
            command: "sync", startedAt: SettledClock.noon, endedAt: SettledClock.noon + .milliseconds(1500),
            outcome: exitCode == 0 ? "ok" : "failed", exitCode: exitCode, events: 0)
        var totals = SyncTotals()
        totals.add(requests: 7, events: 20, quarantined: 1)
        return SyncMetrics(
            archive: "/srv/a\"b\\c\nd", organization: "", version: "1.2.3",
            freshness: Freshness(after: run, manifest: nil, before: nil), exitCode: exitCode, totals: totals)
    }

    @Test("have the contract's names, types, and labels that are escaped")
    func text() throws {
        var metrics = try metrics()
        metrics.freshness.completeThrough = CalendarDay("1970-01-01")
        metrics.freshness.lastEventTimestamp = Timestamp(microseconds: 1_000_000)
        let lines = metrics.text.split(separator: "\n")
        let labels = #"{archive="/srv/a\"b\\c\nd",organization=""}"#
        #expect(
            lines.filter { !$0.hasPrefix("#") } == [
                "captivateiq_export_last_success_timestamp_seconds\(labels) 1795435201.500000",
                "captivateiq_export_last_event_timestamp_seconds\(labels) 1",
                "captivateiq_export_complete_through_timestamp_seconds\(labels) 86400",
                "captivateiq_export_requests_total\(labels) 7", "captivateiq_export_events_total\(labels) 20",
                "captivateiq_export_quarantined_total\(labels) 1", "captivateiq_export_exit_code\(labels) 0",
                "captivateiq_export_info\(labels.dropLast()),version=\"1.2.3\"} 1"
            ])
        #expect(lines.contains("# TYPE captivateiq_export_requests_total counter"))
        #expect(lines.count == 24 && metrics.text.hasSuffix("1\n"))
    }

    @Test("say 0 for a success that never was, and NaN for what is not known")
    func unknown() throws {
        let text = try metrics(exitCode: 77).text
        #expect(text.contains("last_success_timestamp_seconds{archive=\"/srv/a\\\"b\\\\c\\nd\",organization=\"\"} 0\n"))
        #expect(text.contains("organization=\"\"} NaN\n") && text.contains("exit_code{"))
    }

    @Test("add up over runs, and begin anew where the memory cannot be read")
    func totals() {
        var totals = SyncTotals()
        totals.add(requests: 1, events: 2, quarantined: 3)
        #expect(SyncTotals(decoding: totals.encoded()) == totals)
        for text in ["", "{", #"{"requests": -1}"#, #"{"requests": 9007199254740993}"#, #"{"events": "x"}"#] {
            #expect(SyncTotals(decoding: Array(text.utf8)) == nil, "\(text)")
        }
        totals.add(requests: 1 << 53, events: 0, quarantined: 0)
        #expect(totals.requests == 1 << 53)
    }

    @Test("replace a file in one step, for everybody to read, and follow no link")
    func file() async throws {
        try await withTemporaryDirectory { folder in
            try write("precious", to: "\(folder)/other")
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/x.prom.new", withDestinationPath: "\(folder)/other")
            for text in ["one\n", "two\n"] {
                try MetricsFile(FilePath("\(folder)/x.prom")).replace(with: text)
                #expect(try String(contentsOfFile: "\(folder)/x.prom", encoding: .utf8) == text)
            }
            #expect(try PosixFileSystem().status(of: FilePath("\(folder)/x.prom"))?.permissions == 0o644)
            #expect(try String(contentsOfFile: "\(folder)/other", encoding: .utf8) == "precious")
            #expect(try PosixFileSystem().names(in: FilePath(folder)) == ["other", "x.prom"])
            #expect(throws: Errno.noSuchFileOrDirectory) {
                try MetricsFile(FilePath("\(folder)/nowhere/x.prom")).replace(with: "x")
            }
            try PosixFileSystem().createDirectory(FilePath("\(folder)/y.prom"))
            #expect(throws: Errno.self) { try MetricsFile(FilePath("\(folder)/y.prom")).replace(with: "x") }
            #expect(try PosixFileSystem().names(in: FilePath(folder)) == ["other", "x.prom", "y.prom"])
        }
    }

    @Test("and pings never show the address that they go to")
    func secrecy() throws {
        let url = try PingURL("https://hc-ping.test/\(secret)/x")
        var dumped = ""
        dump(url, to: &dumped)
        for text in ["\(url)", String(reflecting: url), dumped] { #expect(!text.contains(secret), "\(text)") }
        #expect("\(url)" == "https://hc-ping.test/…")
        for wrong in ["http://hc-ping.test/\(secret)", "\(secret)", "https://h/?\(secret)"] {
            let found = problems(flags: ["ping_url": wrong])
            #expect(found.map(\.name) == ["ping_url"] && !"\(found)".contains(secret), "\(found)")
        }
    }
}
