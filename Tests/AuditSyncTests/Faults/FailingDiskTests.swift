import ArchiveTestSupport
import AuditArchive
import SystemPackage
import Testing

/// Every file system call of whole runs of the engine fails once, in every way the kernel has; then the next runs
/// complete the archive. `FAULT_STRIDE` thins the calls.
@Suite("A failing disk under whole runs")
struct FailingDiskTests {
    private static let faults: [FaultyFileSystem.Fault] = [
        .fails(.ioError), .fails(.noSpace), .fails(.permissionDenied), .fails(.tooManyOpenFiles), .lies(.ioError),
        .writesHalf
    ]

    @Test("costs a run at most", arguments: FaultCourse.allCases, faults)
    func everyCall(course: FaultCourse, fault: FaultyFileSystem.Fault) async throws {
        let points = try await FaultPoints(course)
        var runs = 0
        for number in points.numbers where Self.applies(fault, to: points.trace[number - 1]) {
            runs += 1
            let violations = try await violations(of: fault, at: number, points)
            #expect(
                violations == [],
                "\(course): \(fault) at call \(number) of \(points.trace.count): \(points.trace[number - 1])")
        }
        print("FailingDiskTests: \(course.rawValue), \(fault): \(runs) points, \(FaultPoints.disksTried) disks so far")
        #expect(runs > 0 || points.isThinned)
    }

    private static func applies(_ fault: FaultyFileSystem.Fault, to call: FaultyFileSystem.Call) -> Bool {
        switch fault {
        case .fails(let errno): call.canFail(with: errno)
        // A call that leaves nothing behind lies in no other way than it fails.
        case .lies: call.leavesSomething
        case .writesHalf: call.operation == .write
        case .stops: true
        }
    }

    private func violations(
        of fault: FaultyFileSystem.Fault, at number: Int, _ points: FaultPoints
    ) async throws -> [String] {
        let disk = points.disk.copy()
        let faulty = FaultyFileSystem(disk, .number(number), fault)
        let process = try points.process(on: disk, faulty)
        var violations: [String] = []
        do {
            try await process.act()
            violations += try await violationsOfSuccess(fault, points.trace[number - 1], disk, points)
        } catch {
            violations += wrongReport(of: error, fault, points.trace[number - 1], points)
        }
        if faulty.trace.dropFirst(number - 1).first != points.trace[number - 1] {
            violations.append("the call was \(String(describing: faulty.trace.dropFirst(number - 1).first))")
        }
        if disk.openFiles != 0 { violations.append("\(disk.openFiles) files are left open") }
        // On a full disk what nobody needs is given up.
        if fault == .fails(.noSpace), try disk.status(of: points.layout.journal) == nil {
            let staging = points.layout.privateDirectory.appending("staging")
            violations += ((try? disk.names(in: staging)) ?? []).map { "\($0) is left in staging" }
        }
        return violations + (try await points.violations(after: disk.copy()))
    }

    /// A run that reports success although a call failed: only for a hint's sake, and what it promised is durable.
    private func violationsOfSuccess(
        _ fault: FaultyFileSystem.Fault, _ call: FaultyFileSystem.Call, _ disk: MemoryFileSystem, _ points: FaultPoints
    ) async throws -> [String] {
        var violations: [String] = []
        if fault != .writesHalf && !points.isHarmless(call) { violations.append("the failure was not reported") }
        let written = ArchivePicture(points.layout, disk).files
        if written != ArchivePicture(points.layout, disk.afterPowerCut()).files {
            violations.append("what was reported as archived is not durable")
        }
        return violations + (try await points.violations(of: disk, since: points.before))
    }

    private func wrongReport(
        of failure: any Error, _ fault: FaultyFileSystem.Fault, _ call: FaultyFileSystem.Call,
        _ points: FaultPoints
    ) -> [String] {
        if fault == .writesHalf || points.isHarmless(call) { return ["a run failed that should not: \(failure)"] }
        guard let failure = failure as? ArchiveError else { return ["it is no archive error: \(failure)"] }
        let expected: ArchiveError.Kind =
            switch fault {
            case .fails(.permissionDenied): .notWritable
            case .fails(.tooManyOpenFiles): .resources
            default: .inputOutput
            }
        return failure.kind == expected ? [] : ["it is reported as \(failure.kind): \(failure)"]
    }
}
