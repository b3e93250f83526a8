import Foundation
import Testing

/// Everything that reads bytes from outside, on kept inputs and on mutations of them. `scripts/fuzz` lets it run for longer
/// and says what to do with what it finds.
@Suite("Fuzzing")
struct FuzzTests {
    private static let settings = FuzzSettings.current

    @Test("Every input is read as it should be, or refused", arguments: settings.targets)
    func readsOrRefuses(target: FuzzTarget) throws {
        let settings = Self.settings
        let files = try FuzzFiles(of: target.name)
        var run = FuzzRun(target, seed: settings.seed) { try files.begin($0) }
        let clock = ContinuousClock()
        let start = clock.now
        if let path = settings.replay {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            try run.replay(FuzzCorpus([FuzzCorpus.Entry(name: path, bytes: bytes)]))
        } else {
            try run.replay(FuzzCorpus(of: target.name))
            try run.mutate { count in
                settings.seconds > 0
                    ? clock.now - start < .seconds(settings.seconds) : count < FuzzSettings.fixedMutations
            }
            // Mutations that are all refused, or all harmless, would show nothing.
            let least = run.executions / 500
            #expect(run.accepted >= least && run.refused >= least, "\(run.accepted) of \(run.executions) accepted")
        }
        try report(run, target, clock.now - start)
        for finding in run.findings {
            let path = try files.keep(finding.bytes)
            Issue.record("\(target.name), \(finding.origin): \(finding.complaint); kept in \(path)")
        }
        try files.end()
    }

    @Test("There is something to try")
    func namesATarget() {
        #expect(!Self.settings.targets.isEmpty, "FUZZ_TARGET is none of \(FuzzTarget.all.map(\.name))")
    }

    private func report(_ run: FuzzRun, _ target: FuzzTarget, _ time: Duration) throws {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        print(
            "fuzz \(target.name): seed \(Self.settings.seed), \(run.executions) executions, "
                + "\(Int(Double(run.executions) / max(seconds, 0.001)))/s, \(run.accepted) accepted, "
                + "\(run.kindCount) kinds, \(run.findings.count) findings")
    }
}
