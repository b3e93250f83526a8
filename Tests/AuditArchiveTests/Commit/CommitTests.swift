@testable import AuditArchive
import AuditRecords
import CivilTime
import Testing
import TestSupport

@Suite struct CommitTests {
    static let events = TestEvent.run(0..<5, from: "2025-02-23T23:59:58Z")

    @Test func firstCommit() async throws {
        try await withArchive { archive in
            let commit = try #require(try await archive.commit(Self.events, quarantine: ["[1,2]"]))
            #expect(
                try FileTree(archive.layout.root).withoutLock.listing == [
                    "audit_logs 750", "audit_logs/date=2025-02-23 750",
                    "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000001-00.ndjson.gz 640",
                    "audit_logs/date=2025-02-24 750",
                    "audit_logs/date=2025-02-24/audit_logs-2025-02-24-000001-00.ndjson.gz 640",
                    "evidence 750", "evidence/log 750", "evidence/log/2025-03-01.ndjson 640", "manifest.json 640",
                    "quarantine 750", "quarantine/quarantine-000001-00.ndjson.gz 640"
                ])
            let all = try FileTree(archive.layout.root).listing
            #expect(all.allSatisfy { $0.hasSuffix(" 640") || $0.hasSuffix(" 750") })
            #expect(Set(all).isSuperset(of: [".captivateiq-export/lock 640", ".captivateiq-export/staging 750"]))
            let manifest = try archive.manifest()
            #expect(commit.generation == 1)
            #expect(commit.files == 2)
            #expect(commit.records == 5)
            #expect(commit.bytes == manifest.totals.size)
            #expect(manifest.files.map(\.records) == [2, 3])
            #expect(manifest.partitions.map(\.date) == ["2025-02-23", "2025-02-24"])
            #expect(manifest.organization?.id == "org_1")
            #expect(manifest.startTimestamp == "2025-01-01T00:00:00Z")
            #expect(manifest.writtenAt == TestArchive.now)
            #expect(manifest.lastEventTimestamp == "2025-02-24T00:00:02Z")
            #expect(try archive.lines() == Self.events.map(\.line))
        }
    }

    @Test func manifestFacts() async throws {
        try await withArchive { archive in
            try await archive.commit(Self.events)
            let file = try archive.manifest().files[1]
            let bytes = try archive.bytes(file.name.path)
            let text = try Gunzip.bytes(bytes)
            #expect(file.size == bytes.count)
            #expect(file.uncompressedSize == text.count)
            #expect(file.firstEventTimestamp == "2025-02-24T00:00:00Z")
            #expect(file.lastEventTimestamp == "2025-02-24T00:00:02Z")
            #expect(text.last == UInt8(ascii: "\n"))
            #expect(Array(bytes.prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
        }
    }

    @Test func secondCommitAddsFilesAndChangesNone() async throws {
        try await withArchive { archive in
            try await archive.commit(Self.events)
            let before = try FileTree(archive.layout.root).withoutLock
            let late = TestEvent(9, at: "2025-02-23T12:00:00Z")
            let commit = try #require(try await archive.commit([late]))
            #expect(commit.generation == 2)
            let after = try FileTree(archive.layout.root).withoutLock
            for (path, entry) in before.entries where path.hasSuffix(".gz") { #expect(after.entries[path] == entry) }
            #expect(after.entries.count == before.entries.count + 1)
            let manifest = try archive.manifest()
            #expect(manifest.files.map(\.name.generation) == [1, 2, 1])
            #expect(manifest.partitions.map(\.records) == [3, 3])
            #expect(try archive.lines() == (Self.events[..<2] + [late] + Self.events[2...]).map(\.line))
        }
    }

    @Test func nothingNewChangesNoFile() async throws {
        try await withArchive { archive in
            try await archive.commit(Self.events, quarantine: ["1"])
            let before = try FileTree(archive.layout.root).withoutLock
            let later = TestArchive.now + .seconds(3600)
            #expect(try await archive.commit([], quarantine: ["1"], now: later) == nil)
            #expect(try FileTree(archive.layout.root).withoutLock == before)
        }
    }

    @Test func firstCommitWithoutEventsKeepsTheStart() async throws {
        try await withArchive { archive in
            let commit = try #require(try await archive.commit([]))
            #expect(commit.files == 0)
            let manifest = try archive.manifest()
            #expect(manifest.startTimestamp == "2025-01-01T00:00:00Z")
            #expect(manifest.lastEventTimestamp == nil)
            #expect(manifest.partitions.isEmpty)
        }
    }

    @Test func changedFactsAreACommit() async throws {
        try await withArchive { archive in
            try await archive.commit(Self.events)
            var facts = TestArchive.facts()
            facts.pending = RangeSet([Range(from: "2025-01-01T00:00:00Z", to: "2025-01-02T00:00:00Z")])
            #expect(try await archive.commit([], facts)?.generation == 2)
            #expect(try archive.manifest().pending == facts.pending)
            #expect(try await archive.commit([], facts) == nil)
        }
    }

    @Test func severalStagingsOfOneDateAreParts() async throws {
        try await withArchive { archive in
            let batches = [0..<3, 3..<6, 6..<9].map { numbers in
                EventBatch(TestEvent.run(numbers, from: "2025-02-23T10:00:0\(numbers.lowerBound)Z"), date: "2025-02-23")
            }
            try await archive.commit(batches + [EventBatch(date: "2025-02-22")], TestArchive.facts())
            #expect(try archive.manifest().files.map(\.name.part) == [0, 1, 2])
        }
    }

    @Test func discardedEventsAreNotCommitted() async throws {
        try await withArchive { archive in
            let session = try archive.open()
            try await session.stage(EventBatch(Self.events, date: "2025-02-23"))
            await session.discard()
            try await session.stage(EventBatch([Self.events[0]], date: "2025-02-23"))
            _ = try await session.commit(TestArchive.facts())
            await session.close()
            #expect(try archive.lines() == [Self.events[0].line])
        }
    }

    @Test(arguments: [100, 400, 1_000, 100_000])
    func partsByMaximumSize(maximum: Int) async throws {
        try await withArchive { archive in
            archive.maximumPartSize = maximum
            let events = TestEvent.run(0..<40, from: "2025-02-23T10:00:00Z")
            try await archive.commit(events)
            let files = try archive.manifest().files
            let lineSize = events[0].line.utf8.count + 1
            #expect(files.map(\.name.part) == Array(files.indices))
            for file in files { #expect(file.uncompressedSize <= maximum || file.records == 1) }
            for file in files.dropLast() { #expect(file.uncompressedSize + lineSize + 2 > maximum, "\(file) has room") }
            #expect(try archive.lines() == events.map(\.line))
        }
    }

    @Test func bytesDoNotDependOnParallelism() async throws {
        var random = SeededRandom(seed: 3)
        let events = (0..<20_000).map { number in
            TestEvent(
                number, at: "2025-02-23T10:00:00Z", extra: ",\"r\":\(UInt64.random(in: 0...UInt64.max, using: &random))"
            )
        }
        var sums: Set<String> = []
        for parallelism in [1, 2, 5] {
            try await withArchive { archive in
                archive.parallelism = parallelism
                try await archive.commit(events)
                sums.insert(try archive.manifest().files[0].sha256.hexadecimal)
            }
        }
        #expect(sums.count == 1)
    }

    @Test func archivedEventsAreThoseOfTheDatesAskedFor() async throws {
        try await withArchive { archive in
            try await archive.commit(Self.events)
            let session = try archive.open()
            let archived = try await session.archivedEvents(of: ["2025-02-24", "2025-02-25"])
            await session.close()
            #expect(archived.map(\.key) == Self.events[2...].map { EventKey(id: $0.id.utf8.span.bytes) })
            #expect(archived.map(\.digest) == Self.events[2...].map { ContentDigest(line: $0.line.utf8.span.bytes) })
        }
    }

    @Test func archivedEventsOfADamagedFileAreRefused() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(Self.events)
            let file = try archive.manifest().files[0].name.path
            try archive.replace(file, try archive.bytes(file).dropLast())
            let session = try archive.open()
            let error = await #expect(throws: ArchiveError.self) {
                try await session.archivedEvents(of: ["2025-02-23"])
            }
            #expect(error?.kind == .damaged)
            try archive.fileSystem.remove(archive.layout.absolute(file))
            let gone = await #expect(throws: ArchiveError.self) { try await session.archivedEvents(of: ["2025-02-23"]) }
            #expect(gone?.kind == .damaged)
            await session.close()
        }
    }
}
