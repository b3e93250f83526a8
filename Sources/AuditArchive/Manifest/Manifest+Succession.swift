import CivilTime

extension Manifest {
    /// The manifest after a commit that makes this change. ``lastEventTimestamp`` is left to the caller, who can read
    /// files. `archiveID` names an archive that has no name yet.
    static func successor(
        of old: Manifest?, _ change: CommitChange, _ metadata: CommitMetadata, writer: String, archiveID: String
    ) -> Manifest {
        var next = Manifest(
            generation: (old?.generation ?? 0) + 1, writtenAt: metadata.now, writer: writer,
            startTimestamp: metadata.startTimestamp, archiveID: archiveID)
        if let old {
            if !old.archiveID.isEmpty { next.archiveID = old.archiveID }
            (next.holds, next.unknown) = (old.holds, old.unknown)
        }
        next.holds = change.holds ?? next.holds
        next.pruned = change.pruned(after: old?.pruned ?? [])
        next.organization = metadata.organization
        next.pending = metadata.pending
        next.files = change.files(after: old?.files ?? [], at: metadata.now)
        next.quarantine = change.quarantine(after: old?.quarantine ?? [])
        next.partitions = Partition.all(of: next.files)
        next.advance(from: old, metadata)
        next.close(from: old, metadata)
        for index in next.partitions.indices where change.erasedDates.contains(next.partitions[index].date) {
            next.partitions[index].state = .erased
        }
        next.record(metadata.checks, from: old, except: change.erasedDates)
        return next
    }

    /// What a sync that ended whole moves on, and nothing moves back.
    private mutating func advance(from old: Manifest?, _ metadata: CommitMetadata) {
        syncedTo = [old?.syncedTo, metadata.syncedTo].compactMap(\.self).max()
        completeThrough = old?.completeThrough
        guard var newest = metadata.closesThrough else { return }
        if let gap = pending.ranges.first { newest = min(newest, gap.lowerBound.day.advanced(by: -1)) }
        guard newest >= startTimestamp.day else { return }
        completeThrough = max(completeThrough ?? newest, newest)
    }

    /// A date that was closed stays so, also one that gets its first events only now.
    private mutating func close(from old: Manifest?, _ metadata: CommitMetadata) {
        let before = Dictionary((old?.partitions ?? []).map { ($0.date, $0.state) }) { first, _ in first }
        let closed = (old?.startTimestamp.day).flatMap { first in
            old?.completeThrough.flatMap { first <= $0 ? first...$0 : nil }
        }
        for index in partitions.indices {
            let date = partitions[index].date
            if let state = before[date], state != .open {
                partitions[index].state = state
            } else if metadata.closesThrough.map({ date <= $0 }) ?? false || closed?.contains(date) ?? false {
                partitions[index].state = .closed
            }
        }
    }

    /// What the API said counts only as long as the date has not changed since. What was erased was there then.
    private mutating func record(_ checks: [CheckedRun], from old: Manifest?, except erased: Set<CalendarDay>) {
        let (then, now) = (RecordCounts(old?.partitions ?? []), RecordCounts(partitions))
        var runs = CheckedRuns(old?.checked ?? [])
        for date in then.changes(to: now) {
            // The others of its run are still what was compared, whatever becomes of them.
            if erased.contains(date) {
                runs.isolate(date, count: then.sum)
            } else {
                runs.remove(date, date, count: then.sum)
            }
        }
        for check in checks where now.sum(check.from, check.to) == check.archiveCount {
            runs.remove(check.from, check.to, count: now.sum)
            runs.insert(check)
        }
        if !checks.isEmpty {
            // Only a closed date is known to get no more events.
            for partition in partitions where partition.state == .open {
                runs.remove(partition.date, partition.date, count: now.sum)
            }
        }
        runs.merge(count: now.sum)
        checked = runs.runs
    }

    /// Whether two manifests say the same about the archive, whenever and by whom they were written. How far a sync has
    /// looked is no reason to write anew: an older note costs the next one a page.
    func hasSameContent(as other: Manifest) -> Bool {
        var twin = other
        twin.generation = generation
        twin.writtenAt = writtenAt
        twin.writer = writer
        twin.syncedTo = syncedTo
        twin.digest = digest
        (twin.evidence, twin.digestAboveEvidence) = (evidence, digestAboveEvidence)
        return self == twin
    }
}

extension Partition {
    /// The open partitions that sorted files make.
    static func all(of files: [DataFile]) -> [Partition] {
        var partitions: [Partition] = []
        for index in files.indices {
            // By index: an entry taken out is a copy of its texts.
            let (date, records) = (files[index].name.date, files[index].records)
            if partitions.last?.date == date {
                partitions[partitions.count - 1].records += records
            } else {
                partitions.append(Partition(date: date, state: .open, records: records))
            }
        }
        return partitions
    }
}

/// How many events some dates have.
struct RecordCounts {
    private let partitions: [Partition]

    /// Those of these partitions, which are sorted.
    init(_ partitions: [Partition]) {
        self.partitions = partitions
    }

    /// The events from the first date to the last.
    func sum(_ first: CalendarDay, _ last: CalendarDay) -> Int {
        var (low, high) = (0, partitions.count)
        while low < high {
            let middle = (low + high) / 2
            if partitions[middle].date < first { low = middle + 1 } else { high = middle }
        }
        return partitions[low...].prefix { $0.date <= last }.reduce(0) { $0 + $1.records }
    }

    /// The dates that have another number of events there.
    func changes(to other: RecordCounts) -> [CalendarDay] {
        var dates: [CalendarDay] = []
        var (old, new) = (0, 0)
        while old < partitions.count || new < other.partitions.count {
            // Later than every date where a list is at its end.
            let before = old < partitions.count ? partitions[old].date : CalendarDay(number: .max)
            let after = new < other.partitions.count ? other.partitions[new].date : CalendarDay(number: .max)
            let date = min(before, after)
            let isSame = before == after && partitions[old].records == other.partitions[new].records
            if !isSame { dates.append(date) }
            if before == date { old += 1 }
            if after == date { new += 1 }
        }
        return dates
    }
}
