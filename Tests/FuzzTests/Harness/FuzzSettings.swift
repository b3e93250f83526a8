import Foundation

/// What `scripts/fuzz` sets; without it, the corpus and a fixed number of mutations.
struct FuzzSettings: Sendable {
    /// How long mutations go on for each target, `FUZZ_SECONDS`; 0 for the fixed number.
    let seconds: Double
    /// What the mutations follow from, `FUZZ_SEED`.
    let seed: UInt64
    /// The targets to try: the one that `FUZZ_TARGET` names, or all.
    let targets: [FuzzTarget]
    /// A file to judge in place of corpus and mutations, `FUZZ_REPLAY`.
    let replay: String?

    /// How many mutations are tried where no time is given.
    static let fixedMutations = 2_000

    init(_ environment: [String: String]) {
        seconds = environment["FUZZ_SECONDS"].flatMap(Double.init) ?? 0
        seed = environment["FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_261_123
        let wanted = environment["FUZZ_TARGET"]
        targets = FuzzTarget.all.filter { wanted == nil || $0.name == wanted }
        replay = environment["FUZZ_REPLAY"]
    }

    /// Those of this process.
    static let current = FuzzSettings(ProcessInfo.processInfo.environment)
}
