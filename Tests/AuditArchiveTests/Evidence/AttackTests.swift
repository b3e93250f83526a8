import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite struct AttackTests {
    /// How many seeds each kind of attack is tried with: `ATTACK_SEEDS`, else few.
    static let seeds = UInt64(ProcessInfo.processInfo.environment["ATTACK_SEEDS"] ?? "") ?? 1

    /// An auditor has the key, and heads that were kept elsewhere: one of some days ago, and the newest.
    @Test(arguments: Attack.allCases)
    func noneIsUndetected(_ attack: Attack) async throws {
        for seed in 1...Self.seeds {
            let (bench, anchor, older) = try await EvidenceBench.withHistory(seed: seed)
            let trust = bench.trust([anchor, try bench.head()])
            #expect(try await EvidenceBench.faults(bench.archive, trust) == [], "seed \(seed)")
            let scene = Attack.Scene(archive: bench.copy(), older: older, key: bench.key)
            var random = SeededRandom(seed: seed &* 31)
            try await attack.run(on: scene, using: &random)
            // Which head is kept decides: with the newest, nothing goes unseen.
            let faults = try await EvidenceBench.faults(scene.archive, trust)
            #expect(faults.contains { attack.kinds.contains($0.kind) }, "seed \(seed): \(faults)")
        }
    }

    /// Without any head kept elsewhere, all is found but what the table of the format leaves out.
    @Test(arguments: Attack.allCases)
    func theKeyAloneFindsAllButARollback(_ attack: Attack) async throws {
        let needsAnchor: Set<Attack> = [.rolledBack, .entryRewrittenAndSignedWithTheKey]
        for seed in 1...Self.seeds {
            let (bench, _, older) = try await EvidenceBench.withHistory(seed: seed)
            let scene = Attack.Scene(archive: bench.copy(), older: older, key: bench.key)
            var random = SeededRandom(seed: seed &* 31)
            try await attack.run(on: scene, using: &random)
            let faults = try await EvidenceBench.faults(scene.archive, bench.trust())
            #expect(faults.isEmpty == needsAnchor.contains(attack), "seed \(seed): \(faults)")
        }
    }

    /// A log that someone without the key has changed is one that no honest sync signs.
    @Test(
        arguments: [
            Attack.entryRewritten, .entriesSwapped, .startMoved, .pendingChanged, .logCut, .commitForged,
            .evidenceRemoved
        ])
    func theNextSyncSignsNoForgedLog(_ attack: Attack) async throws {
        for seed in 1...Self.seeds {
            let (bench, _, older) = try await EvidenceBench.withHistory(seed: seed)
            let scene = Attack.Scene(archive: bench.copy(), older: older, key: bench.key)
            var random = SeededRandom(seed: seed)
            try await attack.run(on: scene, using: &random)
            let checkpoint = scene.archive.layout.checkpoint
            let signed = try scene.archive.fileSystem.contents(of: checkpoint)
            let event = TestEvent(9_999, at: bench.now.description)
            do {
                try await scene.archive.commit([event], now: bench.now)
                #expect(attack == .commitForged, "seed \(seed)")
            } catch let error as ArchiveError {
                #expect(error.kind == .damaged)
            }
            #expect(try scene.archive.fileSystem.contents(of: checkpoint) == signed, "seed \(seed)")
        }
    }
}
