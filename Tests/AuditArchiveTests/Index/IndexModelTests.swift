import ArchiveTestSupport
@testable import AuditArchive
import AuditRecords
import CivilTime
import SystemPackage
import Testing
import TestSupport

/// What is archived by a set, beside what the index says of it.
struct IndexModel {
    let layout = SmallSync.layout
    var disk: MemoryFileSystem
    var dates: [EventKey: CalendarDay] = [:]

    init() throws {
        disk = try FaultPointTests.nothing()
    }

    func archive(on fileSystem: (any FileSystem)? = nil) -> TestArchive {
        var archive = TestArchive(
            layout: layout, fileSystem: fileSystem ?? disk, maximumPartSize: 1 << 20, parallelism: 1)
        archive.index = .tiny
        return archive
    }

    static func key(_ number: Int) -> EventKey { EventKey(id: id(number).utf8.span.bytes) }

    static func id(_ number: Int) -> String { TestEvent(number, at: "").id }

    static func event(_ number: Int, on date: CalendarDay) -> TestEvent {
        TestEvent(number, at: "\(date)T12:00:00.000000Z")
    }

    /// The numbers that a session finds on other dates than they have, or finds though they are not there.
    func mistakes(of session: ArchiveSession, among numbers: Range<Int>) async throws -> [String] {
        var mistakes: [String] = []
        let keys = numbers.map(Self.key)
        let found = try await session.dates(thatMayHold: keys)
        if found != Set(keys.compactMap { dates[$0] }) { mistakes.append("all at once: \(found)") }
        // One by one only some of them, for time's sake.
        for (number, key) in zip(numbers, keys) where number % 5 == numbers.upperBound % 5 {
            let found = try await session.dates(thatMayHold: [key])
            if found != Set([dates[key]].compactMap(\.self)) { mistakes.append("\(number) is said to be on \(found)") }
            if await session.areArchived([key]) != (dates[key] != nil) { mistakes.append("areArchived of \(number)") }
        }
        let known = keys.filter { dates[$0] != nil }
        if await session.areArchived(known) != true { mistakes.append("areArchived of all known") }
        return mistakes
    }

    /// Commits events, and remembers them unless that fails.
    mutating func commit(_ events: [TestEvent], in session: ArchiveSession) async throws {
        for (date, events) in Dictionary(grouping: events, by: \.time.day) {
            try await session.stage(EventBatch(events, date: date))
        }
        _ = try await session.commit(TestArchive.facts())
        for event in events { dates[EventKey(id: event.id.utf8.span.bytes)] = event.time.day }
    }
}

@Suite struct IndexModelTests {
    private static let days = (0..<9).map { CalendarDay(number: 20_000 + $0) }

    @Test func emptyArchiveNeedsNoIndex() async throws {
        let model = try IndexModel()
        let session = try model.archive().open()
        #expect(try await session.dates(thatMayHold: [IndexModel.key(1)]) == [])
        #expect(await session.areArchived([IndexModel.key(1)]) == false)
        #expect(await session.areArchived([]) == true)
        try await session.prepareIndex()
        await session.close()
        #expect(!model.disk.tree.keys.contains { $0.hasSuffix("/ids") })
    }

    @Test func findsAnIdUnderTheDateItWasArchivedWith() async throws {
        var model = try IndexModel()
        var session = try model.archive().open()
        try await model.commit(
            [IndexModel.event(1, on: "2025-02-01"), IndexModel.event(2, on: "0001-01-01")], in: session)
        #expect(try await session.dates(thatMayHold: [IndexModel.key(1)]) == ["2025-02-01"])
        await session.close()
        session = try model.archive().open()
        try await model.commit([IndexModel.event(3, on: "9999-12-31")], in: session)
        #expect(try await model.mistakes(of: session, among: 0..<6) == [])
        await session.close()
    }

    /// Commits, reopenings, damage, deletion and restored copies in any order, against a dictionary.
    @Test(arguments: 0..<60 as Range<UInt64>)
    func saysWhatADictionarySays(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        var model = try IndexModel()
        var copies: [IndexModel] = []
        var session = try model.archive().open()
        var next = 0
        for step in 0..<25 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<5:
                let count = [1, 7, 60].randomElement(using: &random) ?? 1
                let events = (0..<count).map { number in
                    IndexModel.event(next + number, on: Self.days.randomElement(using: &random) ?? "2025-01-01")
                }
                next += count
                try await model.commit(events, in: session)
            case 5, 6:
                #expect(
                    try await model.mistakes(of: session, among: max(0, next - 70)..<next + 3) == [],
                    "seed \(seed), step \(step)")
            case 7:
                try await session.stage(
                    EventBatch([IndexModel.event(next + 500, on: "2025-01-01")], date: "2025-01-01"))
                await session.discard()
            case 8:
                copies.append(model)
                copies[copies.count - 1].disk = model.disk.copy()
            default:
                await session.close()
                if let copy = copies.randomElement(using: &random), Bool.random(using: &random) {
                    // The index stays as it is now, as when only the archive's own files are put back.
                    try copy.disk.keepIndex(of: model.disk, model.layout)
                    model = copy
                    model.disk = copy.disk.copy()
                }
                try model.disk.damageIndex(model.layout, using: &random)
                session = try model.archive().open()
            }
        }
        #expect(try await model.mistakes(of: session, among: 0..<next + 3) == [], "seed \(seed)")
        await session.close()
        #expect(model.disk.openFiles == 0)
    }
}

extension MemoryFileSystem {
    private func ids(_ layout: ArchiveLayout) -> FilePath { layout.hint("ids") }

    private func indexNames(_ layout: ArchiveLayout) throws -> [String] {
        try status(of: ids(layout)) == nil ? [] : names(in: ids(layout))
    }

    /// Replaces the index by that of another archive.
    func keepIndex(of other: MemoryFileSystem, _ layout: ArchiveLayout) throws {
        for name in try indexNames(layout) { try remove(ids(layout).appending(name)) }
        try ensureDirectory(ids(layout))
        for name in try other.indexNames(layout) {
            let bytes = try other.contents(of: other.ids(layout).appending(name)) ?? []
            try createDurably(ids(layout).appending(name), bytes)
        }
    }

    /// In one of two cases removes a file of the index, cuts it short or turns a bit over.
    func damageIndex(_ layout: ArchiveLayout, using random: inout SeededRandom) throws {
        guard let name = try indexNames(layout).randomElement(using: &random), Bool.random(using: &random) else {
            return
        }
        let path = ids(layout).appending(name)
        var bytes = try contents(of: path) ?? []
        try remove(path)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return
        case 1: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
        default:
            let bit = Int.random(in: 0..<bytes.count * 8, using: &random)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        try createDurably(path, bytes)
    }
}

extension IndexLimits {
    /// Such that a few events already make and merge segments.
    static let tiny: IndexLimits = {
        var limits = IndexLimits()
        limits.loose = 10
        limits.run = 40
        limits.merged = 3
        return limits
    }()
}
