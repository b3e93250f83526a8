import ArchiveTestSupport
import AuditArchive
import Testing

/// Whole runs of the engine stop for good before every file system call that would leave something; then the next runs complete the archive.
/// `FAULT_STRIDE` thins the calls.
@Suite("A process that dies under whole runs")
struct DyingProcessTests {
    /// What is left of it.
    enum Remains: CaseIterable, Sendable {
        /// All that it wrote: it was killed.
        case written
        /// What was made durable alone: the power went.
        case durable
        /// All names, and of their files what was made durable.
        case namesAndDurableBytes

        func of(_ disk: MemoryFileSystem) -> MemoryFileSystem {
            switch self {
            case .written: disk.copy()
            case .durable: disk.afterPowerCut()
            case .namesAndDurableBytes: disk.afterPowerCut(keepsNames: true)
            }
        }
    }

    @Test("leaves the old state or the new one", arguments: FaultCourse.allCases, Remains.allCases)
    func everyCall(course: FaultCourse, remains: Remains) async throws {
        let points = try await FaultPoints(course)
        var runs = 0
        for number in points.numbers where points.trace[number - 1].leavesSomething {
            runs += 1
            let disk = points.disk.copy()
            let dying = FaultyFileSystem(disk, .number(number), .stops)
            // No error where only a hint was left to write.
            try? await points.process(on: disk, dying).act()
            #expect(dying.hasStruck)
            let violations = try await points.violations(after: remains.of(disk))
            #expect(
                violations == [],
                "\(course), \(remains) of call \(number) of \(points.trace.count): \(points.trace[number - 1])")
        }
        print(
            "DyingProcessTests: \(course.rawValue), \(remains): \(runs) points, \(FaultPoints.disksTried) disks so far")
        #expect(runs > 0 || points.isThinned)
    }
}
