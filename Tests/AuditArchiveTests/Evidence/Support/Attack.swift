import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import TestSupport
import Testing

/// Ways to change an archive so that nobody notices, each by someone who makes everything fit that can be made to fit.
enum Attack: String, CaseIterable, CustomTestStringConvertible {
    case byteChanged, lineRemoved, lineAdded, lineChanged, lineMoved, fileReplaced
    case fileRemoved, fileRemovedWithForgedRecord, lineErasedWithForgedRecord
    case entryRewritten, entryRewrittenAndSignedWithAnotherKey, entryRewrittenAndSignedWithTheKey, entriesSwapped
    case logCut, logFileRemoved, newestHistoryCut, rolledBack
    case runsForged, lineDroppedInCompaction, rootForged
    case checkpointOfAnotherArchive, checkpointRemoved, checkpointOlder, signatureChanged, keyReplaced
    case startMoved, pendingChanged, prunedChanged, completeThroughMoved, holdRemoved, checkedForged, evidenceStripped
    case commitForged, evidenceRemoved

    var testDescription: String { rawValue }

    /// What is to be attacked, and what the attacker has.
    struct Scene {
        /// The archive.
        var archive: TestArchive
        /// The same, some days ago.
        var older: TestArchive
        /// The key that signs, for who has it.
        var key: SigningKey

        var forged: ForgedLog { ForgedLog(archive: archive) }
    }

    /// One of these kinds is to be found.
    var kinds: Set<ArchiveFault.Kind> {
        switch self {
        case .byteChanged: [.sha256, .gzip, .eventChanged]
        case .lineRemoved, .lineAdded, .lineChanged, .lineMoved, .fileReplaced, .rootForged: [.eventChanged]
        case .fileRemoved: [.removedWithoutRecord]
        case .fileRemovedWithForgedRecord, .lineErasedWithForgedRecord, .checkpointRemoved, .checkpointOlder,
            .commitForged:
            [.notSigned]
        case .entryRewrittenAndSignedWithAnotherKey, .signatureChanged, .keyReplaced: [.wrongKey]
        case .logCut, .logFileRemoved, .newestHistoryCut, .rolledBack, .evidenceRemoved: [.historyCut]
        case .runsForged: [.eventChanged, .historyRewritten]
        case .lineDroppedInCompaction: [.eventChanged, .historyRewritten]
        case .entryRewritten, .entryRewrittenAndSignedWithTheKey, .entriesSwapped, .checkpointOfAnotherArchive,
            .startMoved, .pendingChanged, .prunedChanged, .completeThroughMoved, .holdRemoved, .checkedForged,
            .evidenceStripped:
            [.historyRewritten]
        }
    }

    /// Does it.
    func run(on scene: Scene, using random: inout SeededRandom) async throws {
        switch self {
        case .byteChanged, .lineRemoved, .lineAdded, .lineChanged, .lineMoved, .fileReplaced, .lineDroppedInCompaction:
            try await changeEvents(scene, &random)
        case .fileRemoved, .fileRemovedWithForgedRecord, .lineErasedWithForgedRecord, .commitForged:
            try await changeFiles(scene, &random)
        case .entryRewritten, .entryRewrittenAndSignedWithAnotherKey, .entryRewrittenAndSignedWithTheKey,
            .entriesSwapped, .runsForged, .rootForged:
            try changeEntries(scene, &random)
        case .logCut, .logFileRemoved, .newestHistoryCut, .rolledBack: try cut(scene)
        case .checkpointOfAnotherArchive, .checkpointRemoved, .checkpointOlder, .signatureChanged, .keyReplaced:
            try changeHead(scene)
        case .startMoved, .pendingChanged, .prunedChanged, .completeThroughMoved, .holdRemoved, .checkedForged,
            .evidenceStripped:
            try changeManifest(scene)
        case .evidenceRemoved:
            try await Attack.lineChanged.run(on: scene, using: &random)
            try scene.removeEvidence()
        }
    }
}

// MARK: Events and files

extension Attack {
    private func changeEvents(_ scene: Scene, _ random: inout SeededRandom) async throws {
        let (archive, forged) = (scene.archive, scene.forged)
        let files = try archive.manifest().files
        let merged = files.filter { $0.replaces != nil && $0.records > 1 }
        let several = files.filter { $0.records > 1 }
        let candidates = self == .lineDroppedInCompaction && !merged.isEmpty ? merged : several
        let file = try #require(candidates.randomElement(using: &random))
        var lines = try TestArchive.lines(in: archive.bytes(file.name.path))
        let place = Int.random(in: lines.indices, using: &random)
        switch self {
        case .byteChanged:
            var bytes = try archive.bytes(file.name.path)
            bytes[Int.random(in: 10..<bytes.count, using: &random)] ^= 4
            return try archive.replace(file.name.path, bytes)
        case .lineRemoved, .lineDroppedInCompaction: lines.remove(at: place)
        case .lineAdded: lines.insert(lines[place].replacing("00000000-", with: "ffffffff-"), at: place + 1)
        case .lineChanged: lines[place] = lines[place].replacing("login", with: "logon")
        case .lineMoved:
            let other = try #require(files.filter { $0.name != file.name }.randomElement(using: &random))
            let others = try TestArchive.lines(in: archive.bytes(other.name.path))
            try await forged.rewrite(other.name, others + [lines.remove(at: place)])
        default:
            // Sound, of the same date, and not the one that came.
            lines = lines.map { $0.replacing("\"n\":", with: "\"m\":") }
        }
        try await forged.rewrite(file.name, lines)
    }

    private func changeFiles(_ scene: Scene, _ random: inout SeededRandom) async throws {
        let (archive, forged) = (scene.archive, scene.forged)
        let file = try #require(try archive.manifest().files.randomElement(using: &random))
        let generation = try archive.manifest().generation
        switch self {
        case .fileRemoved, .fileRemovedWithForgedRecord:
            try archive.fileSystem.remove(archive.layout.absolute(file.name.path))
            try forged.forge { manifest, entries in
                manifest.files.removeAll { $0.name == file.name }
                manifest.settle()
                guard self == .fileRemovedWithForgedRecord, let last = entries.last else { return }
                let lost = EvidenceOperation.rebuild(generation: generation, lost: [.data(file.name)], pending: [])
                entries.append(EvidenceEntry(at: last.at, operation: lost))
                entries.append(last)
            }
        case .lineErasedWithForgedRecord:
            var lines = try TestArchive.lines(in: archive.bytes(file.name.path))
            let line = lines.removeLast()
            guard !lines.isEmpty else {
                return try await Attack.fileRemovedWithForgedRecord.changeFiles(scene, &random)
            }
            try await forged.rewrite(file.name, lines)
            try forged.forge { _, entries in
                guard let last = entries.last else { return }
                let leaf = ErasedLines.Leaf(
                    file: .data(file.name), line: lines.count, leaf: .leaf(line.utf8.span.bytes), id: .plain("x"))
                let erase = EvidenceOperation.erase(
                    ErasedLines(
                        generation: generation, file: .data(file.name), newFile: .data(file.name), leaves: [leaf],
                        reason: "none"))
                entries += [EvidenceEntry(at: last.at, operation: erase), last]
            }
        default:
            try forged.forge { manifest, entries in
                manifest.startTimestamp = manifest.startTimestamp + .seconds(1)
                if let last = entries.last { entries.append(last) }
            }
        }
    }
}

// MARK: The log

extension Attack {
    private func changeEntries(_ scene: Scene, _ random: inout SeededRandom) throws {
        let place = UInt64.random(in: 0...100, using: &random)
        let another = try KeyTests.key(seed: 77_777)
        let signer: SigningKey? =
            switch self {
            case .entryRewrittenAndSignedWithAnotherKey: another
            case .entryRewrittenAndSignedWithTheKey, .runsForged, .rootForged: scene.key
            default: nil
            }
        try scene.forged.forge(signer: signer, replacesKey: signer?.verifier == another.verifier) { manifest, entries in
            let name = Checkpoint.origin(of: manifest.archiveID)
            switch self {
            case .entriesSwapped:
                let adds = entries.indices.dropLast().filter { entries[$0].operation.name == "add" }
                guard let index = adds.first(where: { entries[$0 + 1].at == entries[$0].at }) else { return }
                entries.swapAt(index, index + 1)
            case .runsForged: if !Self.forgeRuns(&entries) { Self.forgeRoot(&entries, place) }
            case .rootForged: Self.forgeRoot(&entries, place)
            default:
                for index in entries.indices {
                    if case .genesis(let id, let start, _) = entries[index].operation {
                        entries[index].operation = .genesis(archiveID: id, startTimestamp: start, writer: "\(place)")
                    }
                    if case .key = entries[index].operation, self == .entryRewrittenAndSignedWithAnotherKey {
                        entries[index].operation = .key(
                            verifierKey: another.verifier.verifierKey(as: name), withoutOldKey: false)
                    }
                }
            }
        }
    }

    /// Says that the first two lines of a merged file came from each other's sources. Not of a date from which lines went later:
    /// what is left of it may fit both.
    private static func forgeRuns(_ entries: inout [EvidenceEntry]) -> Bool {
        for index in entries.indices {
            guard case .compact(var date) = entries[index].operation, date.from.count > 1 else { continue }
            let hasLostLines = entries[index...].contains {
                switch $0.operation {
                case .prune(let pruned): pruned.dates.contains(date.date)
                case .erase(let erased): date.files.contains { $0.file == erased.file }
                default: false
                }
            }
            if hasLostLines { continue }
            let runs = date.runs.runs
            guard let other = runs.firstIndex(where: { $0.source != runs[0].source }) else { continue }
            var forged = SourceRuns()
            forged.append(runs[other].source, count: 1)
            forged.append(runs[0].source, count: runs[0].count)
            for run in runs[1..<other] { forged.append(run.source, count: run.count) }
            if runs[other].count > 1 { forged.append(runs[other].source, count: runs[other].count - 1) }
            for run in runs[(other + 1)...] { forged.append(run.source, count: run.count) }
            date.runs = forged
            entries[index].operation = .compact(date)
            return true
        }
        return false
    }

    private static func forgeRoot(_ entries: inout [EvidenceEntry], _ place: UInt64) {
        guard let index = entries.lastIndex(where: { $0.operation.name == "add" }) else { return }
        guard case .add(var file) = entries[index].operation else { return }
        file.root = .plain("\(place)")
        entries[index].operation = .add(file)
    }

    private func cut(_ scene: Scene) throws {
        let archive = scene.archive
        let head = try #require(try archive.manifest().evidence)
        let path = EvidenceLog.path(of: head.day)
        switch self {
        case .logCut: try archive.replace(path, Array(try archive.bytes(path).dropLast(9)))
        case .logFileRemoved: try archive.fileSystem.remove(archive.layout.absolute(path))
        case .newestHistoryCut:
            // The log and the head of some days ago, with the files of today.
            let entries = try ForgedLog(archive: scene.older).entries()
            try scene.forged.forge { _, now in now = entries }
            try archive.replace(ArchiveLayout.checkpointPath, try scene.older.bytes(ArchiveLayout.checkpointPath))
        default: try scene.rollBack()
        }
    }

    private func changeHead(_ scene: Scene) throws {
        let archive = scene.archive
        let path = ArchiveLayout.checkpointPath
        switch self {
        case .checkpointOfAnotherArchive:
            var head = Checkpoint(origin: Checkpoint.origin(of: "0000"), entries: 3, root: .plain("x"))
            let isSigned = head.sign(with: scene.key)
            #expect(isSigned)
            try archive.replace(path, head.encoded)
        case .checkpointRemoved: try archive.fileSystem.remove(archive.layout.absolute(path))
        case .checkpointOlder: try archive.replace(path, try scene.older.bytes(path))
        case .signatureChanged:
            var bytes = try archive.bytes(path)
            let index = bytes.count - 20
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            try archive.replace(path, bytes)
        default:
            let key = try KeyTests.key(seed: 77_778).verifier
            try archive.replace(ArchiveLayout.publicKeyPath, Array(key.pem.utf8))
        }
    }
}

extension Attack.Scene {
    /// Puts everything back as it was some days ago.
    func rollBack() throws {
        for path in try paths(of: archive) { try archive.fileSystem.remove(archive.layout.absolute(path)) }
        for path in try paths(of: older) {
            try archive.fileSystem.ensureDirectory(archive.layout.absolute(ArchiveLayout.folder(of: path)))
            try archive.replace(path, try older.bytes(path))
        }
        // Folders that are empty now.
        let quarantine = archive.layout.quarantineDirectory
        if try older.manifest().quarantine.isEmpty, try archive.fileSystem.status(of: quarantine) != nil {
            try archive.fileSystem.removeDirectory(quarantine)
        }
        let dates = Set(try older.manifest().partitions.map { DataFileName.directory(of: $0.date) })
        for name in try archive.fileSystem.names(in: archive.layout.dataDirectory) {
            let folder = "\(ArchiveLayout.dataDirectoryName)/\(name)"
            if !dates.contains(folder) { try archive.fileSystem.removeDirectory(archive.layout.absolute(folder)) }
        }
    }

    /// Leaves the archive as one that never had any, but for what the private folder remembers.
    func removeEvidence() throws {
        let (disk, edge) = (archive.fileSystem, archive.layout.evidenceEdge)
        let remembered = try #require(try disk.contents(of: edge))
        try disk.dropEvidence(archive.layout)
        try disk.createDurably(edge, remembered)
    }

    private func paths(of archive: TestArchive) throws -> [String] {
        let logs = try archive.fileSystem.names(in: archive.layout.logDirectory)
        return try archive.manifest().paths + logs.map { "\(ArchiveLayout.logDirectoryPath)/\($0)" } + [
            "manifest.json", ArchiveLayout.checkpointPath, ArchiveLayout.publicKeyPath, ArchiveLayout.verifierKeyPath
        ]
    }
}

// MARK: The manifest

extension Attack {
    /// The manifest alone, with its checksum made anew.
    private func changeManifest(_ scene: Scene) throws {
        try scene.archive.forgeManifest { manifest in
            switch self {
            case .startMoved: manifest.startTimestamp = manifest.startTimestamp + .seconds(86_400)
            case .pendingChanged:
                manifest.pending.insert(
                    contentsOf: Range(from: "2025-02-01T00:00:00Z", to: "2025-02-02T00:00:00Z"))
            case .prunedChanged:
                manifest.pruned.append(
                    PrunedRun(
                        from: "2020-01-01", to: "2020-01-02", records: 7, prunedAt: "2025-03-01T00:00:00Z", reason: ""))
            case .completeThroughMoved: manifest.completeThrough = "2025-01-02"
            case .holdRemoved: manifest.holds = []
            case .checkedForged:
                manifest.checked = [
                    CheckedRun(
                        from: "2025-01-01", to: "2025-01-02", checkedAt: "2025-03-01T00:00:00Z", apiCount: 0,
                        archiveCount: 0)
                ]
            default: (manifest.evidence, manifest.digestAboveEvidence) = (nil, nil)
            }
        }
    }
}
