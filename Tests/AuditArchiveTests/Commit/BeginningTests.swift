import ArchiveTestSupport
@testable import AuditArchive
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Where an archive may begin, and that nothing is changed where it may not.
@Suite("A folder for a new archive")
struct BeginningTests {
    private static let root = SmallSync.layout.root

    private func hold(_ disk: MemoryFileSystem, creates: Bool) throws {
        try ArchiveHold(SmallSync.layout, creates: creates, fileSystem: disk, processID: 1, now: TestArchive.now)
            .release()
    }

    /// A disk with folders in the archive's folder; a name that ends with a slash is one, all others are files.
    private func disk(_ names: [String]) throws -> MemoryFileSystem {
        let disk = try FaultPointTests.nothing()
        try disk.createDirectory(Self.root)
        for name in names {
            if name.hasSuffix("/") {
                try disk.createDirectory(Self.root.appending(String(name.dropLast())))
            } else {
                try disk.createDurably(SmallSync.layout.absolute(name), [1])
            }
        }
        return disk
    }

    @Test(
        "may be empty, or hold what a file system or an early end left",
        arguments: [
            [], ["lost+found/"], [".captivateiq-export/"], [".captivateiq-export/", "audit_logs/", "freshness.json"],
            [".captivateiq-export/", "quarantine/", "audit_logs/", ".captivateiq-export-probe"]
        ])
    func mayBegin(names: [String]) throws {
        let disk = try disk(names)
        let before = disk.tree
        let error = #expect(throws: ArchiveError.self) { try hold(disk, creates: false) }
        #expect(error?.kind == .absent && error?.hint.contains("sync --create") == true)
        #expect(disk.tree == before)
        try hold(disk, creates: true)
        #expect(try disk.status(of: SmallSync.layout.lock) != nil)
    }

    @Test("may be missing")
    func missing() throws {
        let disk = try FaultPointTests.nothing()
        let error = #expect(throws: ArchiveError.self) { try hold(disk, creates: false) }
        #expect(error?.kind == .absent && error?.summary == "There is no archive, and `create` is off")
        #expect(try disk.status(of: Self.root) == nil)
        try hold(disk, creates: true)
    }

    @Test(
        "is refused with anything else in it, untouched",
        arguments: [["notes.txt"], ["lost+found/", "x/"], [".captivateiq-export/", ".DS_Store"], ["manifest.json.old"]])
    func holdsSomethingElse(names: [String]) throws {
        let disk = try disk(names)
        let before = disk.tree
        for creates in [true, false] {
            let error = #expect(throws: ArchiveError.self) { try hold(disk, creates: creates) }
            #expect(error?.kind == .absent && error?.summary.contains("something else") == true)
            #expect(disk.tree == before)
        }
    }

    @Test("is refused below a link that leads nowhere, and below a file")
    func belowNoFolder() async throws {
        try await withTemporaryDirectory { path in
            try FileManager.default.createSymbolicLink(atPath: "\(path)/link", withDestinationPath: "/no/disk")
            try FileManager.default.createSymbolicLink(atPath: "\(path)/good", withDestinationPath: path)
            try Data("kept".utf8).write(to: URL(fileURLWithPath: "\(path)/file"))
            let cases: [(String, ArchiveError.Kind?)] = [
                ("link/a", .absent), ("link/a/b", .absent), ("file/a", .notWritable), ("good/a/b", nil), ("c/d/e", nil)
            ]
            for (name, kind) in cases {
                let layout = ArchiveLayout(root: FilePath("\(path)/\(name)"))
                do throws(ArchiveError) {
                    try ArchiveHold(layout, fileSystem: PosixFileSystem(), processID: 1, now: TestArchive.now).release()
                    #expect(kind == nil, "\(name)")
                } catch {
                    #expect(error.kind == kind && error.path.string.hasPrefix(path), "\(name): \(error)")
                }
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
                    "a", "c", "file", "good", "link"
                ])
        }
    }

    @Test("is damage with data and no manifest, untouched", arguments: ["audit_logs", "quarantine"])
    func dataWithoutManifest(folder: String) throws {
        let disk = try disk(["\(folder)/", "\(folder)/x"])
        let before = disk.tree
        let error = #expect(throws: ArchiveError.self) { try hold(disk, creates: true) }
        #expect(error?.kind == .damaged && error?.hint.contains("rebuild") == true)
        #expect(disk.tree == before)
    }

    @Test("is an archive once it has a manifest, or a first commit to be finished, whatever else is in it")
    func existing() async throws {
        for number in 1... {
            let disk = try FaultPointTests.nothing()
            let dying = FaultyFileSystem(disk, .number(number), .stops)
            try? await SmallSync(on: dying).runUnderTest()
            guard dying.hasStruck else { break }
            let hasJournal = try disk.status(of: SmallSync.layout.journal) != nil
            let hasManifest = try disk.status(of: SmallSync.layout.manifest) != nil
            if hasJournal || hasManifest {
                try disk.createDurably(SmallSync.layout.absolute("notes.txt"), [])
                try hold(disk, creates: false)
            } else {
                let error = #expect(throws: ArchiveError.self) { try hold(disk, creates: false) }
                #expect(error?.kind == .absent, "call \(number)")
                try hold(disk, creates: true)
            }
        }
    }
}
