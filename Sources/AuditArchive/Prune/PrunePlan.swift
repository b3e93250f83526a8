package import CivilTime

/// What a retention takes away, decided from the manifest, the quarantine's dates and a cutoff alone.
package struct PrunePlan: Sendable, Equatable {
    /// Dates in a row that go, those without events between them too.
    package struct Run: Sendable, Equatable {
        /// The first date.
        package var from: CalendarDay
        /// The last date.
        package var to: CalendarDay
        /// Its events.
        package var records: Int
    }

    /// The dates that go, oldest first.
    package private(set) var runs: [Run] = []

    /// Those of them that have files.
    package private(set) var dates: [CalendarDay] = []

    /// Files of these dates, their events and their bytes on disk.
    package private(set) var files = 0, records = 0, size = 0

    /// Quarantined records of these dates.
    package private(set) var quarantined = 0

    /// The names of the holds that keep dates back, which would go otherwise.
    package private(set) var holds: [String] = []

    /// Dates with events that are old enough and stay: under a hold.
    package private(set) var held: [CalendarDay] = []

    /// Dates with events that are old enough and stay: open, with times that are still to be read, or the newest one.
    package private(set) var kept: [CalendarDay] = []

    /// A plan by which nothing goes.
    init() {}

    /// Whether nothing goes.
    package var isEmpty: Bool { runs.isEmpty }

    /// Whether a date goes.
    func contains(_ date: CalendarDay) -> Bool { runs.contains { $0.from <= date && date <= $0.to } }

    /// Whether a quarantined record goes that may be of any of these dates.
    func takes(recordOf dates: Set<CalendarDay>) -> Bool { !dates.isEmpty && dates.allSatisfy(contains) }

    /// Whole closed dates before `cutoff`. `quarantined`: the dates that each quarantined record may be of.
    init(_ manifest: Manifest, before cutoff: CalendarDay, quarantined records: [Set<CalendarDay>]) {
        let partitions = Dictionary(manifest.partitions.map { ($0.date, $0) }) { first, _ in first }
        let marked = Set(records.flatMap(\.self))
        let (pending, pruned) = (manifest.pending, manifest.prunedTimes)
        var run: Run?
        var isWorthwhile = false
        func end() {
            if let run, isWorthwhile { runs.append(run) }
            (run, isWorthwhile) = (nil, false)
        }
        var date = manifest.startTimestamp.day
        while date < cutoff {
            defer { date = date.advanced(by: 1) }
            let partition = partitions[date]
            let times = Range(of: date)
            let isClosed = partition.map { $0.state != .open } ?? manifest.completeThrough.map { date <= $0 } ?? false
            let holds = manifest.holds.filter { $0.from <= date && date <= $0.to }.map(\.name)
            let isReady =
                isClosed && date != manifest.partitions.last?.date
                && pending.intersection(RangeSet([times])).isEmpty && !pruned.contains(times.lowerBound)
            guard isReady, holds.isEmpty else {
                end()
                guard partition != nil else { continue }
                if isReady { held.append(date) } else { kept.append(date) }
                if isReady { self.holds += holds.filter { !self.holds.contains($0) } }
                continue
            }
            let count = partition?.records ?? 0
            isWorthwhile = isWorthwhile || partition != nil || marked.contains(date)
            run = Run(from: run?.from ?? date, to: date, records: (run?.records ?? 0) + count)
        }
        end()
        add(manifest, records)
    }

    private mutating func add(_ manifest: Manifest, _ quarantined: [Set<CalendarDay>]) {
        dates = manifest.partitions.map(\.date).filter(contains)
        for date in dates {
            for file in manifest.files(of: date) {
                (files, records, size) = (files + 1, records + file.records, size + file.size)
            }
        }
        self.quarantined = quarantined.count(where: takes(recordOf:))
    }
}

extension PrunePlan.Run {
    /// What the manifest says of it.
    func pruned(at time: Timestamp, reason: String) -> PrunedRun {
        PrunedRun(from: from, to: to, records: records, prunedAt: time, reason: reason)
    }
}
