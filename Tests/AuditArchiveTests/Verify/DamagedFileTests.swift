import ArchiveTestSupport
@testable import AuditArchive
import SystemPackage
import Testing
import TestSupport

/// Damage to the bytes of files behind the manifest's back.
@Suite struct DamagedFileTests {
    static let path = "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000001-00.ndjson.gz"
    static let quarantinePath = "quarantine/quarantine-000001-00.ndjson.gz"

    /// An archive with three files, one of them damaged by `damage`, and what is then wrong with it.
    static func faults(
        in path: String = path, after damage: ([UInt8]) async throws -> [UInt8]
    ) async throws -> [ArchiveFault] {
        var faults: [ArchiveFault] = []
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(
                TestEvent.run(0..<50, from: "2025-02-23T10:00:00Z")
                    + TestEvent.run(50..<60, from: "2025-02-24T10:00:00Z"),
                quarantine: ["1", "2"])
            #expect(try await archive.faults() == [])
            try archive.dropEvidence()
            try archive.replace(path, try await damage(try archive.bytes(path)))
            faults = try await archive.faults()
        }
        #expect(faults.allSatisfy { $0.path == path })
        return faults
    }

    @Test func everyFlippedBit() async throws {
        let archive = SmallSync(on: try FaultPointTests.nothing()).archive
        try await archive.commit(TestEvent.run(0..<1, from: "2025-02-23T10:00:00Z"))
        let sound = try archive.bytes(Self.path)
        for bit in 0..<sound.count * 8 {
            var bytes = sound
            bytes[bit / 8] ^= 1 << (bit % 8)
            try archive.replace(Self.path, bytes)
            let kinds = Set(try await archive.faults().map(\.kind))
            #expect(kinds.contains(.sha256), "bit \(bit)")
            #expect(!kinds.contains(.size), "bit \(bit)")
        }
        try archive.replace(Self.path, sound)
        #expect(try await archive.faults() == [])
    }

    @Test func flippedBitInTheData() async throws {
        let faults = try await Self.faults { bytes in
            var bytes = bytes
            bytes[bytes.count / 2] ^= 0x10
            return bytes
        }
        #expect(Set(faults.map(\.kind)) == [.sha256, .gzip])
    }

    @Test(arguments: [0, 1, 5, 10, 100, 180])
    func cut(length: Int) async throws {
        let faults = try await Self.faults { Array($0.prefix(length)) }
        #expect(Set(faults.map(\.kind)) == [.size, .sha256, .gzip])
        #expect(faults.contains { $0.detail.hasPrefix("has \(length) bytes, the manifest says ") })
    }

    @Test(arguments: [[0x00], [0x0A], [0x1F], Array("garbage".utf8), Array(repeating: 0, count: 100_000)] as [[UInt8]])
    func bytesAfterTheMember(garbage: [UInt8]) async throws {
        var end = 0
        let faults = try await Self.faults { bytes in
            end = bytes.count
            return bytes + garbage
        }
        #expect(Set(faults.map(\.kind)) == [.size, .sha256, .trailingBytes])
        #expect(faults.contains { $0.detail == "the gzip member ends at byte \(end), the file does not" })
    }

    @Test func secondMember() async throws {
        var end = 0
        let faults = try await Self.faults { bytes in
            end = bytes.count
            return bytes + (try await Gunzip.member(Array("{}\n".utf8)))
        }
        #expect(Set(faults.map(\.kind)) == [.size, .sha256, .secondMember])
        #expect(faults.contains { $0.detail == "a second gzip member begins at byte \(end)" })
    }

    /// A member as long as a chunk of the reader, where its end and that of the chunk are one.
    @Test(arguments: [32_767, 32_768, 32_769])
    func endOfTheMemberAtTheEndOfAChunk(length: Int) async throws {
        var random = SeededRandom(seed: 5)
        var noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
        while try await Gunzip.member(noise).count > length { noise.removeLast() }
        let member = try await Gunzip.member(noise)
        let second = try await Gunzip.member([])
        let faults = try await Self.faults { _ in member + second }
        #expect(faults.contains { $0.detail == "a second gzip member begins at byte \(member.count)" })
    }

    @Test func notGzip() async throws {
        let faults = try await Self.faults { try Gunzip.bytes($0) }
        #expect(Set(faults.map(\.kind)) == [.size, .sha256, .gzip])
    }

    @Test(arguments: [(#"{"reason": "x"}"#, ArchiveFault.Kind.quarantineRecord), ("[1]", .notJSON), ("{", .notJSON)])
    func quarantineLines(line: String, expected: ArchiveFault.Kind) async throws {
        let faults = try await Self.faults(in: Self.quarantinePath) { bytes in
            try await Gunzip.member(try Gunzip.bytes(bytes) + Array("\(line)\n".utf8))
        }
        #expect(Set(faults.map(\.kind)) == [.size, .sha256, .uncompressedSize, .records, expected])
        #expect(faults.first { $0.kind == expected }?.line == 3)
    }

    @Test func damagedQuarantineFile() async throws {
        let faults = try await Self.faults(in: Self.quarantinePath) { $0.dropLast() }
        #expect(Set(faults.map(\.kind)) == [.size, .sha256, .gzip])
    }

    @Test func everyFaultOfEveryFileIsListed() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T23:59:59Z"), quarantine: ["1"])
            let paths = try archive.manifest().files.map(\.name.path) + [Self.quarantinePath]
            for path in paths { try archive.replace(path, try archive.bytes(path) + [1]) }
            try archive.replace("stray", [])
            let faults = try await archive.faults()
            for path in paths {
                #expect(Set(faults.filter { $0.path == path }.map(\.kind)) == [.size, .sha256, .trailingBytes])
            }
            #expect(faults.filter { $0.path == "stray" }.map(\.kind) == [.strayFile])
            #expect(faults == faults.sorted())
            #expect(faults.count == 10)
        }
    }

    @Test func unreadableFile() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            var unreadable = archive
            unreadable.fileSystem = FaultyFileSystem(
                archive.fileSystem, .first(.open, Self.path), .fails(.permissionDenied))
            #expect(try await unreadable.faults().map(\.kind) == [.unreadable])
        }
    }

    @Test func countsWhatItRead() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<5, from: "2025-02-23T23:59:58Z"), quarantine: ["1", "2"])
            let verification = try await ArchiveVerifier(archive.layout, fileSystem: archive.fileSystem)
                .verify(parallelism: 1)
            let totals = try archive.manifest().totals
            #expect(verification.faults.isEmpty)
            #expect(verification.generation == 1)
            #expect(verification.files == 2)
            #expect(verification.records == 5)
            #expect(verification.size == totals.size)
            #expect(verification.uncompressedSize == totals.uncompressedSize)
            #expect(verification.quarantineFiles == 1)
            #expect(verification.quarantinedRecords == 2)
        }
    }
}
