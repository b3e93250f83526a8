import ArchiveTestSupport
@testable import AuditArchive
import Synchronization
import SystemPackage
import Testing
import TestSupport

/// A verification never takes a commit in progress for damage.
@Suite struct BesideCommitTests {
    /// A commit that stands still before each of its calls while somebody verifies.
    @Test func standingStillAtEveryCall() async throws {
        let before = try await FaultPointTests.before()
        let calls = try await FaultPointTests.callCount(on: before.copy())
        for number in 1...calls {
            let disk = before.copy()
            try? await SmallSync(on: FaultyFileSystem(disk, .number(number), .stops)).runUnderTest()
            let faults = try await SmallSync(on: disk).archive.faults()
            #expect(faults == [], "at call \(number) of \(calls)")
        }
    }

    /// A commit that happens in the middle of a verification, before each of its calls.
    @Test func commitDuringAVerification() async throws {
        let before = try await FaultPointTests.before()
        let after = before.copy()
        try await SmallSync(on: after).runUnderTest()
        let calls = try await Self.callsOfVerification(before)
        for number in 1...calls {
            let faults = try await Self.faults(before, [number: after])
            #expect(faults == [], "at call \(number) of \(calls)")
        }
    }

    /// Commits that go on while somebody verifies: between any two of its calls they may have taken any number of steps.
    @Test(arguments: CommitInSteps.allCases)
    func goingOn(_ command: CommitInSteps) async throws {
        let stages = try await command.stages()
        let calls = try await Self.callsOfVerification(stages[0])
        print("BesideCommitTests: \(command): \(stages.count) stages, \(calls) calls of a verification")
        #expect(stages.count > 10)
        // Each single step, before each call.
        for (first, second) in zip(stages, stages.dropFirst()) {
            for number in 1...calls {
                let faults = try await Self.faults(first, [number: second])
                #expect(faults == [], "\(command), a step at call \(number) of \(calls)")
            }
        }
        for seed in UInt64(1)...300 {
            var random = SeededRandom(seed: seed)
            var stage = Int.random(in: 0..<stages.count - 1, using: &random)
            let first = stages[stage]
            var (steps, number) = ([Int: MemoryFileSystem](), 0)
            while stage < stages.count - 1 {
                stage = Int.random(in: stage + 1..<stages.count, using: &random)
                number += Int.random(in: 1...calls / 2, using: &random)
                steps[number] = stages[stage]
            }
            let faults = try await Self.faults(first, steps)
            #expect(faults == [], "\(command), seed \(seed): at calls \(steps.keys.sorted())")
        }
    }

    /// Real damage is reported all the same, and as of the newest manifest.
    @Test func damageBesideACommit() async throws {
        let before = try await FaultPointTests.before()
        let damaged = try await damagedAfterCommit(before)
        for number in 1...(try await Self.callsOfVerification(before)) {
            let faults = try await Self.faults(before, [number: damaged])
            // Whoever had read the file before it was damaged could not know.
            guard !faults.isEmpty else { continue }
            #expect(Set(faults.map(\.kind)) == [.size, .sha256, .gzip], "at call \(number)")
        }
        #expect(try await SmallSync(on: damaged).archive.faults().isEmpty == false)
    }

    /// A journal that a dead process left explains what it names and nothing else.
    @Test func strayFileBesideAnUnfinishedCommit() async throws {
        let disk = try await FaultPointTests.before()
        let dying = FaultyFileSystem(disk, .first(.rename, "/manifest.json"), .stops)
        try? await SmallSync(on: dying).runUnderTest()
        let archive = SmallSync(on: disk).archive
        #expect(try disk.status(of: archive.layout.journal) != nil)
        #expect(try await archive.faults() == [])
        try archive.replace("audit_logs/date=2025-02-24/stray", [])
        #expect(try await archive.faults().map(\.kind) == [.strayFile])
    }

    private func damagedAfterCommit(_ before: MemoryFileSystem) async throws -> MemoryFileSystem {
        let damaged = before.copy()
        let sync = SmallSync(on: damaged)
        try await sync.runUnderTest()
        try sync.archive.replace(DamagedFileTests.path, try sync.archive.bytes(DamagedFileTests.path).dropLast(9))
        return damaged
    }

    /// What a verification finds of a disk that becomes others before calls with certain numbers.
    private static func faults(
        _ disk: MemoryFileSystem, _ steps: [Int: MemoryFileSystem]
    ) async throws -> [ArchiveFault] {
        let moving = moving(disk, steps)
        return try await ArchiveVerifier(SmallSync.layout, fileSystem: moving).verify(parallelism: 1).faults
    }

    /// A disk like this one, which becomes others before calls with certain numbers.
    private static func moving(_ disk: MemoryFileSystem, _ steps: [Int: MemoryFileSystem]) -> ObservedFileSystem {
        let disk = disk.copy()
        let count = Mutex(0)
        return ObservedFileSystem(disk) { _, _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            if let next = steps[number] { disk.become(next) }
        }
    }

    /// A status beside commits that go on, and one of what a process left that died between any two calls.
    @Test(arguments: CommitInSteps.allCases)
    func statusBesideACommit(_ command: CommitInSteps) async throws {
        let stages = try await command.stages()
        for (number, stage) in stages.enumerated() {
            #expect(
                try ArchiveInspection(SmallSync.layout, fileSystem: stage).faults == [], "\(command), stage \(number)")
        }
        for (first, second) in zip(stages, stages.dropFirst()) {
            for number in 1...60 {
                let moving = Self.moving(first, [number: second])
                let faults = try ArchiveInspection(SmallSync.layout, fileSystem: moving).faults
                #expect(faults == [], "\(command), a step at call \(number)")
            }
        }
    }

    private static func callsOfVerification(_ disk: MemoryFileSystem) async throws -> Int {
        let counter = FaultyFileSystem(disk.copy(), .none, .stops)
        let verification = try await ArchiveVerifier(SmallSync.layout, fileSystem: counter).verify(parallelism: 1)
        #expect(verification.faults == [])
        return counter.calls
    }
}

/// A command that commits, and how the disk looks after each of its steps.
enum CommitInSteps: CaseIterable {
    case sync, compaction, pruning

    private func before() async throws -> MemoryFileSystem {
        switch self {
        case .sync: try await FaultPointTests.before()
        case .compaction: try await SmallCompaction.before()
        case .pruning: try await PruningTests.before()
        }
    }

    private func run(on disk: some FileSystem) async throws {
        switch self {
        case .sync: try await SmallSync(on: disk).runUnderTest()
        case .compaction: try await SmallCompaction(on: disk).run()
        case .pruning: try await PruningTests.prune(SmallCompaction(on: disk).archive)
        }
        // A commit after it, whose journal is another one.
        let archive = SmallCompaction(on: disk).archive
        try await archive.commit(TestEvent.run(40..<43, from: "2025-03-01T10:00:00Z"))
    }

    /// The disk before, after each call that changes something, and at the end.
    func stages() async throws -> [MemoryFileSystem] {
        let before = try await before()
        let counter = FaultyFileSystem(before.copy(), .none, .stops)
        try await run(on: counter)
        var stages = [before]
        for number in 1...counter.calls + 1 {
            let disk = before.copy()
            try? await run(on: FaultyFileSystem(disk, .number(number), .stops))
            if let last = stages.last, disk.tree != last.tree { stages.append(disk) }
        }
        return stages
    }
}
