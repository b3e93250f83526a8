@testable import AuditArchive
import SystemPackage
import Testing

@Suite struct LockTests {
    @Test func secondSessionIsToldWhoHoldsTheLock() async throws {
        try await withArchive { archive in
            try await archive.commit([])
            let archive = archive
            let first = try archive.open(now: "2025-03-01T10:00:00Z", processID: 4242)
            let error = #expect(throws: ArchiveError.self) { try archive.open(processID: 4243) }
            #expect(error?.kind == .locked)
            #expect(error?.description.contains("process 4242, since 2025-03-01T10:00:00.000000Z") == true)
            await first.close()
            let second = try archive.open()
            await second.close()
        }
    }

    @Test(arguments: ["", "{", "{\"pid\": \"x\"}"])
    func holderThatHasNotWrittenYet(text: String) async throws {
        try await withArchive { archive in
            try await archive.commit([])
            let lock = try #require(try archive.fileSystem.lock(archive.layout.lock))
            try lock.describeHolder(text)
            let archive = archive
            let error = #expect(throws: ArchiveError.self) { try archive.open() }
            #expect(error?.kind == .locked)
            #expect(error?.description.contains("another process") == true)
            lock.unlock()
        }
    }

    @Test func failedOpeningFreesTheLock() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit([])
            try archive.replace("manifest.json", [])
            let archive = archive
            for _ in 0..<2 {
                let error = #expect(throws: ArchiveError.self) { try archive.open() }
                #expect(error?.kind == .damaged)
            }
        }
    }

    @Test func verificationNeedsNoLock() async throws {
        try await withArchive { archive in
            try await archive.commit([TestEvent(1, at: "2025-02-23T10:00:00Z")])
            let session = try archive.open()
            #expect(try await archive.faults() == [])
            await session.close()
        }
    }
}
