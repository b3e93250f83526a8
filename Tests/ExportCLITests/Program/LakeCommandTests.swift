import AuditArchive
import AuditRecords
import CivilTime
@testable import ExportCLI
import Foundation
import SystemPackage
import Testing
import TestSupport

@Suite("compact and prune")
struct LakeCommandTests {
    /// A small archive whose closed day has two files.
    private func withArchive(_ body: (ArchiveLayout) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let session = try ArchiveSession(
                layout, .init(compression: .init(level: 6, parallelism: 1), maximumPartSize: 1 << 20, writer: "test"),
                fileSystem: PosixFileSystem(), processID: 1, now: SettledClock.noon)
            let day = try #require(CalendarDay("2026-11-20"))
            var batch = EventBatch(date: day)
            let line = #"{"id":"late","created_at":"2026-11-20T12:00:00.000000Z","organization_id":"org_1"}"#
            batch.append(
                line: line.utf8.span.bytes, time: day.start + .seconds(43_200), id: "late".utf8.span.bytes)
            try await session.stage(batch)
            let manifest = try #require(await session.manifest)
            _ = try await session.commit(
                CommitMetadata(
                    startTimestamp: manifest.startTimestamp, organization: manifest.organization, pending: RangeSet(),
                    now: SettledClock.noon))
            await session.close()
            try await body(layout)
        }
    }

    private func json(_ program: TestProgram) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(program.output.text.utf8)) as? [String: Any])
    }

    @Test("compact merges, says what that saved, and has nothing to do the second time")
    func compact() async throws {
        try await withArchive { layout in
            let program = TestProgram()
            #expect(await program.run("compact", "--archive", layout.root.string, "--json") == .done)
            let result = try json(program)
            #expect(result["outcome"] as? String == "ok" && result["days"] as? Int == 1)
            #expect(result["files_before"] as? Int == 2 && result["files_after"] as? Int == 1)
            #expect(result["generation"] as? Int == 3 && result["error"] is NSNull)
            let again = TestProgram()
            #expect(await again.run("compact", "--archive", layout.root.string) == .done)
            #expect(again.output.text == "Nothing to merge: no closed day has several files.\n")
            #expect(await TestProgram().run("verify", "--archive", layout.root.string) == .done)
        }
    }

    @Test("compact leaves the days from --before on")
    func before() async throws {
        try await withArchive { layout in
            let program = TestProgram()
            #expect(
                await program.run("compact", "--archive", layout.root.string, "--before", "2026-11-20") == .done)
            #expect(program.output.text.hasPrefix("Nothing to merge"))
            #expect(await TestProgram().run("compact", "--archive", layout.root.string, "--before", "may") == .usage)
        }
    }

    @Test("prune says what would go, and then what went")
    func prune() async throws {
        try await withArchive { layout in
            let manifest = try PosixFileSystem().contents(of: layout.manifest)
            let dry = TestProgram()
            #expect(
                await dry.run("prune", "--archive", layout.root.string, "--keep", "2d", "--dry-run", "--json") == .done)
            let would = try json(dry)
            #expect(would["dry_run"] as? Bool == true && would["days"] as? Int == 1 && would["events"] as? Int == 2)
            #expect(try PosixFileSystem().contents(of: layout.manifest) == manifest)
            let program = TestProgram()
            #expect(await program.run("prune", "--archive", layout.root.string, "--keep", "2d") == .done)
            #expect(program.output.text.hasPrefix("Pruned 2 events of 1 day (2 files, "))
            #expect(program.output.text.contains("2026-11-01 to 2026-11-20  2 events"))
            let again = TestProgram()
            #expect(await again.run("prune", "--archive", layout.root.string, "--keep", "2d") == .done)
            #expect(again.output.text == "Nothing to prune: no closed day is older than 2 days.\n")
            #expect(await TestProgram().run("verify", "--archive", layout.root.string) == .done)
        }
    }

    @Test("prune takes whole days with their unit", arguments: ["400", "0d", "36h", "-1d", "soon", ""])
    func units(keep: String) async {
        #expect(await TestProgram().run("prune", "--archive", "/nowhere/a", "--keep", keep) == .usage)
    }

    @Test("need an archive that is there, and make none", arguments: [["compact"], ["prune", "--keep", "1d"]])
    func absent(command: [String]) async throws {
        try await withTemporaryDirectory { folder in
            #expect(await TestProgram().run(command + ["--archive", "\(folder)/a"]) == .absent)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty)
            #expect(await TestProgram().run(command) == .settings)
        }
    }

    @Test("leave the archive to whoever holds it", arguments: [["compact"], ["prune", "--keep", "1d"]])
    func locked(command: [String]) async throws {
        try await withArchive { layout in
            let session = try ArchiveSession(
                layout, .init(compression: .init(level: 6, parallelism: 1), maximumPartSize: 1 << 20, writer: "test"),
                fileSystem: PosixFileSystem(), processID: 4711, now: SettledClock.noon)
            #expect(await TestProgram().run(command + ["--archive", layout.root.string]) == .stopped)
            await session.close()
        }
    }
}
