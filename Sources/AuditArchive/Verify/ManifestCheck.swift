import CivilTime

/// Checks what the manifest says against itself and against the events found. Reads no files.
struct ManifestCheck {
    private static let path = ArchiveLayout.manifestName

    let manifest: Manifest
    /// `totals` as the manifest has it.
    let statedTotals: Manifest.Totals

    /// What contradicts itself in the manifest.
    func faults() -> [ArchiveFault] {
        totalsFaults() + partitionFaults() + manifest.files.compactMap(timestampFault)
    }

    /// Compares `last_event_timestamp` with the newest event found that is not later than the manifest.
    func newestFault(_ newest: Timestamp?) -> ArchiveFault? {
        guard newest != manifest.lastEventTimestamp else { return nil }
        let found = newest.map { "the newest event up to \(manifest.writtenAt) is of \($0)" } ?? "there is no event"
        let stated = manifest.lastEventTimestamp?.description ?? "null"
        return ArchiveFault(.lastEventTimestamp, Self.path, "`last_event_timestamp` is \(stated), but \(found)")
    }

    private func totalsFaults() -> [ArchiveFault] {
        let sums = manifest.totals
        let pairs = [
            ("files", statedTotals.files, sums.files), ("records", statedTotals.records, sums.records),
            ("size", statedTotals.size, sums.size),
            ("uncompressed_size", statedTotals.uncompressedSize, sums.uncompressedSize)
        ]
        return pairs.filter { $0.1 != $0.2 }.map { key, stated, sum in
            ArchiveFault(.totals, Self.path, "`totals.\(key)` is \(stated), but the files listed make \(sum)")
        }
    }

    private func partitionFaults() -> [ArchiveFault] {
        var counts: [CalendarDay: Int] = [:]
        for file in manifest.files { counts[file.name.date, default: 0] += file.records }
        var faults: [ArchiveFault] = []
        let pruned = manifest.prunedTimes
        for partition in manifest.partitions {
            if pruned.contains(partition.date.start) {
                faults.append(
                    ArchiveFault(.partition, Self.path, "the partition \(partition.date) is there, but was pruned"))
            }
            switch counts.removeValue(forKey: partition.date) {
            case nil:
                faults.append(ArchiveFault(.partition, Self.path, "the partition \(partition.date) has no files"))
            case partition.records?: break
            case let count?:
                faults.append(
                    ArchiveFault(
                        .partitionRecords, Self.path,
                        "the partition \(partition.date) has \(partition.records) records, but its files make \(count)")
                )
            }
        }
        faults += counts.keys.sorted().map { date in
            ArchiveFault(.partition, Self.path, "there are files for \(date), but no partition")
        }
        return faults
    }

    private func timestampFault(_ file: DataFile) -> ArchiveFault? {
        guard file.firstEventTimestamp > file.lastEventTimestamp else { return nil }
        return ArchiveFault(
            .eventTimestamps, file.name.path,
            "ends before it begins: the manifest says from \(file.firstEventTimestamp) "
                + "to \(file.lastEventTimestamp)")
    }
}
