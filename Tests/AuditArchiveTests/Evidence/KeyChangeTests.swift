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
            _ = try await bench.open { _ in }
            #expect(try await EvidenceBench.faults(bench.archive, EvidenceTrust()) == [], "after call \(call)")
        }
    }
}
