import CivilTime

/// Takes the quarantined records of pruned dates out of their files.
struct QuarantinePruning: Sendable {
    let archive: ArchiveDirectory
    var compression = CompressionSettings(level: 6, parallelism: 1)

    /// The dates that each record of these files may be of, in their order; none for a record that names none.
    func dates(_ files: [QuarantineFile]) throws(ArchiveError) -> [Set<CalendarDay>] {
        var dates: [Set<CalendarDay>] = []
        try QuarantineReader(archive: archive).read(files) { dates.append(QuarantinedDays.days(ofLine: $0)) }
        return dates
    }

    /// Writes the files anew, into the staging folder, that hold records which go.
    func run(
        _ plan: PrunePlan, _ files: [QuarantineFile], generation: Int, reason: String
    ) async throws(ArchiveError) -> CommitChange {
        var change = CommitChange()
        for file in files {
            // Records are rare, so that a file of them fits in memory.
            var kept: [[UInt8]] = []
            var dropped: [QuarantineErasure.Line] = []
            try QuarantineReader(archive: archive).read([file]) { line in
                if plan.takes(recordOf: QuarantinedDays.days(ofLine: line)) {
                    dropped.append(QuarantineErasure.Line(number: dropped.count + kept.count, leaf: .leaf(line)))
                } else {
                    kept.append(line.withUnsafeBytes { Array($0) })
                }
            }
            guard !dropped.isEmpty else { continue }
            change.removedQuarantine.insert(file.name)
            let name = QuarantineFileName(generation: generation, part: change.quarantine.count)
            if !kept.isEmpty { change.quarantine.append(try await write(kept, as: name)) }
            change.operations.append(
                .quarantineErase(
                    QuarantineErasure(
                        generation: generation, file: .quarantine(file.name),
                        newFile: kept.isEmpty ? nil : .quarantine(name), lines: dropped, reason: reason)))
        }
        return change
    }

    /// Writes lines as a file of the staging folder.
    func write(_ lines: [[UInt8]], as name: QuarantineFileName) async throws(ArchiveError) -> QuarantineFile {
        var file = try GzipFileWriter(archive.layout.staged(name.fileName), archive, compression)
        for line in lines {
            file.append(line: line.span.bytes)
            if file.mustDrain { try await file.drain() }
        }
        return QuarantineFile(name: name, digest: try await file.finish())
    }
}
