/// Judges the corpus and mutations of it.
struct FuzzRun {
    /// An input that violated a property, as small as could be made.
    struct Finding: Equatable {
        /// Which input it was, to find it again.
        let origin: String
        /// What does not hold.
        let complaint: String
        let bytes: [UInt8]
    }

    private let target: FuzzTarget
    private let seed: UInt64
    /// Takes every input before it is judged.
    private let willJudge: ([UInt8]) throws -> Void
    private var pool: [[UInt8]] = []
    /// Those of the pool that were accepted: what is refused at its first fault shows little more when mutated.
    private var valid: [[UInt8]] = []
    private var kinds: Set<String> = []
    private var complaints: Set<String> = []
    private var mutator: FuzzMutator

    private(set) var executions = 0
    private(set) var accepted = 0
    private(set) var refused = 0
    private(set) var findings: [Finding] = []

    /// How many ways to accept or refuse were seen.
    var kindCount: Int { kinds.count }

    init(_ target: FuzzTarget, seed: UInt64, willJudge: @escaping ([UInt8]) throws -> Void) {
        self.target = target
        self.seed = seed
        self.willJudge = willJudge
        mutator = FuzzMutator(seed: seed, tokens: target.tokens)
    }

    /// Judges every entry and takes it into the pool.
    mutating func replay(_ corpus: FuzzCorpus) throws {
        for entry in corpus.entries {
            try judge(entry.bytes, isKept: true, origin: "corpus entry \(entry.name)")
        }
    }

    /// Judges mutations for as long as `goesOn` says so of their count.
    mutating func mutate(while goesOn: (_ count: Int) -> Bool) throws {
        var count = 0
        while goesOn(count) {
            var bytes = mutator.input(from: valid.isEmpty || mutator.oneIn(2) ? pool : valid)
            if let repair = target.repair, mutator.oneIn(2) { bytes = repair(bytes) }
            try judge(bytes, isKept: false, origin: "seed \(seed), mutation \(count)")
            count += 1
        }
    }

    /// Judges one input, and takes it into the pool if it is kept or shows a new kind.
    private mutating func judge(_ bytes: [UInt8], isKept: Bool, origin: String) throws {
        try willJudge(bytes)
        executions += 1
        switch target.judge(bytes) {
        case .refused(let kind):
            refused += 1
            if kinds.insert("refused: \(kind)").inserted || isKept { pool.append(bytes) }
        case .accepted(let kind):
            accepted += 1
            guard kinds.insert("accepted: \(kind)").inserted || isKept else { return }
            pool.append(bytes)
            valid.append(bytes)
        case .violated(let complaint):
            // One of each is enough: the same fault would come a thousand times.
            guard complaints.insert(complaint).inserted else { return }
            findings.append(Finding(origin: origin, complaint: complaint, bytes: try shrink(bytes, complaint)))
        }
    }

    /// Takes out pieces, from large to small, as long as the complaint stays the same.
    private func shrink(_ bytes: [UInt8], _ complaint: String) throws -> [UInt8] {
        var smallest = bytes
        var length = max(1, bytes.count / 2)
        while true {
            var start = 0
            while start < smallest.count {
                var shorter = smallest
                shorter.removeSubrange(start..<min(start + length, shorter.count))
                try willJudge(shorter)
                if target.judge(shorter) == .violated(complaint) { smallest = shorter } else { start += length }
            }
            if length == 1 { return smallest }
            length /= 2
        }
    }
}
