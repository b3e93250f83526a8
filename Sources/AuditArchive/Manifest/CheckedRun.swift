package import CivilTime

/// Closed dates in a row that were compared with the API, and what both had then.
package struct CheckedRun: Equatable, Sendable {
    /// The first date.
    package var from: CalendarDay

    /// The last date.
    package var to: CalendarDay

    /// When they were compared.
    package var checkedAt: Timestamp

    /// How many events the API had on these dates.
    package var apiCount: Int

    /// How many events the archive had on these dates.
    package var archiveCount: Int

    /// How many more events the API had, where the two were left apart; negative where it had fewer.
    package var difference: Int?

    /// Events that are archived and no longer there, which was accepted.
    package var goneAtVendor: Int?

    /// How many events more the API counts than it shows.
    package var unexplained: Int?

    /// Describes a comparison.
    package init(
        from: CalendarDay, to: CalendarDay, checkedAt: Timestamp, apiCount: Int, archiveCount: Int,
        difference: Int? = nil, goneAtVendor: Int? = nil, unexplained: Int? = nil
    ) {
        self.from = from
        self.to = to
        self.checkedAt = checkedAt
        self.apiCount = apiCount
        self.archiveCount = archiveCount
        self.difference = difference
        self.goneAtVendor = goneAtVendor
        self.unexplained = unexplained
    }

    /// Whether both had the same, so that what the archive has on one of the dates is what the API had on it.
    package var isAgreement: Bool {
        apiCount == archiveCount && difference == nil && goneAtVendor == nil && unexplained == nil
    }

    /// Whether a date is one of these.
    package func contains(_ date: CalendarDay) -> Bool { from <= date && date <= to }
}

/// Dates that must not be pruned, and why.
package struct Hold: Equatable, Sendable {
    /// What it is called.
    package var name: String

    /// The first date.
    package var from: CalendarDay

    /// The last date.
    package var to: CalendarDay

    /// Why.
    package var reason: String
}

/// Dates in a row that were pruned: nothing brings them back.
package struct PrunedRun: Equatable, Sendable {
    /// The first date.
    package var from: CalendarDay

    /// The last date.
    package var to: CalendarDay

    /// How many events were removed.
    package var records: Int

    /// When.
    package var prunedAt: Timestamp

    /// Why.
    package var reason: String

    /// Whether a date is one of these.
    package func contains(_ date: CalendarDay) -> Bool { from <= date && date <= to }
}
