package import AuditArchive
package import CivilTime

/// What a statement says of one date.
package struct StatementDay: Sendable, Equatable {
    /// What is known of it. The raw values are stable: scripts read them from `statement.json`.
    package enum State: String, Sendable, CaseIterable {
        case before, unseen, pending, open, differing, unexplained, erased, pruned, closed
    }

    /// The date.
    package var date: CalendarDay
    /// Its events in the archive.
    package var events: Int
    /// What is known of it.
    package var state: State
    /// What a comparison with the API said; nil where there was none.
    package var run: CheckedRun?
    /// Whether that comparison was made for this statement.
    package var isAskedNow: Bool
    /// Whether the date was compared with the API, and both had the same.
    package var isProven: Bool

    /// The API's events of this date. Where several dates were counted together and agreed, each has what the archive had.
    package var apiCount: Int? { run.map { $0.from == $0.to ? $0.apiCount : events } }

    /// Whether it was counted together with other dates.
    package var isCountedTogether: Bool { run.map { $0.from != $0.to } ?? false }
}

extension StatementDay {
    /// The dates of a period. `checks`: what was compared for this statement.
    static func all(
        of period: ClosedRange<CalendarDay>, _ manifest: Manifest, checks: [CheckedRun]
    ) -> [StatementDay] {
        let newest = max(
            manifest.writtenAt.day, manifest.completeThrough ?? .first, manifest.checked.last?.to ?? .first)
        return (0...period.lowerBound.days(until: period.upperBound)).map { offset in
            let date = period.lowerBound.advanced(by: offset)
            let known = DayCompleteness(date, manifest)
            let isCovered = manifest.startTimestamp.day <= date && date <= newest
            return StatementDay(
                date: date, events: manifest.partition(of: date)?.records ?? 0,
                state: isCovered ? State(known.state) : date < manifest.startTimestamp.day ? .before : .unseen,
                run: known.run, isAskedNow: known.run.map(checks.contains) ?? false,
                isProven: isCovered && known.isChecked && (known.state == .closed || known.state == .erased))
        }
    }
}

extension StatementDay.State {
    fileprivate init(_ state: DayCompleteness.State) {
        self =
            switch state {
            case .pending: .pending
            case .open: .open
            case .differing: .differing
            case .unexplained: .unexplained
            case .erased: .erased
            case .pruned: .pruned
            case .closed: .closed
            }
    }
}
