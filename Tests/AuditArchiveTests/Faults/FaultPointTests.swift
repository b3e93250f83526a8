import ArchiveTestSupport
@testable import AuditArchive
import SystemPackage
import TestSupport
import Testing

/// Every file system call of a run goes wrong once, in every way.
@Suite struct FaultPointTests {
    static let faults: [FaultyFileSystem.Fault] = [
        .fails(.ioError), .fails(.noSpace), .fails(.permissionDenied), .fails(.tooManyOpenFiles), .lies(.ioError),
        .writesHalf, .stops
    ]

    @Test(arguments: faults)
    func everyCall(fault: FaultyFileSystem.Fault) async throws {
        let before = try await Self.before()
        let calls = try await Self.callCount(on: before.copy())
        #expect(calls > 80)
        for number in 1...calls {
            let violations = try await Self.violations(of: fault, at: number, before)
            #expect(violations == [], "\(fault) at call \(number) of \(calls)")
        }
    }

    /// The first run of all, on nothing.
    @Test(arguments: [FaultyFileSystem.Fault.fails(.ioError), .lies(.ioError), .stops])
    func everyCallOfTheFirstRun(fault: FaultyFileSystem.Fault) async throws {
        let calls = try await Self.callCount(on: Self.nothing())
        for number in 1...calls {
            let disk = try Self.nothing()
            let failure = await Self.attempt(disk, fault, at: number)
            let sync = SmallSync(on: disk.copy())
            try await sync.runUnderTest()
            let faults = try await sync.archive.faults()
            #expect(faults == [], "\(fault) at call \(number) of \(calls), which said \(String(describing: failure))")
            #expect(try sync.archive.lines() == (SmallSync.old + SmallSync.new).map(\.line))
            #expect(disk.openFiles == 0, "\(fault) at call \(number) of \(calls) leaves files open")
        }
    }

    /// The same on the kernel's file system, for two of the ways.
    @Test(arguments: [FaultyFileSystem.Fault.fails(.ioError), .fails(.noSpace)])
    func everyCallOnTheRealFileSystem(fault: FaultyFileSystem.Fault) async throws {
        try await withTemporaryDirectory { path in
            let sound = FaultyFileSystem(PosixFileSystem(), .none, .stops, synchronizes: false)
            let model = ArchiveLayout(root: FilePath(path).appending("model"))
            try await SmallSync(on: sound, model).runBefore()
            let counter = FaultyFileSystem(sound, .none, .stops)
            try await SmallSync(on: counter, model).runUnderTest()
            for number in 1...counter.calls {
                let layout = ArchiveLayout(root: FilePath(path).appending("archive-\(number)"))
                let sync = SmallSync(on: sound, layout)
                try await sync.runBefore()
                let faulty = SmallSync(on: FaultyFileSystem(sound, .number(number), fault), layout)
                try? await faulty.runUnderTest()
                try await sync.runUnderTest()
                let faults = try await sync.archive.faults()
                #expect(faults == [], "\(fault) at call \(number) of \(counter.calls)")
                #expect(try sync.archive.lines() == (SmallSync.old + SmallSync.new).map(\.line))
            }
        }
    }

    private static func violations(
        of fault: FaultyFileSystem.Fault, at number: Int, _ before: MemoryFileSystem
    ) async throws -> [String] {
        let disk = before.copy()
        let failure = await attempt(disk, fault, at: number)
        var violations: [String] = []
        if disk.openFiles != 0 { violations.append("\(disk.openFiles) files are left open") }
        if let failure, let wrong = wrongReport(of: failure, fault) { violations.append(wrong) }
        // What another process finds, before and after it recovers.
        let sync = SmallSync(on: disk.copy())
        violations += try await sync.archive.faults().map { "before recovery: \($0)" }
        try await sync.recover()
        let mustBeNew: Bool? = failure == nil ? true : nil
        violations += try await Expectations(sync: sync).violationsOfOldOrNew(isNew: mustBeNew)
        try await sync.runUnderTest()
        violations += try await Expectations(sync: sync).violationsOfOldOrNew(isNew: true)
        return violations
    }

    private static func attempt(
        _ disk: MemoryFileSystem, _ fault: FaultyFileSystem.Fault, at number: Int
    ) async -> (any Error)? {
        do {
            try await SmallSync(on: FaultyFileSystem(disk, .number(number), fault)).runUnderTest()
            return nil
        } catch {
            return error
        }
    }

    private static func wrongReport(of failure: any Error, _ fault: FaultyFileSystem.Fault) -> String? {
        guard let failure = failure as? ArchiveError else { return "it is no archive error: \(failure)" }
        let expected: ArchiveError.Kind =
            switch fault {
            case .fails(.permissionDenied): .notWritable
            case .fails(.tooManyOpenFiles): .resources
            default: .inputOutput
            }
        if case .writesHalf = fault { return "a short write is no failure: \(failure)" }
        return failure.kind == expected ? nil : "it is reported as \(failure.kind): \(failure)"
    }

    /// An archive with one commit.
    static func before() async throws -> MemoryFileSystem {
        let disk = try nothing()
        try await SmallSync(on: disk).runBefore()
        return disk
    }

    /// The folder that archives are made in.
    static func nothing() throws -> MemoryFileSystem {
        let disk = MemoryFileSystem()
        try disk.createDirectory("/srv")
        try disk.synchronizeDirectory("/")
        return disk
    }

    /// How many calls the run under test makes.
    static func callCount(on disk: MemoryFileSystem) async throws -> Int {
        let counter = FaultyFileSystem(disk, .none, .stops)
        try await SmallSync(on: counter).runUnderTest()
        return counter.calls
    }
}
