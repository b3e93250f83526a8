import ArchiveTestSupport
@testable import AuditArchive
import Testing

/// The power goes before every file system call of a run, and only what was made durable is left.
@Suite struct PowerCutTests {
    @Test func everyCall() async throws {
        let before = try await FaultPointTests.before()
        let calls = try await FaultPointTests.callCount(on: before.copy())
        for number in 1...calls {
            let disk = before.copy()
            let dying = FaultyFileSystem(disk, .number(number), .stops)
            // No error where only a hint was left to write.
            try? await SmallSync(on: dying).runUnderTest()
            #expect(dying.hasStruck)
            let sync = SmallSync(on: disk.afterPowerCut())
            try await sync.recover()
            let violations = try await Expectations(sync: sync).violationsOfOldOrNew()
            #expect(violations == [], "at call \(number) of \(calls)")
            try await sync.runUnderTest()
            let later = try await Expectations(sync: sync).violationsOfOldOrNew(isNew: true)
            #expect(later == [], "at call \(number) of \(calls), one run later")
        }
    }

    /// The power goes again while the next session finishes what the first one left.
    @Test func everyCallOfARecovery() async throws {
        let before = try await FaultPointTests.before()
        let calls = try await FaultPointTests.callCount(on: before.copy())
        var cuts = 0
        for number in stride(from: 1, through: calls, by: 4) {
            let disk = before.copy()
            let dying = FaultyFileSystem(disk, .number(number), .stops)
            // No error where only a hint was left to write.
            try? await SmallSync(on: dying).runUnderTest()
            #expect(dying.hasStruck)
            for second in 1... {
                let found = disk.copy()
                let recovering = FaultyFileSystem(found, .number(second), .stops)
                try? await SmallSync(on: recovering).recover()
                guard recovering.hasStruck else { break }
                cuts += 1
                let sync = SmallSync(on: found.afterPowerCut())
                try await sync.recover()
                let violations = try await Expectations(sync: sync).violationsOfOldOrNew()
                #expect(violations == [], "at call \(number) of \(calls), then at call \(second) of the recovery")
            }
        }
        #expect(cuts > 200)
    }

    @Test func committedIsDurable() async throws {
        let disk = try await FaultPointTests.before()
        try await SmallSync(on: disk).runUnderTest()
        let sync = SmallSync(on: disk.afterPowerCut())
        try await sync.recover()
        let violations = try await Expectations(sync: sync).violationsOfOldOrNew(isNew: true)
        #expect(violations == [])
    }
}
