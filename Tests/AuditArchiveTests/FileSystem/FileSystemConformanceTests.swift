import ArchiveTestSupport
import SystemPackage
import TestSupport
import Testing

@testable import AuditArchive

/// What every file system does that stands under an archive, the kernel's and the one in memory that tests break.
@Suite("A file system")
struct FileSystemConformanceTests {
    enum Kind: CaseIterable {
        case kernel, memory, kernelLeniently, memoryBehindFaults
    }

    /// Hands over a file system and a folder in it that is empty.
    private func on(_ kind: Kind, _ body: (any FileSystem, FilePath) throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            let memory = MemoryFileSystem()
            try memory.createDirectory("/folder")
            switch kind {
            case .kernel: try body(PosixFileSystem(), FilePath(path))
            case .kernelLeniently: try body(LenientFileSystem(PosixFileSystem()), FilePath(path))
            case .memory: try body(memory, "/folder")
            case .memoryBehindFaults: try body(FaultyFileSystem(memory, .none, .stops), "/folder")
            }
            #expect(memory.openFiles == 0)
        }
    }

    private func failure(of body: () throws -> Void) -> FileSystemError? {
        do {
            try body()
            return nil
        } catch {
            return error as? FileSystemError
        }
    }

    /// Expects a call to fail as the manual pages say.
    private func expect(_ operation: FileSystemError.Operation, _ errno: Errno, _ body: () throws -> Void) {
        let failure = failure(of: body)
        #expect(failure?.operation == operation && failure?.errno == errno, "\(operation) \(errno)")
    }

    @Test("gives back what was written, in pieces and from any place", arguments: Kind.allCases)
    func reading(kind: Kind) async throws {
        try await on(kind) { disk, folder in
            let path = folder.appending("file")
            try disk.createDurably(path, Array("0123456789".utf8))
            #expect(try disk.contents(of: path) == Array("0123456789".utf8))
            let file = try disk.openForReading(path)
            var bytes: [UInt8] = []
            #expect(try file.read(upTo: 4, into: &bytes) == 4)
            #expect(try file.read(upTo: 2, at: 7, into: &bytes) == 2)
            #expect(try file.read(upTo: 9, at: 10, into: &bytes) == 0)
            #expect(try file.read(upTo: 100, into: &bytes) == 6)
            #expect(try file.read(upTo: 100, into: &bytes) == 0)
            #expect(String(decoding: bytes, as: UTF8.self) == "012378456789")
            try file.close()
        }
    }

    @Test("says what stands at a path", arguments: Kind.allCases)
    func status(kind: Kind) async throws {
        try await on(kind) { disk, folder in
            let (file, inner) = (folder.appending("b"), folder.appending("a"))
            #expect(try disk.status(of: file) == nil && disk.contents(of: file) == nil)
            try disk.createDurably(file, [1, 2, 3])
            try disk.createDirectory(inner)
            #expect(try disk.status(of: file)?.kind == .file && disk.status(of: file)?.size == 3)
            #expect(try disk.status(of: inner)?.kind == .directory)
            #expect(try disk.names(in: folder) == ["a", "b"] && disk.names(in: inner) == [])
            expect(.lstat, .notDirectory) { _ = try disk.status(of: file.appending("below")) }
        }
    }

    @Test("makes nothing in the place of something, or where no folder is", arguments: Kind.allCases)
    func making(kind: Kind) async throws {
        try await on(kind) { disk, folder in
            let (file, inner, nowhere) = (
                folder.appending("file"), folder.appending("inner"), folder.appending("no/where")
            )
            try disk.createDurably(file, [])
            try disk.createDirectory(inner)
            for path in [file, inner] {
                expect(.open, .fileExists) { _ = try disk.create(path) }
                expect(.mkdir, .fileExists) { try disk.createDirectory(path) }
            }
            expect(.open, .noSuchFileOrDirectory) { _ = try disk.create(nowhere) }
            expect(.mkdir, .noSuchFileOrDirectory) { try disk.createDirectory(nowhere) }
            expect(.open, .notDirectory) { _ = try disk.create(file.appending("below")) }
            expect(.mkdir, .notDirectory) { try disk.createDirectory(file.appending("below")) }
        }
    }

    @Test("renames a file over another one, and over nothing else", arguments: Kind.allCases)
    func renaming(kind: Kind) async throws {
        try await on(kind) { disk, folder in
            let (one, other, inner) = (folder.appending("one"), folder.appending("other"), folder.appending("inner"))
            try disk.createDurably(one, [1])
            try disk.createDurably(other, [2])
            try disk.createDirectory(inner)
            try disk.rename(one, to: other)
            #expect(try disk.contents(of: other) == [1] && disk.names(in: folder) == ["inner", "other"])
            try disk.rename(other, to: inner.appending("moved"))
            #expect(try disk.contents(of: inner.appending("moved")) == [1] && disk.names(in: folder) == ["inner"])
            expect(.rename, .noSuchFileOrDirectory) { try disk.rename(one, to: other) }
            try disk.createDurably(one, [3])
            expect(.rename, .isDirectory) { try disk.rename(one, to: inner) }
            expect(.rename, .noSuchFileOrDirectory) { try disk.rename(one, to: folder.appending("no/where")) }
            #expect(try disk.contents(of: one) == [3])
        }
    }

    @Test("removes files and empty folders, each by its own call", arguments: Kind.allCases)
    func removing(kind: Kind) async throws {
        try await on(kind) { disk, folder in
            let (file, inner) = (folder.appending("file"), folder.appending("inner"))
            try disk.createDirectory(inner)
            try disk.createDurably(inner.appending("below"), [])
            try disk.createDurably(file, [])
            expect(.rmdir, .directoryNotEmpty) { try disk.removeDirectory(inner) }
            expect(.rmdir, .notDirectory) { try disk.removeDirectory(file) }
            expect(.unlink, .isDirectory) { try disk.remove(inner) }
            try disk.remove(inner.appending("below"))
            try disk.removeDirectory(inner)
            try disk.remove(file)
            #expect(try disk.names(in: folder) == [])
            expect(.unlink, .noSuchFileOrDirectory) { try disk.remove(file) }
            expect(.rmdir, .noSuchFileOrDirectory) { try disk.removeDirectory(inner) }
        }
    }

    @Test("tells a folder from a file and from nothing", arguments: Kind.allCases)
    func folders(kind: Kind) async throws {
        try await on(kind) { disk, folder in
            let (file, missing) = (folder.appending("file"), folder.appending("missing"))
            try disk.createDurably(file, [1])
            try disk.synchronizeDirectory(folder)
            expect(.opendir, .notDirectory) { _ = try disk.names(in: file) }
            expect(.opendir, .noSuchFileOrDirectory) { _ = try disk.names(in: missing) }
            expect(.open, .notDirectory) { try disk.synchronizeDirectory(file) }
            expect(.open, .noSuchFileOrDirectory) { try disk.synchronizeDirectory(missing) }
            expect(.open, .noSuchFileOrDirectory) { _ = try disk.openForReading(missing) }
            expect(.read, .isDirectory) { _ = try disk.contents(of: folder) }
        }
    }

    @Test("gives a lock to one at a time", arguments: Kind.allCases)
    func locking(kind: Kind) async throws {
        try await on(kind) { disk, folder in
            let path = folder.appending("lock")
            let lock = try #require(try disk.lock(path))
            try lock.describeHolder("me")
            #expect(try disk.lock(path) == nil)
            lock.unlock()
            let again = try #require(try disk.lock(path))
            again.unlock()
            #expect(try disk.status(of: path)?.kind == .file)
        }
    }
}
