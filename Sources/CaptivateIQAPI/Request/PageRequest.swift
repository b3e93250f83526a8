package import CivilTime

/// Which events are asked for: days as the API's filters take them, whole days of unknown midnight.
package struct EventQuery: Hashable, Sendable {
    /// `start_date`, or nil for no lower bound.
    package var startDate: CalendarDay?
    /// `end_date`, or nil for no upper bound. Whether that day itself counts is not documented.
    package var endDate: CalendarDay?

    /// The query for the days from `startDate` to `endDate`.
    package init(startDate: CalendarDay? = nil, endDate: CalendarDay? = nil) {
        self.startDate = startDate
        self.endDate = endDate
    }
}

/// One page of the events that a query matches.
package struct PageRequest: Hashable, Sendable {
    /// The most records a page may hold (vendor's reference, "Pagination").
    package static let maximumLimit = 1000

    /// The events asked for.
    package var query: EventQuery
    /// Index of the first record.
    package var offset: Int
    /// The most records wanted; the API may answer with fewer.
    package var limit: Int

    /// The page of `limit` records from `offset` on.
    package init(query: EventQuery, offset: Int, limit: Int) {
        self.query = query
        self.offset = offset
        self.limit = limit
    }
}
