@testable import AuditArchive
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What the archive's folder may be, and who may write to it.
@Suite struct HostileRootTests {
    private static let events = TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z")

    @Test func linkToAFolderWorks() async throws {
        try await withTemporaryDirectory { path in
            let real = TestArchive(layout: ArchiveLayout(root: FilePath("\(path)/real")))
            try await real.commit(Self.events)
            try FileManager.default.createSymbolicLink(atPath: "\(path)/link", withDestinationPath: "real")
            for root in ["\(path)/link", "\(path)/link/"] {
                let linked = TestArchive(layout: ArchiveLayout(root: FilePath(root)))
                let number = try linked.manifest().generation * 10
                try await linked.commit([TestEvent(number, at: "2025-02-24T10:00:00Z")])
                #expect(try await linked.faults() == [])
            }
            #expect(try real.manifest().generation == 3)
            #expect(try real.fileSystem.status(of: FilePath("\(path)/link"))?.kind == .link)
        }
    }

    @Test(arguments: ["dangling", "to a file", "file", "to itself"])
    func anythingElseIsRefused(kind: String) async throws {
        try await withTemporaryDirectory { path in
            try Data("kept".utf8).write(to: URL(fileURLWithPath: "\(path)/file"))
            let target = ["dangling": "nowhere", "to a file": "file", "to itself": "link"][kind]
            if let target {
                try FileManager.default.createSymbolicLink(atPath: "\(path)/link", withDestinationPath: target)
            }
            let archive = TestArchive(
                layout: ArchiveLayout(root: FilePath("\(path)/\(target == nil ? "file" : "link")")))
            let errors = [
                await #expect(throws: ArchiveError.self) { try await archive.commit(Self.events) },
                await #expect(throws: ArchiveError.self) { try await archive.faults() },
                #expect(throws: ArchiveError.self) { try archive.manifest() }
            ]
            for error in errors {
                #expect(error?.kind == .absent)
                #expect(error?.path == archive.layout.root)
                #expect(error?.summary.contains("folder") == true)
                #expect(error?.hint.contains("`archive`") == true)
            }
            #expect(try String(contentsOfFile: "\(path)/file", encoding: .utf8) == "kept")
            #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == (target == nil ? 1 : 2))
        }
    }

    @Test(
        arguments: [
            (0o750, 0o640, 0), (0o770, 0o600, 0), (0o1770, 0o644, 0), (0o757, 0o640, 1), (0o1777, 0o640, 1),
            (0o750, 0o660, 1), (0o750, 0o642, 1), (0o777, 0o666, 2)
        ] as [(Int, Int, Int)])
    func whoMayWrite(folder: Int, manifest: Int, warnings: Int) async throws {
        try await withArchive { archive in
            try await archive.commit(Self.events)
            let layout = archive.layout
            try FileManager.default.setAttributes([.posixPermissions: folder], ofItemAtPath: layout.root.string)
            try FileManager.default.setAttributes([.posixPermissions: manifest], ofItemAtPath: layout.manifest.string)
            let found = ArchivePermissions.warnings(layout, fileSystem: archive.fileSystem)
            #expect(found.count == warnings, "\(found)")
            #expect(found.allSatisfy { $0.contains("chmod ") && $0.contains(layout.root.string) })
        }
    }

    @Test func nothingToWarnOfWhereNoArchiveIs() {
        let layout = ArchiveLayout(root: "/nowhere/at/all")
        #expect(ArchivePermissions.warnings(layout, fileSystem: PosixFileSystem()).isEmpty)
    }

    @Test("an event of the calendar's last microsecond leaves a manifest that can be read", arguments: [false, true])
    func rebuildAtTheEndOfTheCalendar(isAlone: Bool) async throws {
        try await withArchive { archive in
            let last = [
                TestEvent(7, at: "9999-12-31T23:59:59.999999Z"), TestEvent(8, at: "9999-12-31T23:59:59.999999Z")
            ]
            try await archive.commit(last + (isAlone ? [] : Self.events + [TestEvent(9, at: "0001-01-01T00:00:00Z")]))
            try archive.loseManifestAndHint()
            let report = try await archive.rebuild()
            #expect([.evidence, .events].contains(report.source))
            #expect(try archive.manifest() == report.manifest)
            try await archive.commit([TestEvent(99, at: "2025-02-25T10:00:00Z")])
        }
    }

    @Test func rebuildThatLostTheLastFileOfTheCalendar() async throws {
        try await withArchive { archive in
            try await archive.commit(Self.events + [TestEvent(7, at: "9999-12-31T23:59:59.999999Z")])
            let lost = try #require(try archive.manifest().files.last)
            try archive.fileSystem.remove(archive.layout.absolute(lost.name.path))
            try FileManager.default.removeItem(
                atPath: archive.layout.absolute("audit_logs/date=9999-12-31").string)
            #expect(try await archive.rebuild().lost == [lost.name.path])
            _ = try archive.manifest()
        }
    }
}
