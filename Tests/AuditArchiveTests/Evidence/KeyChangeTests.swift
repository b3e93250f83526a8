@testable import AuditArchive
import TestSupport
import Testing

/// What an auditor reads between the steps of a commit with which another key begins to sign.
@Suite struct KeyChangeTests {
    enum Change: CaseIterable {
        case firstSignature, rotation, rotationWithoutOldKey, signingLater

        func prepare(_ settings: inout EvidenceSettings, _ key: SigningKey) throws {
            switch self {
            case .firstSignature, .signingLater: settings.signer = key
            case .rotation, .rotationWithoutOldKey:
                let isLost = self == .rotationWithoutOldKey
                settings.rotation = EvidenceSettings.Rotation(key: try KeyTests.key(seed: 2), withoutOldKey: isLost)
            }
        }
    }

    /// An archive whose next commit changes the key.
    private static func bench(before change: Change, _ random: inout SeededRandom) async throws -> EvidenceBench {
        var bench = try EvidenceBench()
        if [.firstSignature, .signingLater].contains(change) { bench.use(EvidenceSettings(host: "api.example.com")) }
        for _ in 0..<2 { try await bench.sync(3, using: &random) }
        return bench
    }

    @Test(arguments: Change.allCases, [false, true])
    func noStepOfItIsAnAlarm(change: Change, losesPower: Bool) async throws {
        var random = SeededRandom(seed: 4)
        let begun = try await Self.bench(before: change, &random)
        var settings = begun.archive.evidence
        try change.prepare(&settings, begun.key)
        let (next, inner) = (settings, random)
        let work = { @Sendable (bench: inout EvidenceBench) async throws -> Void in
            var random = inner
            bench.use(next)
            if change == .firstSignature {
                try await bench.sync(3, using: &random)
            } else {
                let now = bench.now
                _ = try await bench.open { try await EvidenceSigning($0, next).run(now: now) }
            }
        }
        let calls = await begun.calls(of: work)
        #expect(calls > 10)
        for call in 1...calls {
            var bench = begun
            bench.detach()
            _ = await bench.die(at: call, losesPower: losesPower, work)
            let faults = try await EvidenceBench.faults(bench.archive, EvidenceTrust())
            #expect(faults == [], "died at call \(call) of \(calls)")
            // Whichever key it is that signs by now.
            bench.use(EvidenceSettings(host: "api.example.com"))
            _ = try await bench.open { _ in }
            #expect(try await EvidenceBench.faults(bench.archive, EvidenceTrust()) == [], "after call \(call)")
        }
    }

    /// Another key that begins to sign behind what the manifest knows of, with a journal to explain it.
    private static func begin(_ key: SigningKey, behind archive: TestArchive, commits: Int) throws {
        let manifest = try archive.manifest()
        let head = try #require(manifest.evidence)
        let entries = try ForgedLog(archive: archive).entries()
        let time = try #require(entries.last?.at)
        var state = EvidenceState()
        for entry in entries { state.append(entry.operation, at: entry.at) }
        let vkey = key.verifier.verifierKey(as: Checkpoint.origin(of: manifest.archiveID))
        state.append(.key(verifierKey: vkey, withoutOldKey: true), at: time)
        for number in 0..<commits {
            state.append(.commit(generation: manifest.generation + 1 + number, manifest: .empty), at: time)
        }
        try archive.replace(EvidenceLog.path(of: head.day), state.newest)
        try ForgedLog(archive: archive).sign(state.edge, key, replacesKey: false)
        try ForgedLog(archive: archive).explainHead(generation: manifest.generation + 1)
    }

    /// Whoever has the archive's rights and not its key can make a key of their own sign: under its own name alone, and for no
    /// more than one commit.
    @Test(arguments: 0...2) func noOtherKeySignsInTheNameOfTheFirst(commits: Int) async throws {
        let (bench, anchor, older) = try await EvidenceBench.withHistory(seed: 5)
        let scene = Attack.Scene(archive: bench.copy(), older: older, key: bench.key)
        var random = SeededRandom(seed: 6)
        try await Attack.entryRewritten.run(on: scene, using: &random)
        let other = try KeyTests.key(seed: 77)
        try Self.begin(other, behind: scene.archive, commits: commits)

        let blind = try await ArchiveVerifier(
            EvidenceBench.layout, fileSystem: scene.archive.fileSystem, trust: EvidenceTrust()
        ).verify(parallelism: 1)
        #expect(commits == 1 || !blind.faults.isEmpty)
        #expect(!blind.faults.isEmpty || blind.evidence.fingerprint == other.verifier.fingerprint)
        let withKey = try await EvidenceBench.faults(scene.archive, bench.trust())
        #expect(withKey.contains { $0.kind == .wrongKey })
        var anchored = EvidenceTrust()
        anchored.anchors = [("anchor", anchor), ("newest", try bench.head())]
        let faults = try await EvidenceBench.faults(scene.archive, anchored)
        #expect(faults.contains { $0.kind == .historyRewritten })
    }
}
