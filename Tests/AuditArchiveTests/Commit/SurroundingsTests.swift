import ArchiveTestSupport
@testable import AuditArchive
import SystemPackage
import Testing

/// File systems that cannot do everything.
@Suite("A session on an odd file system")
struct SurroundingsTests {
    private static let probe = ".captivateiq-export-probe"

    @Test(
        "that does not rename into a folder is refused before the point of no return",
        arguments: ["audit_logs", "quarantine"], [Errno.improperLink, .ioError, .permissionDenied])
    func otherMount(folder: String, errno: Errno) async throws {
        let disk = try await FaultPointTests.before()
        let faulty = FaultyFileSystem(disk, .first(.rename, "\(folder)/\(Self.probe)"), .fails(errno))
        let error = await #expect(throws: ArchiveError.self) { try await SmallSync(on: faulty).runUnderTest() }
        #expect(error?.kind == (errno == .ioError ? .inputOutput : .notWritable))
        if errno == .improperLink {
            #expect(error?.hint.contains("bind mount") == true && error?.path.lastComponent?.string == folder)
        }
        let sync = SmallSync(on: disk)
        #expect(try disk.status(of: SmallSync.layout.journal) == nil)
        #expect(try await Expectations(sync: sync).violationsOfOldOrNew(isNew: false) == [])
        try await sync.runUnderTest()
        #expect(try await Expectations(sync: sync).violationsOfOldOrNew(isNew: true) == [])
    }

    @Test("tries each folder once")
    func once() async throws {
        let disk = try await FaultPointTests.before()
        let counter = FaultyFileSystem(disk, .none, .stops)
        let session = try TestArchive(layout: SmallSync.layout, fileSystem: counter).open()
        for number in 10..<13 {
            try await session.stage(EventBatch([TestEvent(number, at: "2025-02-20T10:00:00Z")], date: "2025-02-20"))
            _ = try await session.commit(TestArchive.facts())
        }
        await session.close()
        let probed = counter.trace.filter { $0.operation == .rename && $0.path.lastComponent?.string == Self.probe }
        let folders = [
            SmallSync.layout.root, SmallSync.layout.dataDirectory, SmallSync.layout.evidenceDirectory
        ]
        #expect(probed.map { $0.path.removingLastComponent() } == folders)
    }

    @Test("clears away what a crash left of that, which is no damage", arguments: ["audit_logs", "quarantine"])
    func leftOver(folder: String) async throws {
        let disk = try await FaultPointTests.before()
        let path = SmallSync.layout.absolute("\(folder)/\(Self.probe)")
        try disk.createDurably(path, [])
        let sync = SmallSync(on: disk)
        #expect(try await sync.archive.faults() == [])
        try await sync.recover()
        #expect(try disk.status(of: path) == nil)
    }

    @Test("that cannot make folders durable warns once and goes on", arguments: [Errno.invalidArgument, .notSupported])
    func folders(errno: Errno) async throws {
        let disk = try FaultPointTests.nothing()
        let archive = TestArchive(layout: SmallSync.layout, fileSystem: ObservedFileSystem(disk, failingFolders: errno))
        let session = try archive.open()
        try await session.stage(EventBatch([TestEvent(1, at: "2025-02-23T10:00:00Z")], date: "2025-02-23"))
        #expect(try await session.commit(TestArchive.facts())?.records == 1)
        #expect(await session.warnings.count == 1)
        await session.close()
        #expect(try await archive.rebuild().warnings.count == 1)
        #expect(try await archive.faults() == [])
    }

    @Test("whose folders fail otherwise stops")
    func failingFolders() throws {
        let disk = try FaultPointTests.nothing()
        let archive = TestArchive(
            layout: SmallSync.layout, fileSystem: ObservedFileSystem(disk, failingFolders: .ioError))
        let error = #expect(throws: ArchiveError.self) { try archive.open() }
        #expect(error?.kind == .inputOutput)
    }

    @Test(
        "that cannot lock says so",
        arguments: [Errno(rawValue: 37), .notSupported, .noFunction])
    func locks(errno: Errno) throws {
        let disk = try FaultPointTests.nothing()
        let archive = TestArchive(
            layout: SmallSync.layout, fileSystem: FaultyFileSystem(disk, .first(.flock, "lock"), .fails(errno)))
        let error = #expect(throws: ArchiveError.self) { try archive.open() }
        #expect(error?.kind == .inputOutput && error?.summary.contains("cannot lock") == true)
        #expect(error?.hint.contains("dmesg") == false && error?.hint.contains("NFS") == true)
    }
}

extension ObservedFileSystem {
    /// A file system on which `fsync` of a folder fails.
    fileprivate convenience init(_ real: MemoryFileSystem, failingFolders errno: Errno) {
        self.init(real) { operation, path throws(FileSystemError) in
            if operation == .fsync { throw FileSystemError(operation, path, errno) }
        }
    }
}
