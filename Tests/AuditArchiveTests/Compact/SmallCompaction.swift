import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import Foundation
import SystemPackage

/// An archive of two closed dates of several files each, and an open one, and its compaction.
struct SmallCompaction: Sendable {
    static let layout = ArchiveLayout(root: "/srv/archive")

    /// In the archive's order.
    static let events =
        TestEvent.run(0..<9, from: "2025-02-22T10:00:00Z") + TestEvent.run(9..<18, from: "2025-02-23T10:00:00Z")
        + TestEvent.run(18..<22, from: "2025-02-28T10:00:00Z")

    let archive: TestArchive

    /// A compaction on this file system.
    init(on fileSystem: any FileSystem) {
        archive = TestArchive(layout: Self.layout, fileSystem: fileSystem, maximumPartSize: 600, parallelism: 1)
    }

    /// An archive in which each event of a date lies in another file than the one before.
    static func before() async throws -> MemoryFileSystem {
        let disk = try FaultPointTests.nothing()
        let archive = SmallCompaction(on: disk).archive
        for number in 0..<3 {
            let some = events.enumerated().filter { $0.offset % 3 == number }.map(\.element)
            try await archive.commit(some, now: now - .seconds((3 - number) * 3_600))
        }
        return disk
    }

    /// `FAULT_STRIDE` thins the calls that are made to fail.
    static let step = max(1, ProcessInfo.processInfo.environment["FAULT_STRIDE"].flatMap { Int($0) } ?? 1)

    /// The moment of the compaction.
    static let now: Timestamp = "2025-03-01T18:00:00Z"

    /// Compacts, in commits of so many dates.
    @discardableResult
    func run(before end: CalendarDay? = nil, dates: Int = 100, now: Timestamp = now) async throws -> CompactionReport {
        let session = try archive.open(now: now)
        do {
            let report = try await Compaction(session, CompactionPlan.Limits(dates: dates)).run(before: end) { now }
            await session.close()
            return report
        } catch {
            await session.close()
            throw error
        }
    }

    /// Opens and closes the archive, as any command that writes does.
    func recover() async throws { await (try archive.open(now: Self.now)).close() }

    /// What is wrong although the archive should be as it was, or compacted.
    func violations(isNew: Bool? = nil) async throws -> [String] {
        var violations = try await archive.faults().map(\.description)
        let manifest = try archive.manifest()
        let lines = try manifest.files.flatMap { try TestArchive.lines(in: archive.bytes($0.name.path)) }
        if Set(lines) != Set(Self.events.map(\.line)) || lines.count != Self.events.count {
            violations.append("the lines are others: \(lines.count)")
        }
        let merged = manifest.partitions.filter { manifest.files(of: $0.date).allSatisfy { $0.replaces == 3 } }
        if merged.count != 0 && merged.count != 2 { violations.append("\(merged.count) dates are merged") }
        if let isNew, merged.isEmpty == isNew { violations.append(isNew ? "nothing is merged" : "it is merged") }
        if !merged.isEmpty && lines != Self.merged { violations.append("the order is another") }
        let left = try archive.fileSystem.names(in: archive.layout.stagingDirectory)
        if !left.isEmpty { violations.append("staging holds \(left)") }
        if try archive.fileSystem.status(of: archive.layout.journal) != nil { violations.append("a journal is left") }
        return violations
    }

    /// The lines in the files' order, once the closed dates are merged.
    private static let merged: [String] = {
        let open = events[18...].enumerated().sorted { ($0.offset % 3, $0.offset) < ($1.offset % 3, $1.offset) }
        return events[..<18].map(\.line) + open.map(\.element.line)
    }()
}
