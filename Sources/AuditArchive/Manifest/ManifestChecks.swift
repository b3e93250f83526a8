import JSONText

extension Manifest {
    /// More bytes, events or commits than any archive has; far enough from overflow for a few sums and successors.
    static let largestNumber = 1 << 53

    /// What a manifest says twice must agree, else it was altered.
    ///
    /// `totals` and the partitions' counts are left to `verify`, which names the file at fault; here only what a writer
    /// would build on is refused.
    func check() throws(ManifestError) {
        guard (0...Self.largestNumber).contains(generation) else {
            throw .invalid(key: "generation", reason: "is negative or too large")
        }
        try checkOrder(files.map(\.name), "files")
        try checkOrder(partitions.map(\.date), "partitions")
        try checkOrder(quarantine.map(\.name.path), "quarantine")
        let generations = files.map(\.name.generation) + quarantine.map(\.name.generation)
        if let newest = generations.max(), newest > generation {
            throw .invalid(key: "generation", reason: "is older than that of a file")
        }
        try checkSums()
    }

    /// Sums are taken without looking from here on.
    private func checkSums() throws(ManifestError) {
        let lists = [
            ("files", files.map(\.size)), ("files", files.map(\.uncompressedSize)), ("files", files.map(\.records)),
            ("quarantine", quarantine.map(\.size)), ("quarantine", quarantine.map(\.uncompressedSize)),
            ("quarantine", quarantine.map(\.records)), ("partitions", partitions.map(\.records))
        ]
        for (list, numbers) in lists {
            var sum = 0
            for number in numbers {
                sum += number
                guard sum <= Self.largestNumber else {
                    throw .invalid(key: list, reason: "make more than an archive can have")
                }
            }
        }
    }

    /// A later one would make the next sync pass over events: for a writer to refuse, and for `verify` to report.
    func checkNewest() throws(ManifestError) {
        guard let lastEventTimestamp else { return }
        guard lastEventTimestamp <= writtenAt else {
            throw .invalid(key: "last_event_timestamp", reason: "is later than `written_at`")
        }
        guard files.contains(where: { lastEventTimestamp <= $0.lastEventTimestamp }) else {
            throw .invalid(key: "last_event_timestamp", reason: "is later than every file's")
        }
    }

    private func checkOrder<Key: Comparable>(_ keys: [Key], _ list: String) throws(ManifestError) {
        for (index, (earlier, later)) in zip(keys, keys.dropFirst()).enumerated() where earlier >= later {
            throw .invalid(
                key: "\(list)[\(index + 1)]", reason: earlier == later ? "is there twice" : "is out of order")
        }
    }
}
