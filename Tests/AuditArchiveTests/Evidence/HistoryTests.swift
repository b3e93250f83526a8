import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import TestSupport
import Testing

/// Sequences of everything that can be done to an archive: none raises a false alarm.
@Suite struct HistoryTests {
    @Test(arguments: 1...UInt64(max(20, AttackTests.seeds)))
    func noSequenceRaisesAFalseAlarm(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        var bench = try EvidenceBench(signer: KeyTests.key(seed: seed))
        var anchors: [Checkpoint] = []
        for step in 0..<14 {
            let choice = Int.random(in: 0..<10, using: &random)
            try await Self.step(choice, &bench, &random)
            bench.pass(.seconds(Int64.random(in: -3600...2 * 86_400, using: &random)))
            guard try Self.hasBegun(bench) else { continue }
            if Bool.random(using: &random) { anchors.append(try bench.head()) }
            let faults = try await EvidenceBench.faults(bench.archive, bench.trust(anchors))
            #expect(faults == [], "seed \(seed), step \(step), choice \(choice)")
        }
    }

    private static func hasBegun(_ bench: EvidenceBench) throws -> Bool {
        try bench.disk.status(of: bench.archive.layout.manifest) != nil
    }

    /// One of the things that can be done to an archive. A rebuild misses nothing, but where an older copy `isRestored`.
    private static func step(
        _ choice: Int, _ bench: inout EvidenceBench, _ random: inout SeededRandom, isRestored: Bool = false
    ) async throws {
        let hasBegun = try hasBegun(bench)
        switch choice {
        case 0..<4: try await bench.sync(Int.random(in: 1...8, using: &random), using: &random)
        case 4, 5: try await bench.compact()
        case 6: if hasBegun { try await bench.erase(using: &random) }
        case 7: try await bench.prune(keeping: Int.random(in: 3...12, using: &random))
        case 8: if hasBegun { try await bench.hold() }
        default:
            guard hasBegun else { break }
            let lost = try await bench.rebuild().lost
            #expect(isRestored || lost == [])
        }
    }

    /// The same with processes that die anywhere, power that goes, and older copies that are put back, of which no newer head
    /// is kept elsewhere.
    @Test(arguments: 1...UInt64(max(20, AttackTests.seeds)))
    func noCrashAndNoRestoredCopyRaisesAFalseAlarm(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed &* 7_919)
        var bench = try EvidenceBench(signer: KeyTests.key(seed: seed))
        var (anchors, copies): ([Checkpoint], [(archive: TestArchive, anchors: Int)]) = ([], [])
        var (crashes, isRestored) = (0, false)
        func expectSound(_ words: String) async throws {
            let faults = try await EvidenceBench.faults(bench.archive, bench.trust(anchors))
            #expect(faults == [], "seed \(seed), \(words)")
        }
        try await bench.sync(5, using: &random)
        for step in 0..<10 {
            let choice = Int.random(in: 0..<10, using: &random)
            let inner = SeededRandom(seed: random.next())
            let work = { @Sendable [isRestored] (bench: inout EvidenceBench) async throws -> Void in
                var random = inner
                try await Self.step(choice, &bench, &random, isRestored: isRestored)
            }
            // Now and then it comes to its end.
            let calls = await bench.calls(of: work)
            let call = Int.random(in: 1...max(1, calls + calls / 4), using: &random)
            let hasCrashed = await bench.die(at: call, losesPower: Bool.random(using: &random), work)
            bench.pass(.seconds(Int64.random(in: 0...2 * 86_400, using: &random)))
            guard try Self.hasBegun(bench) else { continue }
            if hasCrashed {
                crashes += 1
                try await expectSound("step \(step), choice \(choice), just after it died at call \(call)")
                _ = try await bench.open { _ in }
            }
            try await expectSound("step \(step), choice \(choice), call \(call)")
            if Bool.random(using: &random) { anchors.append(try bench.head()) }
            copies.append((bench.copy(), anchors.count))
            if Int.random(in: 0..<5, using: &random) == 0, let copy = copies.randomElement(using: &random) {
                let scene = Attack.Scene(archive: bench.archive, older: copy.archive, key: bench.key)
                try scene.rollBack()
                // Nobody but who puts a copy back can make it last.
                bench.disk.synchronizeAll()
                isRestored = true
                anchors.removeLast(anchors.count - copy.anchors)
                copies.removeAll { $0.anchors > copy.anchors }
                try await expectSound("step \(step), restored")
            }
        }
        #expect(crashes > 0)
    }

    /// Whoever may write to the archive can also write a journal that names the signed head.
    @Test func aForgedJournalExplainsNoForgedLog() async throws {
        for attack in [Attack.entryRewritten, .logCut, .entryRewrittenAndSignedWithAnotherKey] {
            let (bench, _, older) = try await EvidenceBench.withHistory(seed: 21)
            let scene = Attack.Scene(archive: bench.copy(), older: older, key: bench.key)
            var random = SeededRandom(seed: 3)
            try await attack.run(on: scene, using: &random)
            let archive = scene.archive
            try scene.forged.explainHead(generation: try archive.manifest().generation)
            let faults = try await EvidenceBench.faults(archive, bench.trust())
            #expect(faults.contains { attack.kinds.contains($0.kind) }, "\(attack): \(faults)")
        }
    }

    @Test func anArchiveFromBeforeIsAdoptedByItsFirstCommit() async throws {
        var random = SeededRandom(seed: 3)
        var bench = try EvidenceBench()
        for _ in 0..<2 { try await bench.sync(5, using: &random) }
        // As an older program left it.
        let archive = bench.copy()
        try archive.dropEvidence()
        #expect(try await EvidenceBench.faults(archive, EvidenceTrust()) == [])
        let files = try archive.manifest().files.count
        try await archive.commit([TestEvent(9_999, at: bench.now.description)], now: bench.now)
        let entries = try ForgedLog(archive: archive).entries()
        #expect(entries.first?.operation.name == "genesis")
        let adopted = entries.count { entry in
            if case .add(let file) = entry.operation { file.source == nil } else { false }
        }
        #expect(adopted == files)
        #expect(try await EvidenceBench.faults(archive, bench.trust()) == [])
    }

    @Test func anOlderCopyThatWasPutBackIsOnRecord() async throws {
        let (bench, anchor, older) = try await EvidenceBench.withHistory(seed: 5)
        let newest = try bench.head()
        let scene = Attack.Scene(archive: bench.copy(), older: older, key: bench.key)
        try scene.rollBack()
        // The private folder remembers.
        try await scene.archive.commit([TestEvent(9_999, at: bench.now.description)], now: bench.now)
        let entries = try ForgedLog(archive: scene.archive).entries()
        let record = EvidenceOperation.restored(
            generation: try scene.archive.manifest().generation, entries: newest.entries, root: newest.root)
        #expect(entries.contains { $0.operation == record })
        #expect(try await EvidenceBench.faults(scene.archive, bench.trust([anchor])) == [])
        let cut = try await EvidenceBench.faults(scene.archive, bench.trust([newest]))
        #expect(cut.map(\.kind) == [.historyCut] && cut[0].detail.contains("on record"))
    }

    @Test func aLostManifestIsRebuiltFromTheEvidence() async throws {
        let (bench, anchor, _) = try await EvidenceBench.withHistory(seed: 8)
        let before = try bench.archive.manifest()
        try bench.disk.remove(bench.archive.layout.manifest)
        for name in try bench.disk.names(in: bench.archive.layout.privateDirectory) where name.hasSuffix(".json") {
            try bench.disk.remove(bench.archive.layout.privateDirectory.appending(name))
        }
        let report = try await bench.rebuild()
        #expect(report.source == .evidence && report.lost == [] && !report.isIncomplete)
        let after = try bench.archive.manifest()
        #expect(after.pruned.map(\.to) == before.pruned.map(\.to) && after.holds == before.holds)
        #expect(after.archiveID == before.archiveID && after.files.map(\.sha256) == before.files.map(\.sha256))
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust([anchor])) == [])
    }

    @Test func aFileThatIsLostIsOnRecordAfterARebuild() async throws {
        let (bench, anchor, _) = try await EvidenceBench.withHistory(seed: 9)
        let file = try #require(try bench.archive.manifest().files.last)
        try bench.disk.remove(bench.archive.layout.absolute(file.name.path))
        let report = try await bench.rebuild()
        #expect(report.lost == [file.name.path])
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust([anchor])) == [])
        let entries = try ForgedLog(archive: bench.archive).entries()
        let lost = entries.compactMap { entry -> [EvidenceFile]? in
            if case .rebuild(_, let lost, _) = entry.operation { lost } else { nil }
        }
        #expect(lost == [[.data(file.name)]])
    }

    @Test func entriesOfRunsWithoutTheKeyAreSignedLaterAndNotByTheNextSync() async throws {
        var random = SeededRandom(seed: 4)
        var bench = try EvidenceBench()
        try await bench.sync(3, using: &random)
        var keyless = bench.archive
        keyless.evidence = EvidenceSettings()
        try await keyless.commit([TestEvent(9_998, at: bench.now.description)], now: bench.now)
        #expect(try await EvidenceBench.faults(keyless, EvidenceTrust()) == [])
        #expect(try await EvidenceBench.faults(keyless, bench.trust()).map(\.kind) == [.notSigned])
        let signed = try bench.archive.bytes(ArchiveLayout.checkpointPath)
        try await bench.sync(2, using: &random)
        #expect(try bench.archive.bytes(ArchiveLayout.checkpointPath) == signed)
        let now = bench.now
        let settings = bench.archive.evidence
        let outcome = try await bench.open { try await EvidenceSigning($0, settings).run(now: now) }
        #expect(outcome != .nothingToDo && outcome != nil)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
        #expect(try await bench.open { try await EvidenceSigning($0, settings).run(now: now) } == .nothingToDo)
    }

    @Test func aKeyIsReplacedByAnotherOnRecord() async throws {
        var random = SeededRandom(seed: 6)
        var bench = try EvidenceBench()
        try await bench.sync(3, using: &random)
        let other = try KeyTests.key(seed: 99)
        var settings = bench.archive.evidence
        settings.rotation = EvidenceSettings.Rotation(key: other, withoutOldKey: false)
        var rotating = bench.archive
        rotating.evidence = settings
        let session = try rotating.open(now: bench.now)
        _ = try await EvidenceSigning(session, settings).run(now: bench.now)
        await session.close()
        // The head of the rotation is signed by both.
        #expect(try await EvidenceBench.faults(rotating, bench.trust()) == [])
        var trust = EvidenceTrust()
        trust.publicKey = other.verifier
        #expect(try await EvidenceBench.faults(rotating, trust) == [])
        let event = TestEvent(9_997, at: bench.now.description)
        await #expect(throws: ArchiveError.self) { try await bench.archive.commit([event], now: bench.now) }
        rotating.evidence = EvidenceSettings(signer: other)
        try await rotating.commit([event], now: bench.now)
        #expect(try await EvidenceBench.faults(rotating, trust) == [])
        #expect(try await EvidenceBench.faults(rotating, bench.trust()).map(\.kind) == [.wrongKey])
    }

    @Test func aLogThatDoesNotFitIsGoneOnWithOnRecordAlone() async throws {
        let (bench, anchor, older) = try await EvidenceBench.withHistory(seed: 11)
        let scene = Attack.Scene(archive: bench.copy(), older: older, key: bench.key)
        try EvidenceAnchors(EvidenceBench.layout, fileSystem: scene.archive.fileSystem).keep(anchor, timeStamp: nil)
        var random = SeededRandom(seed: 1)
        try await Attack.entryRewritten.run(on: scene, using: &random)
        let kept = "\(ArchiveLayout.anchorsPath)/\(anchor.entries).checkpoint"
        #expect(try await EvidenceBench.faults(scene.archive, bench.trust()).contains { $0.path == kept })
        var settings = bench.archive.evidence
        settings.adoption = "known to be ours"
        var adopting = scene.archive
        adopting.evidence = settings
        let session = try adopting.open(now: bench.now)
        _ = try await EvidenceSigning(session, settings).run(now: bench.now)
        await session.close()
        // What is kept here shows no more than the log says itself; what comes from elsewhere does not rest on that.
        let found = try await EvidenceBench.verify(adopting, bench.trust())
        #expect(found.faults == [] && found.notes.map(\.kind) == [.supersededHead] && found.notes[0].path == kept)
        let given = try await EvidenceBench.faults(adopting, bench.trust([anchor]))
        #expect(given.map(\.kind) == [.historyRewritten] && given[0].detail.contains("on record"))
        #expect(try ForgedLog(archive: adopting).entries().contains { $0.operation.name == "adopt" })
        var signing = adopting
        signing.evidence = bench.archive.evidence
        try await signing.commit([TestEvent(9_996, at: bench.now.description)], now: bench.now)
        #expect(try await EvidenceBench.faults(signing, bench.trust()) == [])
    }

    @Test func aHeldEventIsNotErased() async throws {
        var random = SeededRandom(seed: 12)
        var bench = try EvidenceBench()
        try await bench.sync(3, using: &random)
        let now = bench.now
        let dates = HeldDates(from: "2020-01-01", to: "2030-01-01", reason: "r", name: "n")
        _ = try await bench.open { try await EvidenceHolds($0).hold(dates, now: now) }
        let before = try bench.archive.bytes("manifest.json")
        await #expect(throws: ArchiveError.self) { try await bench.erase(using: &random) }
        #expect(try bench.archive.bytes("manifest.json") == before)
        _ = try await bench.open { try await EvidenceHolds($0).release("n", reason: "over", now: now) }
        try await bench.erase(using: &random)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
    }

    @Test func everyEventCanBeProven() async throws {
        let (bench, _, _) = try await EvidenceBench.withHistory(seed: 13)
        let prover = EvidenceProver(EvidenceBench.layout, fileSystem: bench.disk)
        for line in try bench.archive.lines() {
            let proof = try #require(try prover.prove(id: TestEvent.id(ofLine: line)))
            #expect(String(decoding: proof.line, as: UTF8.self) == line && proof.isSigned)
            let entry = try EvidenceEntry(line: Array(proof.add.utf8)[...])
            guard case .add(let file) = entry.operation else {
                Issue.record("\(proof.add) is no add")
                continue
            }
            #expect(proof.linePath.root(from: .leaf(line.utf8.span.bytes)) == file.root)
            #expect(proof.logPath.root(from: .leaf(proof.add.utf8.span.bytes)) == proof.head.root)
            #expect(proof.head.isSigned(by: bench.key.verifier))
        }
        #expect(try prover.prove(id: "unknown") == nil)
    }
}
