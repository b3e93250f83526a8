import AuditArchive
import JSONText
import Testing

@Suite struct QuarantineTests {
    @Test func recordsAreKeptOnce() async throws {
        try await withArchive { archive in
            try await archive.commit([], quarantine: ["7", "\"x\"", "7", #"{"a":", \"record\": "}"#])
            #expect(try archive.manifest().quarantine.map(\.records) == [3])
            #expect(try await archive.commit([], quarantine: ["\"x\"", "7", #"{"a":", \"record\": "}"#]) == nil)
            try await archive.commit([], quarantine: ["7", "8"])
            #expect(try archive.manifest().quarantine.map(\.records) == [3, 1])
            #expect(try archive.manifest().quarantine.map(\.name.generation) == [1, 2])
        }
    }

    @Test func line() async throws {
        try await withArchive { archive in
            try await archive.commit([], quarantine: [#"{"created_at":1}"#])
            let path = try archive.manifest().quarantine[0].name.path
            #expect(
                try TestArchive.lines(in: archive.bytes(path)) == [
                    #"{"reason": "no string id", "received_at": "2025-03-01T12:00:00.000000Z", "#
                        + #""record": {"created_at":1}}"#
                ])
        }
    }

    @Test func batchForgetsLinesButNotRecords() async throws {
        try await withArchive { archive in
            let session = try archive.open()
            var batch = try await session.makeQuarantineBatch()
            let isNew = batch.insert("1", .notAnObject)
            #expect(isNew)
            try await session.stage(batch)
            batch.removeLines()
            #expect(batch.count == 0)
            let isNewAgain = batch.insert("1", .changed)
            #expect(!isNewAgain)
            let isOtherNew = batch.insert("2", .changed)
            #expect(isOtherNew)
            try await session.stage(batch)
            _ = try await session.commit(TestArchive.facts())
            await session.close()
            #expect(try archive.manifest().quarantine.map(\.name.part) == [0, 1])
        }
    }

    @Test func missingFileIsDamage() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit([], quarantine: ["1"])
            try archive.fileSystem.remove(archive.layout.absolute("quarantine/quarantine-000001-00.ndjson.gz"))
            let session = try archive.open()
            let error = await #expect(throws: ArchiveError.self) { try await session.makeQuarantineBatch() }
            #expect(error?.kind == .damaged)
            await session.close()
        }
    }
}
