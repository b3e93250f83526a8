@testable import AuditArchive
import Foundation
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

    @Test func aRecordIsTheSameInAnotherOrder() async throws {
        try await withArchive { archive in
            try await archive.commit([], quarantine: [#"{"a":1,"b":{"c":2,"d":3}}"#])
            #expect(try await archive.commit([], quarantine: [#"{"b":{"d":3,"c":2},"a":1}"#]) == nil)
            try await archive.commit([], quarantine: [#"{"b":{"d":3,"c":2},"a":1.0}"#])
            #expect(try archive.manifest().quarantine.map(\.records) == [1, 1])
        }
    }

    @Test func linesAreSortedByDecodedID() async throws {
        try await withArchive { archive in
            let records = [
                #"{"id":"b"}"#, "8", #"{"id":"\u0061b"}"#, #"{"id":"a"}"#, "7", "{\"id\":\"\u{E9}\"}",
                #"{"id":"a","x":0}"#
            ]
            try await archive.commit([], quarantine: records)
            let path = try archive.manifest().quarantine[0].name.path
            let kept = try TestArchive.lines(in: archive.bytes(path)).compactMap { line in
                line.firstRange(of: "\"record\": ").map { String(line[$0.upperBound...].dropLast()) }
            }
            #expect(kept == [1, 4, 3, 6, 2, 0, 5].map { records[$0] })
        }
    }

    @Test func eightVersionsOfAnEventAreKeptOverAll() async throws {
        try await withArchive { archive in
            func keep(_ versions: Range<Int>) async throws -> [QuarantineBatch.Outcome] {
                let session = try archive.open()
                var batch = try await session.makeQuarantineBatch()
                let outcomes = versions.map { version in
                    let record = Array("{\"id\":\"a\",\"v\":\(version)}".utf8)
                    return batch.keep(record.span.bytes, .changed, receivedAt: TestArchive.now)
                }
                try await session.stage(batch)
                _ = try await session.commit(TestArchive.facts())
                await session.close()
                return outcomes
            }
            #expect(try await keep(0..<5) == Array(repeating: .kept, count: 5))
            #expect(try await keep(3..<10) == [.known, .known, .kept, .kept, .kept, .surplus, .surplus])
            #expect(try await keep(5..<9) == [.known, .known, .known, .surplus])
            // Another event is another matter.
            let session = try archive.open()
            var batch = try await session.makeQuarantineBatch()
            let isNew = batch.insert(#"{"id":"b","v":9}"#, .changed)
            #expect(isNew)
            await session.close()
        }
    }

    @Test(arguments: [[], [0], [0, 255], [1, 2, 3], Array("{\"id\":NaN}\n".utf8)])
    func whatIsNotJSONIsKeptAsItsBytes(bytes: [UInt8]) async throws {
        try await withArchive { archive in
            for round in 0..<2 {
                let session = try archive.open()
                var batch = try await session.makeQuarantineBatch()
                let outcome = batch.keep(malformed: bytes, receivedAt: TestArchive.now)
                #expect(outcome == (round == 0 ? .kept : .known))
                try await session.stage(batch)
                _ = try await session.commit(TestArchive.facts())
                await session.close()
            }
            let path = try archive.manifest().quarantine[0].name.path
            let text = Data(bytes).base64EncodedString()
            #expect(
                try TestArchive.lines(in: archive.bytes(path)) == [
                    #"{"reason": "not JSON", "received_at": "2025-03-01T12:00:00.000000Z", "record": null, "#
                        + #""raw_base64": "\#(text)"}"#
                ])
            #expect(try await archive.faults() == [])
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
