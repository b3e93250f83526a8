import ArchiveTestSupport
@testable import AuditArchive
@testable import AuditReport
import CivilTime
import SystemPackage
import Testing
import TestSupport

@Suite("A search")
struct EventSearchTests {
    /// Some days of events in two commits, the second of which has late ones.
    private static func archive(seed: UInt64 = 1, days: Int = 6) async throws -> (SampleArchive, [SampleEvent]) {
        var random = SeededRandom(seed: seed)
        let archive = SampleArchive()
        var all: [SampleEvent] = []
        for commit in 0..<2 {
            var events: [SampleEvent] = []
            for number in 0..<200 {
                let day = SampleArchive.start.day.advanced(by: Int.random(in: 0..<days, using: &random))
                // Few seconds, so that many events share one.
                let time = day.start + .seconds(Int.random(in: 0..<40, using: &random) * 2000)
                var event = SampleEvent("\(commit)-\(number)", at: time)
                event.user = ["Jane Admin", "Zoë", "王"].randomElement(using: &random)
                event.loggedIn = number % 10 == 0 ? "Lucas Silva" : nil
                events.append(event)
            }
            var facts = SampleArchive.Facts()
            facts.now = SampleEvent.time("2025-03-01T1\(commit):00:00Z")
            try await archive.commit(events, facts)
            all += events
        }
        all.sort { $0.time != $1.time ? $0.time < $1.time : $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        return (archive, all)
    }

    private static func text(_ events: [SampleEvent]) -> String { events.map { $0.line + "\n" }.joined() }

    @Test("gives the archived bytes of all files in one order", arguments: [1, 2, 7])
    func everything(parallelism: Int) async throws {
        let (archive, events) = try await Self.archive()
        let found = try await archive.search(parallelism: parallelism)
        #expect(found.text == Self.text(events))
        #expect(found.result.count == 400)
        #expect(found.result.impersonated == 40)
        #expect(found.result.generation == 2)
        #expect(archive.fileSystem.openFiles == 0)
    }

    @Test("gives those of the range and the filters", arguments: [UInt64(1), 2])
    func filters(seed: UInt64) async throws {
        let (archive, events) = try await Self.archive(seed: seed)
        var query = EventQuery()
        query.from = events[120].time
        query.through = events[300].time
        query.user = "zoë"
        let expected = events.filter { event in
            query.holds(event.time) && event.user == "Zoë"
        }
        let found = try await archive.search(query)
        #expect(found.text == Self.text(expected), "seed \(seed)")
        query.user = "nobody"
        #expect(try await archive.search(query).result.count == 0)
    }

    @Test("opens no file of other days")
    func pruning() async throws {
        let (archive, events) = try await Self.archive()
        var query = EventQuery()
        let day = SampleArchive.start.day.advanced(by: 2)
        (query.from, query.through) = (day.start, day.start + .seconds(86_399))
        for file in try archive.manifest().files where file.name.date != day {
            try archive.fileSystem.remove(archive.layout.absolute(file.name.path))
        }
        #expect(try await archive.search(query).text == Self.text(events.filter { $0.time.day == day }))
    }

    @Test("gives what came after a generation, late events too, and the one to go on from")
    func feed() async throws {
        let (archive, events) = try await Self.archive()
        var query = EventQuery()
        for (generation, prefixes) in [(0, ["0-", "1-"]), (1, ["1-"]), (2, []), (9, [])] {
            query.sinceGeneration = generation
            let found = try await archive.search(query)
            #expect(found.text == Self.text(events.filter { event in prefixes.contains { event.id.hasPrefix($0) } }))
            // Of an archive that is older than what a consumer had, what is to come has numbers from there on.
            #expect(found.result.generation == 2)
        }
    }

    @Test("ends as soon as no more is wanted")
    func stop() async throws {
        let (archive, _) = try await Self.archive()
        let search = EventSearch(
            archive.layout, fileSystem: archive.fileSystem, clock: ImpatientClock(), parallelism: 2)
        var pieces = 0
        let result = try await search.run(EventQuery(), .ndjson) { _ in
            pieces += 1
            return false
        }
        #expect(pieces == 1)
        #expect(result.count < 400)
        #expect(archive.fileSystem.openFiles == 0)
    }

    @Test("holds little of a large day in memory, and gives all of it in order")
    func largeDay() async throws {
        let archive = SampleArchive()
        for commit in 0..<2 {
            let events = (0..<6000).map { number in
                var event = SampleEvent(
                    "\(commit)-\(number)", at: SampleArchive.start + .milliseconds(number * 2 + commit))
                event.data = "\"\(String(repeating: "x", count: 200))\""
                return event
            }
            try await archive.commit(events)
        }
        let found = try await archive.search()
        let ids = found.text.split(separator: "\n").map { $0.dropFirst(7).prefix { $0 != "\"" } }
        #expect(ids == (0..<6000).flatMap { ["0-\($0)", "1-\($0)"] }.map { Substring($0) })
    }
}

@Suite("A search beside commands that take files away")
struct BesideSearchTests {
    private static func archive() async throws -> (SampleArchive, DataFile) {
        let archive = SampleArchive()
        let day = SampleArchive.start.day
        let events = (0..<4).flatMap { number in
            (0..<5).map { SampleEvent("\(number)-\($0)", at: day.advanced(by: number).start + .seconds($0)) }
        }
        try await archive.commit(events)
        return (archive, try archive.manifest().files[2])
    }

    /// The archive as it would be had another command replaced a file by one of another name.
    private static func renamed(_ archive: SampleArchive, _ file: DataFile) throws -> MemoryFileSystem {
        let other = archive.fileSystem.copy()
        var manifest = try archive.manifest()
        var new = file
        new.name = DataFileName(date: file.name.date, generation: 9, part: 0)
        try other.rename(archive.layout.absolute(file.name.path), to: archive.layout.absolute(new.name.path))
        manifest.files = manifest.files.map { $0.name == file.name ? new : $0 }
        manifest.generation = 9
        try other.remove(archive.layout.manifest)
        try other.createDurably(archive.layout.manifest, manifest.seal())
        return other
    }

    @Test("reads the manifest again, and gives each event once", arguments: [1, 2, 4])
    func renamed(parallelism: Int) async throws {
        let (archive, file) = try await Self.archive()
        let expected = try await archive.search().text
        let later = try Self.renamed(archive, file)
        let path = archive.layout.absolute(file.name.path)
        let disk = ObservedFileSystem(archive.fileSystem, before: path) { archive.fileSystem.become(later) }
        let found = try await archive.search(parallelism: parallelism, fileSystem: disk)
        #expect(found.text == expected)
        // What came with the newer manifest is not known to be all that is new.
        #expect(found.result.generation == 1)
    }

    @Test("says that a file is missing, where no newer manifest explains it")
    func missing() async throws {
        let (archive, file) = try await Self.archive()
        try archive.fileSystem.remove(archive.layout.absolute(file.name.path))
        let error = try await #require(throws: ArchiveError.self) { try await archive.search() }
        #expect(error.kind == .damaged)
        #expect(error.path == archive.layout.absolute(file.name.path))
    }

    @Test("says that a commit is not finished, where that explains it")
    func unfinished() async throws {
        let (archive, file) = try await Self.archive()
        let path = archive.layout.absolute(file.name.path)
        let link = Journal.Link(follows: try archive.manifest().digest, makes: String(repeating: "a", count: 64))
        let journal = Journal(generation: 2, link: link, moves: [], removals: [file.name.path])
        try archive.fileSystem.createDurably(archive.layout.journal, journal.encoded())
        try archive.fileSystem.remove(path)
        let error = try await #require(throws: ArchiveError.self) { try await archive.search() }
        #expect(error.kind == .locked)
    }

    @Test("refuses a file that is not what the manifest says")
    func damaged() async throws {
        let (archive, file) = try await Self.archive()
        let path = archive.layout.absolute(file.name.path)
        for change in [0, 1, 2] {
            let disk = archive.fileSystem.copy()
            var bytes = try #require(try disk.contents(of: path))
            switch change {
            case 0: bytes[bytes.count / 2] ^= 1
            case 1: bytes.removeLast()
            default: bytes += [0]
            }
            try disk.remove(path)
            try disk.createDurably(path, bytes)
            let error = try await #require(throws: ArchiveError.self) { try await archive.search(fileSystem: disk) }
            #expect(error.kind == .damaged)
            #expect(error.path == path)
        }
    }
}

@Suite("The files of a feed")
struct SearchPlanTests {
    private static func file(
        _ day: Int, generation: Int, at hour: Int?, replaces: Int? = nil
    ) -> DataFile {
        let date = SampleArchive.start.day.advanced(by: day)
        return DataFile(
            name: DataFileName(date: date, generation: generation, part: 0),
            digest: FileDigest(sha256: .empty, size: 1, uncompressedSize: 1, records: 1),
            firstEventTimestamp: date.start, lastEventTimestamp: date.start + .seconds(86_399),
            archivedAt: hour.map { SampleArchive.start + .seconds($0 * 3600) }, replaces: replaces)
    }

    private static func generations(_ files: [DataFile], since generation: Int) -> [Int] {
        var manifest = Manifest(
            generation: 50, writtenAt: SampleArchive.start, writer: "test", startTimestamp: SampleArchive.start)
        manifest.files = files
        var query = EventQuery()
        query.sinceGeneration = generation
        return SearchPlan(manifest, query).days.flatMap(\.files).map(\.file.name.generation)
    }

    @Test("leave out a compacted file of which all was given before, and no other")
    func compacted() {
        let open = Self.file(3, generation: 10, at: 72)
        let compacted = Self.file(0, generation: 20, at: 30, replaces: 4)
        #expect(Self.generations([compacted, open], since: 10) == [])
        #expect(Self.generations([compacted, open], since: 9) == [20, 10])
        // Its newest events are as new as anything that is known to have been given, or when they came is not known.
        #expect(Self.generations([Self.file(0, generation: 20, at: 72, replaces: 4), open], since: 10) == [20])
        #expect(Self.generations([Self.file(0, generation: 20, at: nil, replaces: 4), open], since: 10) == [20])
        #expect(Self.generations([compacted], since: 19) == [20])
        // A file that replaces none is new, whenever it says that it came.
        #expect(Self.generations([Self.file(0, generation: 20, at: 30), open], since: 10) == [20])
        #expect(Self.generations([compacted, open], since: 20) == [])
    }
}
