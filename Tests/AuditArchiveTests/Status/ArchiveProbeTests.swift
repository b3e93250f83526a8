import ArchiveTestSupport
@testable import AuditArchive
import Foundation
import SystemPackage
import Testing

@Suite("Trying what a commit needs of the file system")
struct ArchiveProbeTests {
    /// All names in the archive with their sizes, in their order.
    private func tree(_ archive: TestArchive) throws -> [String] {
        var names: [String] = []
        func visit(_ folder: FilePath) throws {
            for name in try archive.fileSystem.names(in: folder) {
                let path = folder.appending(name)
                let status = try #require(try archive.fileSystem.status(of: path))
                names.append("\(path) \(status.kind == .directory ? 0 : status.size)")
                if status.kind == .directory { try visit(path) }
            }
        }
        try visit(archive.layout.root)
        return names
    }

    private func run(_ archive: TestArchive, _ fileSystem: any FileSystem) -> [ArchiveProbe.Step: ArchiveProbe.Outcome]
    {
        let found = ArchiveProbe(archive.layout, fileSystem: fileSystem).run()
        return Dictionary(uniqueKeysWithValues: found.map { ($0.step, $0.outcome) })
    }

    @Test("finds that all works, and leaves nothing behind")
    func works() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<5, from: "2025-02-23T10:00:00Z"))
            let before = try tree(archive)
            #expect(ArchiveProbe(archive.layout, fileSystem: archive.fileSystem).isPossible)
            let found = run(archive, archive.fileSystem)
            #expect(found.count == ArchiveProbe.Step.allCases.count && found.values.allSatisfy { $0 == .ok })
            #expect(try tree(archive) == before)
            // Nor is the lock still held.
            try await archive.commit(TestEvent.run(5..<9, from: "2025-02-23T11:00:00Z"))
        }
    }

    @Test("goes through a failure of each call, and leaves nothing behind")
    func failures() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<5, from: "2025-02-23T10:00:00Z"))
            let before = try tree(archive)
            let counter = FaultyFileSystem(archive.fileSystem, .none, .fails(.ioError))
            _ = run(archive, counter)
            for number in 1...counter.calls {
                let found = run(archive, FaultyFileSystem(archive.fileSystem, .number(number), .fails(.ioError)))
                #expect(!found.isEmpty)
                for path in ["check-1", "check-2"] {
                    try archive.fileSystem.removeIfPresent(archive.layout.staged(path))
                }
                #expect(try tree(archive) == before, "call \(number)")
            }
        }
    }

    @Test("tells what a sync would fail for from what it can do without")
    func outcomes() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<5, from: "2025-02-23T10:00:00Z"))
            func found(
                _ operation: FileSystemError.Operation, _ end: String, _ errno: Errno
            ) -> [ArchiveProbe.Step: ArchiveProbe.Outcome] {
                run(archive, FaultyFileSystem(archive.fileSystem, .first(operation, end), .fails(errno)))
            }
            guard case .failure(let full)? = found(.write, "check-1", .noSpace)[.fsync] else {
                Issue.record("a full disk was not noticed")
                return
            }
            #expect(full.kind == .inputOutput)
            guard case .warning? = found(.renameat2, "check-2", .invalidArgument)[.exchange],
                case .warning? = found(.fsync, "staging", .invalidArgument)[.fsync],
                case .failure? = found(.rename, "check-2", .notPermitted)[.rename],
                case .failure? = found(.flock, "lock", .notSupported)[.lock]
            else {
                Issue.record("not told apart")
                return
            }
        }
    }

    @Test("stops at a lock that another process holds")
    func locked() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<5, from: "2025-02-23T10:00:00Z"))
            let lock = try #require(try archive.fileSystem.lock(archive.layout.lock))
            let found = ArchiveProbe(archive.layout, fileSystem: archive.fileSystem).run()
            lock.unlock()
            #expect(found.count == 1)
            guard case .warning(let text)? = found.first?.outcome else {
                Issue.record("no warning")
                return
            }
            #expect(text.contains("in use by"))
        }
    }

    @Test("is not possible in a copy without private folder")
    func copy() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<5, from: "2025-02-23T10:00:00Z"))
            try FileManager.default.removeItem(atPath: archive.layout.privateDirectory.string)
            #expect(!ArchiveProbe(archive.layout, fileSystem: archive.fileSystem).isPossible)
        }
    }
}

@Suite("The hint about rights")
struct RightsAdviceTests {
    @Test(
        "tells who only reads nothing about writing",
        arguments: [
            (FileSystemError.Operation.open, Errno.permissionDenied, "may not open it"),
            (.read, .permissionDenied, "may not read it"),
            (.opendir, .permissionDenied, "may not read it"), (.lstat, .notPermitted, "may not read it"),
            (.open, .readOnlyFileSystem, "may not write there"), (.mkdir, .permissionDenied, "may not write there"),
            (.rename, .notPermitted, "may not write there")
        ])
    func words(operation: FileSystemError.Operation, errno: Errno, words: String) {
        let error = ArchiveError(FileSystemError(operation, "/a/manifest.json", errno))
        #expect(error.kind == .notWritable && error.hint.contains(words), "\(error)")
        #expect(error.hint.hasPrefix("Check the owner and the rights"))
        #expect(words == "may not write there" || !error.hint.contains("write") && !error.hint.contains("sync"))
    }
}
