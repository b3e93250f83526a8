import Foundation
import TestSupport
import Testing

/// The fuzzer itself: what it would miss, it would miss without a word.
@Suite("The fuzzer")
struct HarnessTests {
    /// Takes brackets that are balanced, but for a planted fault.
    private static let planted = FuzzTarget("planted", tokens: ["<", ">", "!?"]) { bytes in
        if String(decoding: bytes, as: UTF8.self).contains("!?") { return .violated("planted") }
        let isBalanced = bytes.count(where: { $0 == 0x3C }) == bytes.count(where: { $0 == 0x3E })
        return isBalanced ? .accepted(kind: "balanced") : .refused(kind: "unbalanced")
    }

    private static let corpus = FuzzCorpus([FuzzCorpus.Entry(name: "some", bytes: Array("<<some> text>".utf8))])

    @Test("A planted fault is found and made small")
    func findsAndShrinks() throws {
        let seed: UInt64 = 1
        var run = FuzzRun(Self.planted, seed: seed) { _ in }
        try run.replay(Self.corpus)
        try run.mutate { $0 < 1_000 }
        #expect(run.findings.map(\.bytes) == [Array("!?".utf8)], "seed \(seed)")
        #expect(run.findings.map(\.complaint) == ["planted"])
        #expect(run.accepted > 0 && run.refused > 0)
        #expect(run.executions == 1_001)
    }

    @Test("An entry of the corpus that violates is found without mutations")
    func findsInCorpus() throws {
        var run = FuzzRun(Self.planted, seed: 1) { _ in }
        try run.replay(FuzzCorpus([FuzzCorpus.Entry(name: "bad", bytes: Array("a!?b".utf8))]))
        #expect(run.findings.map(\.origin) == ["corpus entry bad"])
    }

    @Test("The same seed makes the same inputs, another one others")
    func followsTheSeed() throws {
        let runs = try ([7, 7, 8] as [UInt64]).map { seed in
            var inputs: [[UInt8]] = []
            var run = FuzzRun(Self.planted, seed: seed) { inputs.append($0) }
            try run.replay(Self.corpus)
            try run.mutate { $0 < 200 }
            return inputs
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0] != runs[2])
    }

    @Test("What is being judged is on disk, and gone once it went well")
    func leavesTheInput() async throws {
        try await withTemporaryDirectory { path in
            let folder = URL(fileURLWithPath: path)
            let current = folder.appendingPathComponent("current-x")
            let files = try FuzzFiles(of: "x", in: folder)
            for text in ["a long input", "short", ""] {
                try files.begin(Array(text.utf8))
                #expect(try String(contentsOf: current, encoding: .utf8) == text)
            }
            let kept = try files.keep(Array("bad".utf8))
            #expect(try String(contentsOfFile: kept, encoding: .utf8) == "bad")
            #expect(kept.hasPrefix("\(path)/findings/x/"))
            try files.end()
            #expect(!FileManager.default.fileExists(atPath: current.path))
        }
    }

    @Test("Guarded bytes are the bytes", arguments: [0, 1, 4_095, 4_096, 4_097, 20_000])
    func guards(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(withGuardedBytes(bytes) { span in span.withUnsafeBytes { Array($0) } } == bytes)
    }

    @Test("A read past guarded bytes ends the process")
    func guardsTheEnd() async {
        await #expect(processExitsWith: .failure) {
            let byte = withGuardedBytes([1, 2, 3]) { span in
                span.withUnsafeBytes { bytes in bytes.baseAddress.map { ($0 + 3).load(as: UInt8.self) } }
            }
            // What nobody looks at is not read.
            print(byte ?? 0)
        }
    }

    @Test("Settings are read, and have defaults")
    func settings() {
        let plain = FuzzSettings([:])
        #expect(plain.seconds == 0 && plain.replay == nil && plain.targets.count == FuzzTarget.all.count)
        let set = FuzzSettings(["FUZZ_SECONDS": "1.5", "FUZZ_SEED": "9", "FUZZ_TARGET": "gzip", "FUZZ_REPLAY": "a"])
        #expect(set.seconds == 1.5 && set.seed == 9 && set.replay == "a" && set.targets.map(\.name) == ["gzip"])
        #expect(FuzzSettings(["FUZZ_TARGET": "x"]).targets.isEmpty)
    }
}
