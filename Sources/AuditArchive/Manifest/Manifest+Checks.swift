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
        // By index: a list of names would be as large as the archive has files.
        try checkOrder(files.count, "files") { (files[$0].name, files[$1].name) }
        try checkOrder(partitions.count, "partitions") { (partitions[$0].date, partitions[$1].date) }
        try checkOrder(quarantine.count, "quarantine") { (quarantine[$0].name.path, quarantine[$1].name.path) }
        let newest = max(
            files.indices.reduce(0) { max($0, files[$1].name.generation) },
            quarantine.reduce(0) { max($0, $1.name.generation) })
        if newest > generation {
            throw .invalid(key: "generation", reason: "is older than that of a file")
        }
        for (index, (one, next)) in zip(checked, checked.dropFirst()).enumerated() where next.from <= one.to {
            throw .invalid(key: "checked[\(index + 1)]", reason: "is out of order")
        }
        try checkSums()
    }

    /// Sums are taken without looking from here on.
    private func checkSums() throws(ManifestError) {
        // By index: an entry taken out is a copy of all its texts.
        var (sizes, uncompressed, records) = (0, 0, 0)
        for index in files.indices {
            try Self.add(files[index].size, to: &sizes, "files")
            try Self.add(files[index].uncompressedSize, to: &uncompressed, "files")
            try Self.add(files[index].records, to: &records, "files")
        }
        (sizes, uncompressed, records) = (0, 0, 0)
        for file in quarantine {
            try Self.add(file.size, to: &sizes, "quarantine")
            try Self.add(file.uncompressedSize, to: &uncompressed, "quarantine")
            try Self.add(file.records, to: &records, "quarantine")
        }
        records = 0
        for partition in partitions { try Self.add(partition.records, to: &records, "partitions") }
        // Runs are made one by adding them up.
        (sizes, records) = (0, 0)
        for run in checked {
            try Self.add(run.apiCount, to: &sizes, "checked")
            try Self.add(run.archiveCount, to: &records, "checked")
        }
    }

    /// Each number alone was found small enough to be added to such a sum.
    private static func add(_ number: Int, to sum: inout Int, _ list: String) throws(ManifestError) {
        sum += number
        guard sum <= largestNumber else { throw .invalid(key: list, reason: "make more than an archive can have") }
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

    private func checkOrder<Key: Comparable>(
        _ count: Int, _ list: String, _ keys: (_ earlier: Int, _ later: Int) -> (Key, Key)
    ) throws(ManifestError) {
        for index in 1..<max(1, count) {
            let (earlier, later) = keys(index - 1, index)
            if earlier < later { continue }
            throw .invalid(key: "\(list)[\(index)]", reason: earlier == later ? "is there twice" : "is out of order")
        }
    }
}
