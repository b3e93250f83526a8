import CivilTime

/// Keeps the list of comparisons true: sorted, each date in one run at most, and no more said than is known.
struct CheckedRuns {
    /// The runs, oldest first.
    private(set) var runs: [CheckedRun]

    /// These runs, which are sorted.
    init(_ runs: [CheckedRun]) {
        self.runs = runs
    }

    /// Takes dates out. The rest of a run they are in the middle of stays where `count` tells what the archive had on
    /// each of its dates; else the run as a whole goes.
    ///
    /// - Parameter count: the archive's events of some dates in a row, as of when the run was compared, if nothing of
    ///   them has changed since.
    mutating func remove(_ first: CalendarDay, _ last: CalendarDay, count: (CalendarDay, CalendarDay) -> Int) {
        guard first <= last else { return }
        var kept: [CheckedRun] = []
        for run in runs {
            guard run.from <= last, first <= run.to else {
                kept.append(run)
                continue
            }
            // The dates of an agreement have, each, what the archive has, if that is still what was compared.
            guard run.isAgreement, count(run.from, run.to) == run.archiveCount else { continue }
            if run.from < first { kept.append(run.part(run.from, first.advanced(by: -1), count)) }
            if last < run.to { kept.append(run.part(last.advanced(by: 1), run.to, count)) }
        }
        runs = kept
    }

    /// Gives a date a run of its own, where `count` tells what the archive had on each date of the run that it is in.
    mutating func isolate(_ date: CalendarDay, count: (CalendarDay, CalendarDay) -> Int) {
        guard let index = runs.firstIndex(where: { $0.contains(date) && $0.from < $0.to }), runs[index].isAgreement,
            count(runs[index].from, runs[index].to) == runs[index].archiveCount
        else { return }
        let run = runs[index]
        let parts = [(run.from, date.advanced(by: -1)), (date, date), (date.advanced(by: 1), run.to)]
        runs.replaceSubrange(index...index, with: parts.filter { $0.0 <= $0.1 }.map { run.part($0.0, $0.1, count) })
    }

    /// Adds a comparison of dates that are in no run.
    mutating func insert(_ run: CheckedRun) {
        guard run.from <= run.to else { return }
        let place = runs.firstIndex { $0.from > run.from } ?? runs.endIndex
        runs.insert(run, at: place)
    }

    /// Makes neighbours one that agree and were compared at the same time.
    ///
    /// - Parameter count: the archive's events of some dates in a row. A run that had others keeps its own count.
    mutating func merge(count: (CalendarDay, CalendarDay) -> Int) {
        var merged: [CheckedRun] = []
        func isAsCompared(_ run: CheckedRun) -> Bool { count(run.from, run.to) == run.archiveCount }
        for run in runs {
            guard let last = merged.last, last.to.advanced(by: 1) == run.from, last.canBeMerged(with: run),
                isAsCompared(last), isAsCompared(run)
            else {
                merged.append(run)
                continue
            }
            merged[merged.count - 1].to = run.to
            merged[merged.count - 1].apiCount += run.apiCount
            merged[merged.count - 1].archiveCount += run.archiveCount
        }
        runs = merged
    }
}

extension CheckedRun {
    fileprivate func part(
        _ first: CalendarDay, _ last: CalendarDay, _ count: (CalendarDay, CalendarDay) -> Int
    ) -> CheckedRun {
        let records = count(first, last)
        return CheckedRun(from: first, to: last, checkedAt: checkedAt, apiCount: records, archiveCount: records)
    }

    /// Whether its counts and those of a neighbour can be added up. A number that says where the two sides differ is one
    /// run's own.
    fileprivate func canBeMerged(with other: CheckedRun) -> Bool {
        checkedAt == other.checkedAt && isPlain && other.isPlain
    }

    private var isPlain: Bool { difference == nil && goneAtVendor == nil && unexplained == nil }
}
