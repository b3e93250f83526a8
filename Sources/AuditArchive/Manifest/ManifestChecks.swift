import JSONText

extension Manifest {
    /// What a manifest says twice must agree, else it was altered.
    ///
    /// `totals` and the partitions' counts are left to `verify`, which names the file at fault; here only what a writer
    /// would build on is refused.
    func check() throws(ManifestError) {
        guard generation >= 0 else { throw .invalid(key: "generation", reason: "is negative") }
        guard generation <= Self.largestCount else { throw .invalid(key: "generation", reason: "is too large") }
        try checkOrder(files.map(\.name), "files")
        try checkOrder(partitions.map(\.date), "partitions")
        try checkOrder(quarantine.map(\.name.path), "quarantine")
        let generations = files.map(\.name.generation) + quarantine.map(\.name.generation)
        if let newest = generations.max(), newest > generation {
            throw .invalid(key: "generation", reason: "is older than that of a file")
        }
        try checkSums()
    }

    /// The largest generation and the largest sum of a count: no archive comes near, and a commit can add to it.
    static let largestCount = Int.max / 2

    /// What is added up later must not overflow.
    private func checkSums() throws(ManifestError) {
        let sums = [
            ("files", "size", Self.sum(files, \.size)), ("files", "records", Self.sum(files, \.records)),
            ("files", "uncompressed_size", Self.sum(files, \.uncompressedSize)),
            ("quarantine", "size", Self.sum(quarantine, \.size)),
            ("quarantine", "records", Self.sum(quarantine, \.records)),
            ("quarantine", "uncompressed_size", Self.sum(quarantine, \.uncompressedSize)),
            ("partitions", "records", Self.sum(partitions, \.records))
        ]
        for (list, count, sum) in sums where sum > Self.largestCount {
            throw .invalid(key: list, reason: "has a `\(count)` that is too large")
        }
    }

    /// The sum of a count, which is never negative; `Int.max` if it does not fit.
    private static func sum<Entry>(_ entries: [Entry], _ count: (Entry) -> Int) -> Int {
        var sum = 0
        for entry in entries {
            let (next, isTooLarge) = sum.addingReportingOverflow(count(entry))
            guard !isTooLarge else { return .max }
            sum = next
        }
        return sum
    }

    private func checkOrder<Key: Comparable>(_ keys: [Key], _ list: String) throws(ManifestError) {
        for (index, (earlier, later)) in zip(keys, keys.dropFirst()).enumerated() where earlier >= later {
            throw .invalid(
                key: "\(list)[\(index + 1)]", reason: earlier == later ? "is there twice" : "is out of order")
        }
    }
}
