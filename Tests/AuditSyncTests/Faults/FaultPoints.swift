import ArchiveTestSupport
import AuditArchive
import Foundation
import Synchronization
import SystemPackage
import Testing

/// A course with all the points at which its file system can fail.
struct FaultPoints {
    let course: FaultCourse
    let disk: MemoryFileSystem
    /// The calls that the command makes where nothing fails.
    let trace: [FaultyFileSystem.Call]
    let before: ArchivePicture
    let layout: ArchiveLayout
    let expectedLines: Set<String>

    /// Runs the course once without a failure.
    init(_ course: FaultCourse) async throws {
        self.course = course
        disk = try await course.prepare()
        let work = disk.copy()
        let sound = FaultyFileSystem(work, .none, .stops)
        let process = try FaultProcess(course, work, sound, isLater: course.isLater)
        layout = process.layout
        before = ArchivePicture(process.layout, disk)
        try await process.act()
        trace = sound.trace
        expectedLines = Set(process.expectedLines)
        let commits = trace.count { $0.operation == .rename && $0.path == process.layout.manifest }
        #expect(commits >= course.leastCommits, "\(course) makes \(commits) commits")
    }

    /// The disks tried so far, of all courses.
    static var disksTried: Int { seen.withLock { $0.count } }

    /// The numbers of the calls, or every n-th of them where `FAULT_STRIDE` says so.
    var numbers: StrideTo<Int> { stride(from: 1, to: trace.count + 1, by: Self.step) }

    /// Whether calls are left out.
    var isThinned: Bool { Self.step > 1 }

    private static let step =
        max(1, ProcessInfo.processInfo.environment["FAULT_STRIDE"].flatMap { Int($0) } ?? 1)

    /// Whether a failure of the call is to cost nothing. A rebuild goes no further with a hint that it cannot remove.
    func isHarmless(_ call: FaultyFileSystem.Call) -> Bool {
        let mustGo = ["tail.json", "backfill.json", "incomplete.json", "malformed.json"].contains(
            call.path.lastComponent?.string)
        return call.isForHint && !(course.isRebuild && mustGo)
    }

    /// A process that finds `disk`.
    func process(on disk: MemoryFileSystem, _ fileSystem: (any FileSystem)? = nil) throws -> FaultProcess {
        try FaultProcess(course, disk, fileSystem ?? disk, isLater: course.isLater)
    }

    /// What is wrong with a disk that the failed command left, once the next commands have run: step by step the
    /// archive's invariants, and in the end every event once. A disk that looks like one seen before is not tried again.
    func violations(after left: MemoryFileSystem) async throws -> [String] {
        guard Self.seen.withLock({ $0.insert([course.rawValue: left.tree].hashValue).inserted }) else { return [] }
        do {
            return try await violations(ofRunsAfter: left)
        } catch {
            return ["the next run failed: \(error)"]
        }
    }

    private func violations(ofRunsAfter left: MemoryFileSystem) async throws -> [String] {
        var violations: [String] = []
        let next = try process(on: left)
        if try left.status(of: next.layout.manifest) != nil || before.files.isEmpty {
            try await next.recover()
            violations += try await self.violations(of: left, since: before).map { "recovered: \($0)" }
        }
        let picture = ArchivePicture(next.layout, left)
        try await next.complete()
        var last = try await self.violations(of: left, since: picture)
        last += try ArchivePicture(next.layout, left).violations(expecting: expectedLines)
        if left.openFiles != 0 { last.append("\(left.openFiles) files are left open") }
        return violations + last.map { "next run: \($0)" }
    }

    /// What is wrong with the archive at this moment.
    func violations(of disk: MemoryFileSystem, since older: ArchivePicture) async throws -> [String] {
        let violations = try ArchivePicture(layout, disk).violations(since: older, mayTakeAway: course.takesAway)
        guard try disk.status(of: layout.manifest) != nil else { return violations }
        let faults = try await ArchiveVerifier(layout, fileSystem: disk).verify(parallelism: 1).faults
        return violations + faults.map(\.description)
    }

    private static let seen = Mutex<Set<Int>>([])
}

extension FaultyFileSystem.Call {
    /// What the kernel can answer to it, of the failures that are tried.
    func canFail(with errno: Errno) -> Bool {
        switch errno {
        case .noSpace: [.open, .write, .fsync, .close, .mkdir, .rename, .renameat2, .ftruncate].contains(operation)
        case .permissionDenied: [.open, .mkdir, .rename, .renameat2, .unlink, .opendir, .lstat].contains(operation)
        case .tooManyOpenFiles: [.open, .opendir, .flock, .fsync].contains(operation)
        default: true
        }
    }

    /// Whether it can change what is found later, at once or by way of an open file.
    var leavesSomething: Bool { ![.read, .lstat, .opendir].contains(operation) }

    /// Whether it is made for a hint alone, whose loss costs requests, never events.
    var isForHint: Bool {
        // Folders that a compaction retired are removed by any later command.
        let folders = [path, path.removingLastComponent()].map { $0.removingLastComponent().lastComponent?.string }
        let isRetired = folders.contains("retired") || path.lastComponent?.string == "retired"
        if isRetired && [.unlink, .rmdir, .opendir].contains(operation) { return true }
        // The index of ids is made anew from the data files where it cannot be used.
        if [path, path.removingLastComponent()].contains(where: { $0.lastComponent?.string == "ids" }) { return true }
        // Without the list of a copy that was broken off, what it brought is reported as what does not belong there.
        if path.string.hasSuffix("/incoming/paths") { return true }
        let name = path.lastComponent?.string ?? ""
        let hints = [
            "manifest-facts.json", "tail.json", "backfill.json", "incomplete.json", "malformed.json",
            "folders-checked", "freshness.json", "evidence-head.json"
        ]
        return hints.contains { name == $0 || name == $0 + ".new" }
    }
}
