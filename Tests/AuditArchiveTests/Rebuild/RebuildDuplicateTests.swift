import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import Testing

/// Archives that hold an event twice, as the vendor's changes to `created_at` and files put back by hand leave them.
@Suite("A rebuild of an archive that holds events twice")
struct RebuildDuplicateTests {
    static let first = TestEvent.run(0..<4, from: "2025-02-22T10:00:00Z")

    /// Adds events to an archive that takes everything, known or not.
    static func fill(_ archive: TestArchive, _ later: [TestEvent]) async throws {
        try await archive.commit(first, now: "2025-02-24T00:00:00Z")
        try await archive.commit(later, now: "2025-02-25T00:00:00Z")
    }

    @Test("keeps the older of two versions, and the newer one aside")
    func changed() async throws {
        try await withArchive { archive in
            let moved = TestEvent(2, at: "2025-02-23T09:00:00Z")
            let new = TestEvent(7, at: "2025-02-23T08:00:00Z")
            try await Self.fill(archive, [moved, new])
            #expect(try await archive.faults().map(\.kind) == [.duplicateID])
            let report = try await archive.rebuild()
            #expect(report.faults.isEmpty && report.duplicates == 1 && !report.isIncomplete)
            #expect(try archive.lines() == (Self.first + [new]).map(\.line))
            #expect(try archive.manifest().generation == 3)
            #expect(try archive.manifest().lastEventTimestamp == new.time)
            let aside = try archive.manifest().quarantine
            #expect(aside.map(\.records) == [1])
            let line = try #require(try TestArchive.lines(in: archive.bytes(aside[0].name.path)).first)
            #expect(line.hasPrefix(#"{"reason": "changed", "#) && line.hasSuffix("\"record\": \(moved.line)}"))
            #expect(try await archive.rebuild().duplicates == 0)
        }
    }

    @Test("takes away a file that holds nothing else, and its folder")
    func nothingElse() async throws {
        try await withArchive { archive in
            try await Self.fill(archive, [TestEvent(2, at: "2025-02-23T09:00:00Z")])
            try await archive.rebuild()
            #expect(try archive.lines() == Self.first.map(\.line))
            #expect(try archive.fileSystem.names(in: archive.layout.dataDirectory) == ["date=2025-02-22"])
            #expect(try archive.manifest().partitions.map(\.date) == ["2025-02-22"])
        }
    }

    @Test("throws another order of the same members away")
    func otherOrder() async throws {
        try await withArchive { archive in
            let event = TestEvent(7, at: "2025-02-23T08:00:00Z", extra: #","o":{"a":1,"b":[1,2]}"#)
            let line =
                #"{"data":{"o":{"b":[1,2],"a":1},"n":7},"id":"\#(event.id)","event_type":"login","#
                + #""created_at":"2025-02-23T08:00:00Z"}"#
            let twin = TestEvent(id: event.id, createdAt: event.createdAt, line: line)
            try await archive.commit([event], now: "2025-02-24T00:00:00Z")
            try await archive.commit([twin], now: "2025-02-25T00:00:00Z")
            #expect(try await archive.rebuild().duplicates == 1)
            #expect(try archive.lines() == [event.line])
            #expect(try archive.manifest().quarantine.isEmpty)
        }
    }

    @Test("keeps aside what differs in the text of a number or the order of equal keys")
    func otherValue() async throws {
        try await withArchive { archive in
            let event = TestEvent(7, at: "2025-02-23T08:00:00Z", extra: #","k":1,"k":2"#)
            let number = TestEvent(7, at: "2025-02-23T08:00:00Z", extra: #","k":1.0,"k":2"#)
            let order = TestEvent(7, at: "2025-02-23T08:00:00Z", extra: #","k":2,"k":1"#)
            for (day, event) in [event, number, order].enumerated() {
                try await archive.commit([event], now: "2025-02-24T00:00:00Z" + .seconds(86_400 * day))
            }
            #expect(try await archive.rebuild().duplicates == 2)
            #expect(try archive.lines() == [event.line])
            #expect(try archive.manifest().quarantine.map(\.records) == [2])
        }
    }

    @Test("throws a mere copy away")
    func copy() async throws {
        try await withArchive { archive in
            try await Self.fill(archive, [])
            let file = try #require(try archive.manifest().files.first)
            let copy = DataFileName(date: file.name.date, generation: 9, part: 0).path
            try archive.replace(copy, archive.bytes(file.name.path))
            let report = try await archive.rebuild()
            #expect(report.duplicates == 4)
            #expect(try archive.lines() == Self.first.map(\.line))
            #expect(try archive.manifest().quarantine.isEmpty)
            #expect(try archive.manifest().generation == 10)
        }
    }

    /// A disk on which an archive holds two events twice: one moved, and one as it was in a file of its own.
    private static func disk() async throws -> MemoryFileSystem {
        let disk = try FaultPointTests.nothing()
        try await fill(
            TestArchive(layout: SmallSync.layout, fileSystem: disk, parallelism: 1),
            [TestEvent(2, at: "2025-02-23T09:00:00Z"), TestEvent(7, at: "2025-02-23T08:00:00Z"), first[3]])
        return disk
    }

    private static func violations(_ disk: MemoryFileSystem) async throws -> [String] {
        let archive = TestArchive(layout: SmallSync.layout, fileSystem: disk, parallelism: 1)
        // Any command that writes settles what is left; then the rebuild is done or is done anew.
        await (try archive.open()).close()
        var violations = try await archive.faults().filter { ![.duplicateID].contains($0.kind) }.map(\.description)
        try await archive.rebuild()
        violations += try await archive.faults().map(\.description)
        let lines = try archive.lines()
        if lines != (first + [TestEvent(7, at: "2025-02-23T08:00:00Z")]).map(\.line) {
            violations.append("the events are \(lines)")
        }
        let aside = try archive.manifest().quarantine.reduce(0) { $0 + $1.records }
        if aside != 1 { violations.append("\(aside) records are kept aside") }
        if disk.openFiles != 0 { violations.append("\(disk.openFiles) files are left open") }
        return violations
    }

    @Test(
        "is whole after any call failed",
        arguments: [FaultyFileSystem.Fault.fails(.ioError), .fails(.noSpace), .lies(.ioError), .writesHalf, .stops])
    func everyCall(fault: FaultyFileSystem.Fault) async throws {
        let before = try await Self.disk()
        let calls = try await Self.callCount(before)
        #expect(calls > 80)
        for number in 1...calls {
            let disk = before.copy()
            let faulty = FaultyFileSystem(disk, .number(number), fault)
            _ = try? await TestArchive(layout: SmallSync.layout, fileSystem: faulty).rebuild()
            let violations = try await Self.violations(disk.copy())
            #expect(violations == [], "\(fault) at call \(number) of \(calls)")
        }
    }

    @Test("is whole after the power went at any call", arguments: [true, false])
    func powerCut(keepsNames: Bool) async throws {
        let before = try await Self.disk()
        for number in 1...(try await Self.callCount(before)) {
            let disk = before.copy()
            let faulty = FaultyFileSystem(disk, .number(number), .stops)
            _ = try? await TestArchive(layout: SmallSync.layout, fileSystem: faulty).rebuild()
            let violations = try await Self.violations(disk.afterPowerCut(keepsNames: keepsNames))
            #expect(violations == [], "at call \(number)")
        }
    }

    private static func callCount(_ disk: MemoryFileSystem) async throws -> Int {
        let counter = FaultyFileSystem(disk.copy(), .none, .stops)
        try await TestArchive(layout: SmallSync.layout, fileSystem: counter).rebuild()
        return counter.calls
    }
}
