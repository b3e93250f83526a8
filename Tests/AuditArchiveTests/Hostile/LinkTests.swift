@testable import AuditArchive
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Links, folders and pipes where they do not belong: nothing outside the archive is written, emptied or removed.
@Suite struct HostileLinkTests {
    private static let events = TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z")
    private static let later = TestEvent.run(3..<6, from: "2025-02-24T10:00:00Z")

    /// An archive with a folder beside it that nobody may touch, which has a file `kept`.
    private func withOutside(
        _ body: (TestArchive, _ outside: String) async throws -> Void
    ) async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(Self.events)
            let outside = archive.layout.root.removingLastComponent().appending("outside").string
            try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: false)
            try Data("kept".utf8).write(to: URL(fileURLWithPath: "\(outside)/kept"))
            try await body(archive, outside)
            #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["kept"])
            #expect(try String(contentsOfFile: "\(outside)/kept", encoding: .utf8) == "kept")
        }
    }

    private func link(_ path: String, to target: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }

    @Test(arguments: [
        ".captivateiq-export/staging", ".captivateiq-export", ".captivateiq-export/lock", "audit_logs/date=2025-02-24"
    ])
    func linkThatWouldBeWrittenThroughIsRefused(path: String) async throws {
        try await withOutside { archive, outside in
            let target = path.hasSuffix("lock") ? "\(outside)/kept" : outside
            try link(archive.layout.absolute(path).string, to: target)
            let error = await #expect(throws: ArchiveError.self) { try await archive.commit(Self.later) }
            #expect(error?.kind == .notWritable)
            #expect(error?.path == archive.layout.absolute(path))
            #expect(try archive.manifest().generation == 1)
            #expect(try archive.fileSystem.status(of: archive.layout.journal) == nil)
        }
    }

    @Test(arguments: ["staging/x", "manifest-facts.json", "manifest-facts.json.new", "tail.json.new"])
    func linkThatIsInTheWayIsReplacedAndNotFollowed(name: String) async throws {
        try await withOutside { archive, outside in
            for target in ["\(outside)/kept", outside, "\(outside)/absent"] {
                try link(archive.layout.privateDirectory.appending(name).string, to: target)
                let number = try archive.manifest().generation * 10
                try await archive.commit([TestEvent(number, at: "2025-02-25T10:00:00Z")])
                #expect(try await archive.faults() == [])
            }
        }
    }

    @Test func manifestThatIsALinkIsReplaced() async throws {
        try await withOutside { archive, outside in
            let moved = archive.layout.root.removingLastComponent().appending("moved.json")
            try archive.fileSystem.rename(archive.layout.manifest, to: moved)
            let before = try archive.fileSystem.contents(of: moved)
            try link(archive.layout.manifest.string, to: moved.string)
            #expect(try await archive.faults().map(\.kind) == [.notAFile])
            try await archive.commit(Self.later)
            #expect(try archive.fileSystem.contents(of: moved) == before)
            #expect(try await archive.faults() == [])
        }
    }

    @Test(arguments: ["staging/folder", "journal.json", "lock"])
    func folderInAFilesPlaceIsNamed(name: String) async throws {
        try await withOutside { archive, _ in
            let path = archive.layout.privateDirectory.appending(name)
            try archive.fileSystem.removeIfPresent(path)
            try archive.fileSystem.createDirectory(path)
            let error = await #expect(throws: ArchiveError.self) { try await archive.commit(Self.later) }
            #expect(error?.path == path)
            #expect(error?.kind == .notWritable)
            #expect(error?.hint.contains("move it away") == true)
        }
    }

    @Test func pipeInAFilesPlaceMakesNobodyWait() async throws {
        try await withOutside { archive, _ in
            let hint = archive.layout.hint("manifest-facts.json")
            try archive.fileSystem.removeIfPresent(hint)
            #expect(mkfifo(hint.string, 0o600) == 0)
            try archive.fileSystem.remove(archive.layout.manifest)
            #expect(try await archive.rebuild().source == .evidence)
            #expect(try await archive.faults() == [])
        }
    }

    @Test func factsWithoutEndAreNotRead() async throws {
        try await withOutside { archive, _ in
            try link(archive.layout.hint("manifest-facts.json").string, to: "/dev/zero")
            try archive.fileSystem.remove(archive.layout.manifest)
            #expect(try await archive.rebuild().source == .evidence)
        }
    }
}
