import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import TestSupport
import Testing

/// What the ways out, `rebuild` and `evidence sign --adopt`, take for true, and that there always is one.
@Suite("Ways out of changed evidence")
struct EvidenceWaysOutTests {
    static let manifestAttacks: [Attack] = [
        .startMoved, .pendingChanged, .prunedChanged, .completeThroughMoved, .holdRemoved, .checkedForged,
        .evidenceStripped
    ]

    @Test(
        "a rebuild takes nothing from a manifest that the log does not name", arguments: manifestAttacks, [true, false])
    func forgedManifest(attack: Attack, keepsNotes: Bool) async throws {
        let (bench, anchor, older) = try await EvidenceBench.withHistory(seed: 21)
        let before = try bench.archive.manifest()
        let scene = Attack.Scene(archive: bench.archive, older: older, key: bench.key)
        var random = SeededRandom(seed: 1)
        try await attack.run(on: scene, using: &random)
        if !keepsNotes { try removeNotes(bench) }
        let report = try await bench.rebuild()
        #expect(report.source == (keepsNotes ? .hint : .evidence))
        #expect(report.warnings.contains { $0.contains("not the one that the evidence log names") })
        let after = try bench.archive.manifest()
        #expect(after.startTimestamp == before.startTimestamp && after.archiveID == before.archiveID)
        #expect(after.holds == before.holds && after.pruned == before.pruned && after.checked == before.checked)
        #expect(after.files.map(\.sha256) == before.files.map(\.sha256))
        if keepsNotes { #expect(after.pending == before.pending && after.completeThrough == before.completeThrough) }
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust([anchor])) == [])
    }

    @Test("an older manifest that was put back undoes no hold and no pruning")
    func olderManifest() async throws {
        let (bench, anchor, older) = try await EvidenceBench.withHistory(seed: 22)
        let before = try bench.archive.manifest()
        try bench.archive.replace("manifest.json", try older.bytes("manifest.json"))
        try removeNotes(bench)
        _ = try await bench.rebuild()
        let after = try bench.archive.manifest()
        #expect(after.holds == before.holds && after.pruned == before.pruned)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust([anchor])) == [])
    }

    @Test(
        "where the log is gone, or its beginning, an adoption begins one anew, and says so",
        arguments: ["log", "evidence", "first"])
    func adoptionWithoutLog(gone: String) async throws {
        var (bench, anchor, _) = try await EvidenceBench.withHistory(seed: 23)
        let newest = try bench.head()
        try EvidenceAnchors(EvidenceBench.layout, fileSystem: bench.disk).keep(newest, timeStamp: nil)
        let log = bench.archive.layout.logDirectory
        let names = try bench.disk.names(in: log).sorted()
        for name in gone == "first" ? [names[0]] : names { try bench.disk.remove(log.appending(name)) }
        if gone == "evidence" {
            for path in [ArchiveLayout.checkpointPath, ArchiveLayout.publicKeyPath, ArchiveLayout.verifierKeyPath] {
                try bench.disk.remove(bench.archive.layout.absolute(path))
            }
        }
        await #expect(throws: ArchiveError.self) { try await bench.rebuild() }
        if gone == "first" {
            // What cannot be read is moved away, as the message says.
            await #expect(throws: ArchiveError.self) { try await adopt(bench) }
            for name in names.dropFirst() { try bench.disk.remove(log.appending(name)) }
        }
        try await adopt(bench)
        let found = try await EvidenceBench.verify(bench.archive, bench.trust())
        #expect(found.faults == [] && found.notes.map(\.kind) == [.supersededHead])
        for head in [anchor, newest] {
            #expect(try await EvidenceBench.faults(bench.archive, bench.trust([head])).map(\.kind) == [.historyCut])
        }
        let operations = try ForgedLog(archive: bench.archive).entries().map(\.operation)
        #expect(operations.first?.name == "genesis" && operations.contains { $0.name == "adopt" })
        #expect(operations.contains { if case .restored(_, newest.entries, newest.root) = $0 { true } else { false } })
        var random = SeededRandom(seed: 2)
        try await bench.sync(2, using: &random)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
    }

    @Test("a rebuild without manifest and evidence begins a log anew, and is not silent about it")
    func rebuildOfEventsAlone() async throws {
        var (bench, _, _) = try await EvidenceBench.withHistory(seed: 24)
        let (before, newest) = (try bench.archive.manifest(), try bench.head())
        for name in try bench.disk.names(in: bench.archive.layout.logDirectory) {
            try bench.disk.remove(bench.archive.layout.logDirectory.appending(name))
        }
        for path in [
            "manifest.json", ArchiveLayout.checkpointPath, ArchiveLayout.publicKeyPath, ArchiveLayout.verifierKeyPath
        ] { try bench.disk.remove(bench.archive.layout.absolute(path)) }
        let report = try await bench.rebuild()
        #expect(report.source == .hint && report.isIncomplete && report.lost == [ArchiveLayout.logDirectoryPath])
        let after = try bench.archive.manifest()
        #expect(after.holds == before.holds && after.pruned == before.pruned && after.syncedTo == before.syncedTo)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
        let cut = try await EvidenceBench.faults(bench.archive, bench.trust([newest]))
        #expect(cut.map(\.kind) == [.historyCut] && cut[0].detail.contains("on record"))
        var random = SeededRandom(seed: 2)
        try await bench.sync(2, using: &random)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
    }

    @Test("where all evidence was taken away, nothing begins it anew but an adoption, which says so")
    func evidenceTakenAway() async throws {
        var (bench, anchor, _) = try await EvidenceBench.withHistory(seed: 25)
        var random = SeededRandom(seed: 2)
        try Attack.Scene(archive: bench.archive, older: bench.archive, key: bench.key).removeEvidence()
        let found = try await EvidenceBench.faults(bench.archive, EvidenceTrust())
        #expect(found.map(\.kind) == [.historyCut] && found[0].path == "manifest.json")
        let before = try bench.archive.bytes("manifest.json")
        // A quiet sync, and one that has something to write.
        let error = await #expect(throws: ArchiveError.self) { await (try bench.archive.open(now: bench.now)).close() }
        #expect(error?.kind == .damaged && error?.hint.contains("--adopt") == true)
        await #expect(throws: ArchiveError.self) { try await bench.sync(2, using: &random) }
        #expect(try bench.archive.bytes("manifest.json") == before)
        try await adopt(bench)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust([anchor])).map(\.kind) == [.historyCut])
        let operations = try ForgedLog(archive: bench.archive).entries().map(\.operation)
        #expect(operations.contains { $0.name == "adopt" } && operations.contains { $0.name == "restored" })
        try await bench.sync(2, using: &random)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
    }

    @Test(
        "a newer manifest over older events and evidence: what the messages name leads out",
        arguments: [false, true], [false, true])
    func newerManifest(hasStrays: Bool, keepsLog: Bool) async throws {
        var (bench, _, _) = try await EvidenceBench.withHistory(seed: 26)
        var random = SeededRandom(seed: 3)
        // As an alphabetical copy leaves it, during which a sync has committed.
        let before = bench.copy()
        try await bench.sync(4, using: &random)
        let manifest = try bench.archive.bytes("manifest.json")
        let new = Set(try bench.archive.manifest().paths).subtracting(try before.manifest().paths)
        #expect(!new.isEmpty)
        try before.replace("manifest.json", manifest)
        if hasStrays {
            let date = try #require(before.manifest().partitions.first?.date)
            let name = "\(DataFileName.directory(of: date))/audit_logs-\(date)-000900-00.ndjson.gz"
            try before.replace(name, try before.bytes(try #require(before.manifest().files.first?.name.path)))
        }
        if !keepsLog {
            for name in try before.fileSystem.names(in: before.layout.logDirectory) {
                try before.fileSystem.remove(before.layout.logDirectory.appending(name))
            }
        }
        let error = await #expect(throws: ArchiveError.self) { await (try before.open(now: bench.now)).close() }
        #expect(error?.hint.contains("--adopt") == true)
        await #expect(throws: ArchiveError.self) { try await rebuild(before, bench) }
        try await adopt(before, at: bench.now)
        if hasStrays {
            // Of two files with the same events a rebuild keeps the older.
            #expect(try await EvidenceBench.faults(before, bench.trust()).contains { $0.kind == .strayFile })
        }
        _ = try await rebuild(before, bench)
        #expect(try await EvidenceBench.faults(before, bench.trust()) == [])
        #expect(try Set(before.manifest().paths).isDisjoint(with: new))
        try await before.commit([TestEvent(9_990, at: bench.now.description)], now: bench.now)
    }

    @Test("a log whose last line is cut is adopted as far as its lines are whole", arguments: [1, 40])
    func cutLine(bytes: Int) async throws {
        let (bench, _, _) = try await EvidenceBench.withHistory(seed: 27)
        let path = EvidenceLog.path(of: try #require(try bench.archive.manifest().evidence).day)
        try bench.archive.replace(path, Array(try bench.archive.bytes(path).dropLast(bytes)))
        await #expect(throws: ArchiveError.self) { await (try bench.archive.open(now: bench.now)).close() }
        try await adopt(bench)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
        try await bench.archive.commit([TestEvent(9_991, at: bench.now.description)], now: bench.now)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
    }

    @Test("without a manifest, a log that does not fit is moved out, as the rebuild says, and begun anew")
    func cutLogWithoutManifest() async throws {
        let (bench, _, _) = try await EvidenceBench.withHistory(seed: 28)
        let head = try #require(try bench.archive.manifest().evidence)
        let path = EvidenceLog.path(of: head.day)
        try bench.archive.replace(path, Array(try bench.archive.bytes(path).dropLast(40)))
        try bench.disk.remove(bench.archive.layout.manifest)
        let error = await #expect(throws: ArchiveError.self) { try await bench.rebuild() }
        #expect(error?.hint.contains("move it out of the archive") == true && error?.hint.contains("adopt") == false)
        for name in try bench.disk.names(in: bench.archive.layout.logDirectory) {
            try bench.disk.remove(bench.archive.layout.logDirectory.appending(name))
        }
        for path in [ArchiveLayout.checkpointPath, ArchiveLayout.publicKeyPath, ArchiveLayout.verifierKeyPath] {
            try bench.disk.remove(bench.archive.layout.absolute(path))
        }
        _ = try await bench.rebuild()
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
    }

    @Test("a signed head whose signature is damaged is named as that, and adopted")
    func damagedSignature() async throws {
        let (bench, _, _) = try await EvidenceBench.withHistory(seed: 29)
        let scene = Attack.Scene(archive: bench.archive, older: bench.archive, key: bench.key)
        var random = SeededRandom(seed: 1)
        try await Attack.signatureChanged.run(on: scene, using: &random)
        let error = await #expect(throws: ArchiveError.self) { await (try bench.archive.open(now: bench.now)).close() }
        #expect(error?.summary == "The signed head is damaged" && error?.hint.contains("--adopt") == true)
        try await adopt(bench)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
    }

    @Test("a hold is ended by its release alone")
    func holdOfTheSameName() async throws {
        var random = SeededRandom(seed: 3)
        var bench = try EvidenceBench()
        try await bench.sync(3, using: &random)
        let (wide, narrow) = (
            HeldDates(from: "2025-02-01", to: "2025-02-28", reason: "r", name: "n"),
            HeldDates(from: "2025-02-01", to: "2025-02-02", reason: "r", name: "n")
        )
        let now = bench.now
        guard case .held = try await bench.open({ try await EvidenceHolds($0).hold(wide, now: now) }) else {
            Issue.record("the first hold was refused")
            return
        }
        let before = try bench.archive.bytes("manifest.json")
        guard case .nameTaken(let hold) = try await bench.open({ try await EvidenceHolds($0).hold(narrow, now: now) })
        else {
            Issue.record("the second hold was taken")
            return
        }
        #expect(hold.to == "2025-02-28")
        #expect(try bench.archive.bytes("manifest.json") == before)
    }

    private func rebuild(_ archive: TestArchive, _ bench: EvidenceBench) async throws -> RebuildReport {
        try await ArchiveRebuild(
            EvidenceBench.layout, writer: "tests", fileSystem: archive.fileSystem, processID: 1,
            evidence: archive.evidence
        ).run(now: bench.now, parallelism: 1)
    }

    private func adopt(_ bench: EvidenceBench) async throws { try await adopt(bench.archive, at: bench.now) }

    private func adopt(_ archive: TestArchive, at now: Timestamp) async throws {
        var adopting = archive
        adopting.evidence.adoption = "known to be ours"
        let session = try adopting.open(now: now)
        do {
            _ = try await EvidenceSigning(session, adopting.evidence).run(now: now)
        } catch {
            await session.close()
            throw error
        }
        await session.close()
    }

    /// What commits leave in the private folder.
    private func removeNotes(_ bench: EvidenceBench) throws {
        let folder = bench.archive.layout.privateDirectory
        for name in try bench.disk.names(in: folder) where name.hasSuffix(".json") {
            try bench.disk.remove(folder.appending(name))
        }
    }
}
