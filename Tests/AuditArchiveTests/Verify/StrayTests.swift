import ArchiveTestSupport
@testable import AuditArchive
import Foundation
import SystemPackage
import Testing

@Suite struct StrayTests {
    static let folder = "audit_logs/date=2025-02-23"
    static let file = "\(folder)/audit_logs-2025-02-23-000001-00.ndjson.gz"

    private func faults(quarantine: [String] = ["1"], _ change: (TestArchive) throws -> Void) async throws
        -> [ArchiveFault]
    {
        try await verification(quarantine: quarantine, change).faults
    }

    private func verification(
        quarantine: [String] = ["1"], _ change: (TestArchive) throws -> Void
    ) async throws -> Verification {
        var verification: Verification?
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<5, from: "2025-02-23T10:00:00Z"), quarantine: quarantine)
            try archive.dropEvidence()
            try change(archive)
            let verifier = ArchiveVerifier(archive.layout, fileSystem: archive.fileSystem)
            verification = try await verifier.verify(parallelism: 2)
        }
        return try #require(verification)
    }

    @Test(arguments: [
        "x", ".x", "manifest.json~", "README.md", "audit_logs/x.ndjson.gz", "audit_logs/_SUCCESS", "\(folder)/x",
        "\(folder)/audit_logs-2025-02-23-000001-01.ndjson.gz", "\(folder)/.nfs0001", "quarantine/x",
        "quarantine/quarantine-000001-01.ndjson.gz", "\u{1b}[31mred\nfile"
    ])
    func strayFile(path: String) async throws {
        let faults = try await faults { try $0.replace(path, []) }
        #expect(faults.map(\.kind) == [.strayFile])
        #expect(faults.map(\.path) == [path])
        #expect(faults.allSatisfy { !$0.description.contains("\u{1b}") && !$0.description.contains("\n") })
    }

    @Test(arguments: ["x", "audit_logs/x", "audit_logs/date=2025-02-24", "\(folder)/x", "quarantine/date=2025-02-23"])
    func strayFolder(path: String) async throws {
        let faults = try await faults { try $0.fileSystem.createDirectory($0.layout.absolute(path)) }
        #expect(faults.map(\.kind) == [.strayFolder])
        #expect(faults.map(\.path) == [path])
    }

    @Test(arguments: [
        ".manifest.json.Xy12Zz", "\(folder)/.audit_logs-2025-02-23-000002-00.ndjson.gz.aB3dE9", "quarantine/.q.000000"
    ])
    func unfinishedCopyIsANote(path: String) async throws {
        let found = try await verification { try $0.replace(path, []) }
        #expect(found.faults == [] && found.badFiles == 0)
        #expect(found.notes.map(\.kind) == [.unfinishedCopy] && found.notes.map(\.path) == [path])
    }

    private static let incoming = ".captivateiq-export/incoming"

    private func makeFolders(_ archive: TestArchive, _ paths: [String]) throws {
        for path in paths { try archive.fileSystem.createDirectory(archive.layout.absolute(path)) }
    }

    /// `scripts/ship` lists what no manifest at the other end names until a copy is whole.
    @Test func copyInProgressIsANote() async throws {
        let brought = [
            "\(Self.folder)/audit_logs-2025-02-23-000009-00.ndjson.gz",
            "audit_logs/date=2025-02-24/audit_logs-2025-02-24-000009-00.ndjson.gz",
            "quarantine/quarantine-000009-00.ndjson.gz"
        ]
        let found = try await verification { archive in
            try makeFolders(archive, ["audit_logs/date=2025-02-24", Self.incoming])
            for path in brought { try archive.replace(path, [1]) }
            try archive.replace("\(Self.incoming)/paths", Array(brought.joined(separator: "\n").utf8))
        }
        #expect(found.faults == [])
        #expect(found.notes.allSatisfy { $0.kind == .unfinishedCopy })
        #expect(found.notes.map(\.path) == (brought + ["audit_logs/date=2025-02-24"]).sorted())
    }

    @Test("a copy in progress excuses neither what it does not list nor what is no data file")
    func strayBesideACopy() async throws {
        let others = ["\(Self.folder)/audit_logs-2025-02-23-000008-00.ndjson.gz", "\(Self.folder)/x", "x"]
        let listed = "\(Self.folder)/x\nx\n\(Self.folder)/audit_logs-2025-02-23-000009-00.ndjson.gz\n"
        let found = try await verification { archive in
            try makeFolders(archive, [Self.incoming])
            for path in others { try archive.replace(path, [1]) }
            try archive.replace("\(Self.incoming)/paths", Array(listed.utf8))
        }
        #expect(found.faults.map(\.path) == others.sorted() && found.notes == [])
        #expect(found.faults.allSatisfy { $0.kind == .strayFile })
    }

    @Test(arguments: [
        ".DS_Store", "Thumbs.db", "desktop.ini", "audit_logs/.DS_Store", "\(folder)/Thumbs.db", "\(folder)/._x.gz",
        "quarantine/.directory", "\(folder)/.nfs00000000008c2a4f00000012", ".fuse_hidden0000000a00000001"
    ])
    func systemFileIsANote(path: String) async throws {
        let found = try await verification { try $0.replace(path, [1]) }
        #expect(found.faults == [])
        #expect(found.notes.map(\.kind) == [.straySystemFile] && found.notes.map(\.path) == [path])
    }

    @Test(arguments: [
        "lost+found", "audit_logs/@eaDir", "\(folder)/.snapshot", "System Volume Information", ".Trash-1000"
    ])
    func systemFolderIsANoteAndNotLookedInto(path: String) async throws {
        let found = try await verification { archive in
            try archive.fileSystem.createDirectory(archive.layout.absolute(path))
            try archive.replace("\(path)/x", [])
        }
        #expect(found.faults == [])
        #expect(found.notes.map(\.kind) == [.straySystemFile] && found.notes.map(\.path) == [path])
    }

    /// What a system left makes no session refuse the archive, and no rebuild.
    @Test func systemFilesAreInNobodysWay() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<5, from: "2025-02-23T10:00:00Z"))
            let left = ["\(Self.folder)/Thumbs.db", "audit_logs/desktop.ini", ".DS_Store"]
            for path in left { try archive.replace(path, [1]) }
            try await archive.commit(TestEvent.run(5..<9, from: "2025-02-23T11:00:00Z"))
            let rebuild = ArchiveRebuild(
                archive.layout, writer: "test", fileSystem: archive.fileSystem, processID: 1)
            let report = try await rebuild.run(now: "2025-02-24T00:00:00Z", parallelism: 1)
            #expect(report.faults == [])
            let verifier = ArchiveVerifier(archive.layout, fileSystem: archive.fileSystem)
            let found = try await verifier.verify(parallelism: 1)
            #expect(found.faults == [] && found.notes.count { $0.kind == .straySystemFile } == 3)
        }
    }

    @Test func aFileWithManyFaultsCountsOnce() async throws {
        let found = try await verification { archive in
            try archive.replace(Self.file, [1, 2, 3])
            try archive.replace("x", [])
        }
        #expect(found.faults.count > 2 && found.badFiles == 2)
    }

    @Test(arguments: ArchiveFault.Kind.allCases)
    func everyFaultHasAWayOut(kind: ArchiveFault.Kind) {
        for path in [Self.file, "quarantine/quarantine-000001-00.ndjson.gz", "manifest.json", "x"] {
            let remedy = ArchiveFault(kind, path, "").remedy
            #expect(remedy.hasSuffix(".") && !remedy.isEmpty)
            let isDamage = [.missingFile, .size, .sha256, .gzip, .notJSON].contains(kind)
            #expect(!isDamage || remedy.contains("rebuild"))
            if isDamage, path == Self.file { #expect(remedy.contains("reconcile --repair")) }
        }
    }

    @Test func quarantineFolderWithoutQuarantine() async throws {
        let faults = try await faults(quarantine: []) { archive in
            try archive.fileSystem.createDirectory(archive.layout.quarantineDirectory)
            try archive.replace("quarantine/quarantine-000001-00.ndjson.gz", [])
        }
        #expect(faults.map(\.kind) == [.strayFolder, .strayFile])
    }

    @Test func whatMayStandBesideTheArchive() async throws {
        let faults = try await faults { archive in
            try archive.fileSystem.createDirectory(archive.layout.absolute("lost+found"))
            try archive.replace("freshness.json", Array("{".utf8))
            try archive.replace(".captivateiq-export/anything", [])
            try archive.replace(".captivateiq-export/staging/left.ndjson.gz", [])
        }
        #expect(faults == [])
    }

    @Test func archiveWithoutPrivateFolder() async throws {
        let faults = try await faults { try FileManager.default.removeItem(atPath: $0.layout.privateDirectory.string) }
        #expect(faults == [])
    }

    @Test(arguments: [file, "quarantine/quarantine-000001-00.ndjson.gz"])
    func missingFile(path: String) async throws {
        let faults = try await faults { try $0.fileSystem.remove($0.layout.absolute(path)) }
        #expect(faults.map(\.kind) == [.missingFile])
        #expect(faults.map(\.path) == [path])
    }

    @Test(arguments: [folder, "audit_logs"])
    func missingFolder(path: String) async throws {
        let faults = try await faults { try FileManager.default.removeItem(atPath: $0.layout.absolute(path).string) }
        #expect(faults.map(\.kind) == [.missingFile])
    }

    @Test(arguments: [
        (file, [ArchiveFault.Kind.notAFile]), ("manifest.json", [.notAFile]), (folder, [.notAFolder]),
        ("audit_logs", [.notAFolder]), ("quarantine", [.notAFolder])
    ])
    func linkInAnothersPlace(path: String, expected: [ArchiveFault.Kind]) async throws {
        let faults = try await faults { archive in
            let place = archive.layout.absolute(path).string
            let aside = archive.layout.privateDirectory.appending("aside").string
            try FileManager.default.moveItem(atPath: place, toPath: aside)
            try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: aside)
        }
        #expect(faults.map(\.kind) == expected)
        #expect(faults.map(\.path) == [path])
        #expect(faults.allSatisfy { $0.detail.hasPrefix("is a link, not a ") })
    }

    @Test func folderInAFilesPlace() async throws {
        let faults = try await faults { archive in
            try archive.fileSystem.remove(archive.layout.absolute(Self.file))
            try archive.fileSystem.createDirectory(archive.layout.absolute(Self.file))
        }
        #expect(faults.map(\.kind) == [.notAFile])
    }

    @Test func strayLink() async throws {
        let faults = try await faults { archive in
            try FileManager.default.createSymbolicLink(
                atPath: archive.layout.absolute("audit_logs/date=2025-02-24").string, withDestinationPath: "/")
        }
        #expect(faults.map(\.description) == ["audit_logs/date=2025-02-24: is a link that does not belong here"])
    }

    @Test func unreadableFolder() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<5, from: "2025-02-23T10:00:00Z"))
            var unreadable = archive
            unreadable.fileSystem = FaultyFileSystem(
                archive.fileSystem, .first(.opendir, Self.folder), .fails(.permissionDenied))
            #expect(try await unreadable.faults().map(\.kind) == [.unreadable])
        }
    }
}
