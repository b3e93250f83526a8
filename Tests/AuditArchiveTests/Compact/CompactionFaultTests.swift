import ArchiveTestSupport
@testable import AuditArchive
import SystemPackage
import Testing

/// Every file system call of a compaction goes wrong once, in every way, or is the last one before a kill or a power cut.
@Suite("Compaction under faults")
struct CompactionFaultTests {
    private static func calls(on disk: MemoryFileSystem) async throws -> Int {
        let counter = FaultyFileSystem(disk, .none, .stops)
        try await SmallCompaction(on: counter).run()
        return counter.calls
    }

    @Test("leaves the old files or the merged ones", arguments: FaultPointTests.faults)
    func everyCall(fault: FaultyFileSystem.Fault) async throws {
        let before = try await SmallCompaction.before()
        let calls = try await Self.calls(on: before.copy())
        #expect(calls > 100)
        for number in stride(from: 1, through: calls, by: SmallCompaction.step) {
            let disk = before.copy()
            let faulty = FaultyFileSystem(disk, .number(number), fault)
            var failure: (any Error)?
            do { try await SmallCompaction(on: faulty).run() } catch { failure = error }
            #expect(disk.openFiles == 0, "\(fault) at call \(number) of \(calls)")
            let next = SmallCompaction(on: disk.copy())
            let beside = try await next.archive.faults()
            #expect(beside == [], "\(fault) at call \(number) of \(calls), before recovery")
            try await next.recover()
            let isNew: Bool? = failure == nil ? true : nil
            #expect(try await next.violations(isNew: isNew) == [], "\(fault) at call \(number) of \(calls)")
            try await next.run()
            #expect(try await next.violations(isNew: true) == [], "\(fault) at call \(number) of \(calls), later")
        }
    }

    @Test("leaves the old files or the merged ones, by what was made durable", arguments: [false, true])
    func powerCut(keepsNames: Bool) async throws {
        let before = try await SmallCompaction.before()
        let calls = try await Self.calls(on: before.copy())
        for number in stride(from: 1, through: calls, by: SmallCompaction.step) {
            let disk = before.copy()
            let dying = FaultyFileSystem(disk, .number(number), .stops)
            _ = try? await SmallCompaction(on: dying).run()
            let next = SmallCompaction(on: disk.afterPowerCut(keepsNames: keepsNames))
            try await next.recover()
            #expect(try await next.violations() == [], "at call \(number) of \(calls)")
            try await next.run()
            #expect(try await next.violations(isNew: true) == [], "at call \(number) of \(calls), later")
        }
    }

    @Test("the same where the power goes again while the next session recovers")
    func powerCutInRecovery() async throws {
        let before = try await SmallCompaction.before()
        let calls = try await Self.calls(on: before.copy())
        var cuts = 0
        for number in stride(from: calls / 2, through: calls, by: 4 + SmallCompaction.step) {
            let disk = before.copy()
            _ = try? await SmallCompaction(on: FaultyFileSystem(disk, .number(number), .stops)).run()
            for second in 1... {
                let found = disk.copy()
                let recovering = FaultyFileSystem(found, .number(second), .stops)
                _ = try? await SmallCompaction(on: recovering).recover()
                guard recovering.hasStruck else { break }
                cuts += 1
                let next = SmallCompaction(on: found.afterPowerCut())
                try await next.recover()
                #expect(try await next.violations() == [], "at call \(number), then \(second) of the recovery")
            }
        }
        #expect(cuts > 20)
    }

    @Test(
        "leaves the small files where folders cannot be exchanged, and says so",
        arguments: [Errno.invalidArgument, .improperLink, .noFunction, .notSupported])
    func noExchange(errno: Errno) async throws {
        let disk = try await SmallCompaction.before()
        let compaction = SmallCompaction(on: FaultyFileSystem(disk, .first(.renameat2, ""), .fails(errno)))
        let report = try await compaction.run()
        #expect(report.obstacle?.kind == .noExchange && report.dates == 0 && report.left == 2)
        #expect(report.obstacle?.hint.contains("small files stay") == true)
        #expect(try await compaction.violations(isNew: false) == [])
    }

    /// The lower layers of an overlay: the probe passes, and a folder of the archive does not.
    @Test(
        "takes a commit back of which one folder cannot be exchanged", arguments: ["date=2025-02-22", "date=2025-02-23"]
    )
    func takenBack(folder: String) async throws {
        let before = try await SmallCompaction.before()
        let disk = before.copy()
        let refusing = FaultyFileSystem(disk, .first(.renameat2, folder), .fails(.improperLink))
        let report = try await SmallCompaction(on: refusing).run()
        #expect(report.obstacle?.kind == .noExchange && report.commits == 0)
        #expect(try await SmallCompaction(on: disk).violations(isNew: false) == [])
        let calls = refusing.calls
        // Whatever else happens while it is taken back.
        for number in stride(from: calls / 2, through: calls, by: SmallCompaction.step) {
            let disk = before.copy()
            let refusing = FaultyFileSystem(disk, .first(.renameat2, folder), .fails(.improperLink))
            _ = try? await SmallCompaction(on: FaultyFileSystem(refusing, .number(number), .stops)).run()
            for left in [disk.copy(), disk.afterPowerCut()] {
                let again = FaultyFileSystem(left, .first(.renameat2, folder), .fails(.improperLink))
                let next = SmallCompaction(on: again)
                try await next.recover()
                #expect(try await next.violations() == [], "at call \(number) of \(calls)")
            }
        }
    }

    @Test("a rebuild ends one that died anywhere")
    func rebuild() async throws {
        let before = try await SmallCompaction.before()
        let calls = try await Self.calls(on: before.copy())
        for number in stride(from: 1, through: calls, by: SmallCompaction.step) {
            let disk = before.copy()
            _ = try? await SmallCompaction(on: FaultyFileSystem(disk, .number(number), .stops)).run()
            let next = SmallCompaction(on: disk)
            let report = try await next.archive.rebuild()
            #expect(report.faults.isEmpty && report.lost.isEmpty, "at call \(number) of \(calls)")
            #expect(try await next.violations() == [], "at call \(number) of \(calls)")
        }
    }
}
