import ArchiveTestSupport
import AuditArchive
import CaptivateIQSimulator
import SyncTestSupport
import SystemPackage
import Testing

/// A command whose file system is to fail somewhere, and how its archive came about.
enum FaultCourse: String, CaseIterable, Sendable, CustomTestStringConvertible {
    /// The first sync, where nothing is.
    case firstSync
    /// A backfill in several windows and commits.
    case backfill
    /// A sync after two days with arrivals, some of them late, and with days that close.
    case incremental
    /// `reconcile --repair` of an archive that lacks the events of a day.
    case repair
    /// `rebuild` where the manifest is lost.
    case rebuild
    /// `rebuild` where the last commit's notes are lost with it.
    case rebuildWithoutNotes
    /// `compact` of closed days of several files.
    case compaction
    /// `prune` of the oldest days.
    case retention

    var testDescription: String { rawValue }

    /// The archive that the command finds.
    func prepare() async throws -> MemoryFileSystem {
        let disk = MemoryFileSystem()
        let begin = try FaultProcess(self, disk, disk, isLater: false)
        switch self {
        case .firstSync: break
        case .backfill:
            try disk.ensureDirectory(begin.layout.root)
            try disk.ensureDirectory(begin.layout.privateDirectory)
            try disk.createDurably(begin.layout.hint("backfill.json"), Array("{\"pages\": 1}\n".utf8))
        case .incremental: try await begin.sync()
        case .repair:
            try await begin.sync()
            try begin.loseDay()
        case .compaction, .retention:
            try await begin.sync()
            try await FaultProcess(self, disk, disk, isLater: true).sync()
        case .rebuild, .rebuildWithoutNotes:
            try await begin.sync()
            try await FaultProcess(self, disk, disk, isLater: true).sync()
            try disk.remove(begin.layout.manifest)
            if self == .rebuildWithoutNotes { try disk.remove(begin.layout.hint("manifest-facts.json")) }
        }
        return try disk.copy().settled()
    }

    /// Whether days go by, and events arrive, between the archive's beginning and the command.
    var isLater: Bool {
        switch self {
        case .firstSync, .backfill: false
        case .incremental, .repair, .rebuild, .rebuildWithoutNotes, .compaction, .retention: true
        }
    }

    /// Whether the command takes files away.
    var takesAway: Bool { self == .compaction || self == .retention }

    var isRebuild: Bool { self == .rebuild || self == .rebuildWithoutNotes }

    /// The fewest commits that the command is to make.
    var leastCommits: Int {
        switch self {
        case .backfill: 3
        case .incremental: 2
        case .firstSync, .repair, .rebuild, .rebuildWithoutNotes, .compaction, .retention: 1
        }
    }

    func configure(_ configuration: inout SimulatorConfiguration) {
        configuration.population.count = self == .firstSync ? 8 : 30
        configuration.population.days =
            switch self {
            case .firstSync: 1
            case .backfill: 6
            case .incremental, .repair, .rebuild, .rebuildWithoutNotes, .compaction, .retention: 3
            }
        configuration.population.traits.oddShares = [.noID: 0.1]
    }
}

extension FaultProcess {
    /// The command of the course.
    func act() async throws {
        switch course {
        case .firstSync, .backfill, .incremental: try await sync()
        case .repair: try await repair()
        case .rebuild, .rebuildWithoutNotes: try await rebuild()
        case .compaction: try await compact()
        case .retention: try await prune()
        }
    }

    /// What a person or cron does afterwards, until the archive is whole.
    func complete() async throws {
        switch course {
        case .firstSync, .backfill, .incremental: break
        case .repair: try await repair()
        case .rebuild, .rebuildWithoutNotes: try await rebuild()
        case .compaction: try await compact()
        case .retention: try await prune()
        }
        try await sync()
    }

    /// Removes a day's files, and makes the manifest agree: no sync would ask for them again.
    fileprivate func loseDay() throws {
        try fileSystem.dropEvidence(layout)
        var manifest = try fileSystem.requireManifest(layout).manifest
        let date = try #require(manifest.partitions.dropFirst().first).date
        for file in manifest.files where file.name.date == date {
            try fileSystem.remove(layout.absolute(file.name.path))
        }
        manifest.files.removeAll { $0.name.date == date }
        manifest.partitions.removeAll { $0.date == date }
        try fileSystem.removeDirectory(layout.absolute(DataFileName.directory(of: date)))
        try fileSystem.remove(layout.manifest)
        try fileSystem.createDurably(layout.manifest, manifest.encoded())
    }
}

extension MemoryFileSystem {
    /// The same files on a disk where the kernel has written everything.
    fileprivate func settled() throws -> MemoryFileSystem {
        try settle("/")
        return self
    }

    private func settle(_ folder: FilePath) throws {
        try synchronizeDirectory(folder)
        for name in try names(in: folder) {
            let path = folder.appending(name)
            switch try status(of: path)?.kind {
            case .directory: try settle(path)
            case .file: try settleFile(path)
            default: break
            }
        }
    }

    private func settleFile(_ path: FilePath) throws {
        let file = try openForReading(path)
        try file.synchronize()
        try file.close()
    }
}
