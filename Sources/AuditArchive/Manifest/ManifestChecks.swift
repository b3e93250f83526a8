import JSONText

extension Manifest {
    /// What a manifest says twice must agree, else it was altered.
    ///
    /// `totals` and the partitions' counts are left to `verify`, which names the file at fault; here only what a writer
    /// would build on is refused.
    func check() throws(ManifestError) {
        guard generation >= 0 else { throw .invalid(key: "generation", reason: "is negative") }
        try checkOrder(files.map(\.name), "files")
        try checkOrder(partitions.map(\.date), "partitions")
        try checkOrder(quarantine.map(\.name.path), "quarantine")
        let generations = files.map(\.name.generation) + quarantine.map(\.name.generation)
        if let newest = generations.max(), newest > generation {
            throw .invalid(key: "generation", reason: "is older than that of a file")
        }
    }

    private func checkOrder<Key: Comparable>(_ keys: [Key], _ list: String) throws(ManifestError) {
        for (index, (earlier, later)) in zip(keys, keys.dropFirst()).enumerated() where earlier >= later {
            throw .invalid(
                key: "\(list)[\(index + 1)]", reason: earlier == later ? "is there twice" : "is out of order")
        }
    }
}
