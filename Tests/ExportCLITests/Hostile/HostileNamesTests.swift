import AuditArchive
import AuditRecords
@testable import AuditSync
import CaptivateIQAPI
import CivilTime
@testable import ExportCLI
import Foundation
import JSONText
import Logging
import SystemPackage
import Testing
import TestSupport

/// Names from the API, the archive and the file system, in all that any command writes.
@Suite("Names that a terminal would obey")
struct HostileNamesTests {
    static let name = "x\u{9B}2J\u{85}\u{7F}\u{1B}[2J\u{61C}\u{200B}\u{200F}\u{2028}\u{2029}\u{202E}\u{2069}\u{E0041}y"

    private func expectHarmless(_ text: String, _ comment: Comment, says: String = "\\u009b2J") {
        let bad = text.unicodeScalars.filter { VisibleText.isHidden($0) && $0 != "\n" }
        #expect(bad.isEmpty, comment)
        #expect(text.contains(says), comment)
    }

    /// The text of a manifest with the checksum that it needs after a change.
    private func resealed(_ text: String) throws -> String {
        let seal = try #require(text.range(of: "  \"sha256_above\": "))
        return String(decoding: ManifestSeal.sealed(String(text[..<seal.lowerBound])).bytes, as: UTF8.self)
    }

    @Test("are escaped by every command that reads an archive", arguments: [[], ["--json"]])
    func archive(flags: [String]) async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let text = try String(contentsOfFile: layout.manifest.string, encoding: .utf8)
            let name = Self.name.replacing("\u{1B}", with: "\\u001b").replacing("\u{7F}", with: "\\u007f")
            try write(resealed(text.replacing("Acme Corp", with: name)), to: layout.manifest.string)
            let status = TestProgram()
            #expect(await status.run(["status", "--archive", layout.root.string] + flags) == .done)
            expectHarmless(status.output.text, "status")
            // A name of a file may hold anything but a slash.
            try write("", to: "\(folder)/a/\(Self.name)")
            for command in ["verify", "rebuild"] {
                let program = TestProgram()
                #expect(await program.run([command, "--archive", layout.root.string] + flags) == .damaged)
                expectHarmless(program.output.text, "\(command)")
                expectHarmless(program.errors.text, "\(command)", says: "error")
            }
        }
    }

    @Test("are escaped in the summaries of sync and reconcile")
    func summaries() throws {
        var report = ReconcileReport()
        report.days = 1
        let time = SettledClock.noon
        report.missing = [EventReference(time: time, id: Self.name)]
        report.gone = report.missing
        report.differing = [ReconcileReport.Day(date: time.day, archived: 1, api: 1, missing: 1, gone: 1)]
        let summary = ReconcileSummary(report, archive: "/\(Self.name)")
        expectHarmless(try #require(summary.text), "reconcile")
        expectHarmless(summary.json, "reconcile --json")
        expectHarmless(try #require(summary.failure).text, "reconcile's failure")
        var sync = SyncReport()
        sync.warnings = [Self.name]
        let error = APIError(kind: .unusable, summary: Self.name, url: Self.name, hint: Self.name)
        let failures = [
            SyncFailure(.api(error)), SyncFailure(.foreignOrganization(expected: Self.name, found: Self.name)),
            SyncFailure(.incomplete(Self.name))
        ]
        for failure in failures.map({ Failure($0, stop: nil) }) {
            expectHarmless(failure.text, "sync's failure")
            expectHarmless(SyncSummary(sync, failure: failure).json, "sync --json")
        }
    }

    @Test("are escaped in log lines of both forms", arguments: [LogFormat.text, .json])
    func log(format: LogFormat) {
        let collector = Collector()
        let flags: [String: String] = ["log_format": format.rawValue]
        var reader = SettingsReader(SettingsResolver(flags: flags, environment: [:]))
        let messages = Messages(
            OutputSettings(&reader), to: collector, style: .init(isTerminal: false, hasColor: false),
            now: { SettledClock.noon })
        messages.log(.warning, Self.name, [Self.name: "\(Self.name)"])
        messages.fail(Failure(.unusable, Self.name, at: Self.name, hints: [Self.name]))
        expectHarmless(collector.text, "log")
    }
}
