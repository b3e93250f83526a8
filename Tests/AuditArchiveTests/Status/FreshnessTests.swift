import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import Testing

@Suite("freshness.json")
struct FreshnessTests {
    private static let good = Freshness.Run(
        command: "sync", startedAt: "2025-03-01T12:00:00Z", endedAt: "2025-03-01T12:00:07Z", outcome: "ok", exitCode: 0,
        events: 3)

    private static func run(_ exitCode: Int) -> Freshness.Run {
        Freshness.Run(
            command: "sync", startedAt: "2025-03-02T00:00:00Z", endedAt: "2025-03-02T00:00:00Z",
            outcome: exitCode == 0 ? "ok" : exitCode == 75 ? "stopped" : "failed", exitCode: exitCode, events: 0)
    }

    @Test("has the contract's members, null where nothing is known")
    func text() {
        let unknown = Freshness(after: Self.run(77), manifest: nil, before: nil)
        let expected = #"""
            {"generation": 0, "complete_through": null, "last_event_timestamp": null, "last_success_at": null, \#
            "last_run": {"command": "sync", "started_at": "2025-03-02T00:00:00.000000Z", \#
            "ended_at": "2025-03-02T00:00:00.000000Z", "outcome": "failed", "exit_code": 77, "events": 0, \#
            "failures_in_a_row": 1}}

            """#
        #expect(String(decoding: unknown.encoded(), as: UTF8.self) == expected)
        let known = Freshness(after: Self.good, manifest: .sample, before: unknown)
        #expect(known.generation == 42 && known.completeThrough == "2025-02-23")
        #expect(known.lastEventTimestamp == "2025-02-24T01:00:00Z")
        #expect(known.lastSuccessAt == "2025-03-01T12:00:07Z" && known.lastRun?.failuresInARow == 0)
        for freshness in [unknown, known] { #expect(Freshness(decoding: freshness.encoded()) == freshness) }
    }

    @Test("counts failures: 0 resets them, 75 neither raises nor resets them")
    func failures() {
        var freshness: Freshness?
        for (code, expected) in [(77, 1), (75, 1), (69, 2), (143, 3), (75, 3), (0, 0), (75, 0), (65, 1)] {
            freshness = Freshness(after: Self.run(code), manifest: nil, before: freshness)
            #expect(freshness?.lastRun?.failuresInARow == expected, "\(code)")
        }
        #expect(freshness?.lastSuccessAt == "2025-03-02T00:00:00Z")
    }

    @Test("keeps what was known where the manifest is not, and never a lower generation")
    func unknownManifest() {
        let before = Freshness(after: Self.good, manifest: .sample, before: nil)
        let after = Freshness(after: Self.run(65), manifest: nil, before: before)
        #expect(after.generation == 42 && after.lastEventTimestamp == before.lastEventTimestamp)
        #expect(after.lastSuccessAt == before.lastSuccessAt)
        var restored = Manifest.sample
        (restored.generation, restored.completeThrough) = (40, nil)
        let later = Freshness(after: Self.good, manifest: restored, before: before)
        #expect(later.generation == 42 && later.completeThrough == nil)
    }

    @Test(
        "is made anew where it is torn, of another kind, or absurd",
        arguments: ["", "{", "[]", #"{"generation": -1}"#, #"{"generation": "x"}"#, #"{"generation": 1} x"#, "{}"])
    func unreadable(text: String) async throws {
        try await withArchive { archive in
            try await archive.commit([TestEvent(1, at: "2025-02-22T10:00:00Z")])
            try archive.replace("freshness.json", Array(text.utf8))
            #expect(FreshnessFile(archive.layout, archive.fileSystem).load() == nil)
            try archive.record(Self.good)
            #expect(FreshnessFile(archive.layout, archive.fileSystem).load()?.generation == 1)
        }
    }

    @Test("passes over members that it does not know, and takes a run that lacks something for none")
    func otherMembers() {
        let text = #"{"later": [1], "generation": 7, "last_run": {"command": "sync"}, "last_success_at": null}"#
        let freshness = Freshness(decoding: Array(text.utf8))
        #expect(freshness?.generation == 7 && freshness?.lastRun == nil && freshness?.lastSuccessAt == nil)
    }

    @Test("is no stray file, and changes nothing else")
    func besideTheArchive() async throws {
        try await withArchive { archive in
            try await archive.commit([TestEvent(1, at: "2025-02-22T10:00:00Z")])
            let before = try FileTree(archive.layout.root).withoutLock
            try archive.record(Self.good)
            #expect(try await archive.faults() == [])
            #expect(try FileTree(archive.layout.root).listing.contains("freshness.json 640"))
            try archive.fileSystem.remove(archive.layout.freshness)
            #expect(try FileTree(archive.layout.root).withoutLock == before)
        }
    }

    @Test("has the old text or the new one whatever call fails, is half done, or is the last before the power goes")
    func faults() async throws {
        let before = try await FaultPointTests.before()
        try TestArchive(layout: SmallSync.layout, fileSystem: before).record(Self.good)
        // As an hour later, when its name has long become durable.
        try before.synchronizeDirectory(SmallSync.layout.root)
        let counter = FaultyFileSystem(before.copy(), .none, .stops)
        try TestArchive(layout: SmallSync.layout, fileSystem: counter).record(Self.run(77))
        #expect(counter.calls > 10)
        for fault in [FaultyFileSystem.Fault.fails(.noSpace), .lies(.ioError), .writesHalf, .stops] {
            for number in 1...counter.calls {
                let disk = before.copy()
                let faulty = FaultyFileSystem(disk, .number(number), fault)
                let isDone =
                    (try? TestArchive(layout: SmallSync.layout, fileSystem: faulty).record(Self.run(77))) != nil
                let left = TestArchive(
                    layout: SmallSync.layout, fileSystem: fault == .stops ? disk.afterPowerCut() : disk)
                let code = FreshnessFile(left.layout, left.fileSystem).load()?.lastRun?.exitCode
                #expect(code == 77 || code == 0 && !isDone, "\(fault) at call \(number) of \(counter.calls)")
                #expect(try await left.faults() == [], "\(fault) at call \(number) of \(counter.calls)")
            }
        }
    }
}

extension TestArchive {
    /// Records a run as a sync does that holds the lock.
    fileprivate func record(_ run: Freshness.Run) throws {
        let hold = try ArchiveHold(layout, fileSystem: fileSystem, processID: 1, now: Self.now)
        defer { hold.release() }
        _ = try hold.record(run, try? manifest())
    }
}
