@testable import AuditArchive
import CivilTime
import SystemPackage
import Testing

/// What someone with the archive's rights can do: change the log and the manifest, and make all that hangs together fit
/// again, but for what needs the key.
struct ForgedLog {
    let archive: TestArchive

    /// The entries as they are.
    func entries() throws -> [EvidenceEntry] {
        let head = try #require(try archive.manifest().evidence)
        var entries: [EvidenceEntry] = []
        let log = EvidenceLog(ArchiveDirectory(archive.layout, archive.fileSystem))
        let reading = try log.read(upTo: head) { line in
            if let entry = try? EvidenceEntry(line: line.bytes) { entries.append(entry) }
        }
        #expect(reading.fault == nil && entries.count == head.entries)
        return entries
    }

    /// Changes the manifest and the log, and makes them fit: the last commit names the manifest, the manifest the log's
    /// head. `signer`: signs the head as if all were well.
    func forge(
        signer: SigningKey? = nil, replacesKey: Bool = false, _ change: (inout Manifest, inout [EvidenceEntry]) -> Void
    ) throws {
        var manifest = try archive.manifest()
        var entries = try entries()
        change(&manifest, &entries)
        var state = EvidenceState()
        var files: [CalendarDay: [UInt8]] = [:]
        let text = manifest.seal { above in
            for (index, entry) in entries.enumerated() {
                var operation = entry.operation
                if index == entries.count - 1, case .commit(let generation, _) = operation {
                    operation = .commit(generation: generation, manifest: above)
                }
                state.append(operation, at: entry.at)
                if let day = state.day { files[day] = state.newest }
            }
            return state.head
        }
        for (day, bytes) in files { try archive.replace(EvidenceLog.path(of: day), bytes) }
        try archive.replace("manifest.json", text)
        guard let signer else { return }
        try sign(state.edge, signer, replacesKey: replacesKey)
    }

    /// Signs a head, whatever it is.
    func sign(_ edge: TreeEdge, _ signer: SigningKey, replacesKey: Bool) throws {
        let origin = Checkpoint.origin(of: try archive.manifest().archiveID)
        var head = Checkpoint(origin: origin, entries: edge.count, root: edge.root)
        let isSigned = head.sign(with: signer)
        #expect(isSigned)
        try archive.replace(ArchiveLayout.checkpointPath, head.encoded)
        guard replacesKey else { return }
        try archive.replace(ArchiveLayout.publicKeyPath, Array(signer.verifier.pem.utf8))
        try archive.replace(
            ArchiveLayout.verifierKeyPath, Array(signer.verifier.verifierKey(as: origin).utf8) + [10])
    }

    /// Writes a journal that has the signed head for one of a commit under way.
    func explainHead(generation: Int) throws {
        let identity = ManifestSeal.identity(of: try archive.bytes("manifest.json"))
        var journal = Journal(
            generation: generation, link: Journal.Link(follows: identity, makes: identity), moves: [])
        journal.replacements = [Journal.Move(target: ArchiveLayout.checkpointPath)]
        try archive.fileSystem.createDurably(archive.layout.journal, journal.encoded())
    }

    /// Writes a data file anew with other lines, all that the manifest says of it too.
    func rewrite(_ name: DataFileName, _ lines: [String]) async throws {
        let bytes = try await Self.compressed(lines)
        try archive.replace(name.path, bytes)
        try forge { manifest, _ in
            guard let index = manifest.files.firstIndex(where: { $0.name == name }) else { return }
            let text = lines.reduce(0) { $0 + $1.utf8.count + 1 }
            manifest.files[index].digest = FileDigest(
                sha256: TreeHash.plain(bytes.span.bytes), size: bytes.count, uncompressedSize: text,
                records: lines.count)
            let times = lines.compactMap { TestEvent.time(ofLine: $0) }
            if let first = times.min(), let last = times.max() {
                (manifest.files[index].firstEventTimestamp, manifest.files[index].lastEventTimestamp) = (first, last)
            }
            manifest.settle()
        }
    }

    static func compressed(_ lines: [String]) async throws -> [UInt8] {
        let disk = MemoryDisk.make()
        let archive = ArchiveDirectory(ArchiveLayout(root: "/a"), disk)
        var file = try GzipFileWriter("/f", archive, CompressionSettings(level: 6, parallelism: 1))
        for line in lines { file.append(line: line.utf8.span.bytes) }
        _ = try await file.finish()
        return try #require(try disk.contents(of: "/f"))
    }
}

extension Manifest {
    /// Makes what follows from the files follow from them again.
    mutating func settle() {
        let states = Dictionary(partitions.map { ($0.date, $0.state) }) { first, _ in first }
        partitions = Partition.all(of: files).map { partition in
            Partition(date: partition.date, state: states[partition.date] ?? .open, records: partition.records)
        }
        lastEventTimestamp = files.map(\.lastEventTimestamp).filter { $0 <= writtenAt }.max()
    }
}

extension TestEvent {
    /// The time in the line of a test's event.
    static func time(ofLine line: String) -> Timestamp? {
        let marker = "\"created_at\":\""
        guard let start = line.firstRange(of: marker)?.upperBound else { return nil }
        return Timestamp(rfc3339: String(line[start...].prefix { $0 != "\"" }))
    }
}
