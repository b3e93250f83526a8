/// Everything that can be chosen about a simulated API. The defaults are a quiet, well-behaved one without limits.
package struct SimulatorConfiguration: Equatable, Sendable {
    /// The events there are at the start.
    package struct Population: Equatable, Sendable {
        /// How many.
        package var count = 20_000
        /// Over how many days before `until` they are spread.
        package var days = 30
        /// The same seed gives the same events, faults and orders.
        package var seed: UInt64 = 1
        /// Time of the newest one, microseconds since 1970; nil: one second before the simulator starts.
        package var until: Int64?
        /// Organization, odd records and the like.
        package var traits = EventTraits()
        /// Share of events, 0 to 1, whose content differs from the second time they are served.
        package var changedShare = 0.0
        /// Share of events, 0 to 1, that become visible only some time after their `created_at`.
        package var delayedShare = 0.0
        /// The longest such delay, in hours.
        package var delayedHours = 20.0

        /// The default events.
        package init() {}
    }

    /// How lists are cut, ordered and described.
    package struct Listing: Equatable, Sendable {
        /// The order of records.
        package var order = EventOrder.ascending
        /// Records in a page when the request names no limit.
        package var defaultLimit = 50
        /// A larger `limit` is silently cut to this.
        package var limitCap = 1_000
        /// What `next` and `previous` look like.
        package var nextStyle = NextStyle.absolute
        /// What `total_count` says.
        package var totalMode = TotalMode.exact
        /// What decides whether `next` is null.
        package var nextRule = NextRule.list
        /// Rows at this offset and beyond are not listed, and `next` is null there; nil: all are.
        package var maxOffset: Int?
        /// Rows that lists hold twice.
        package var doubled: DoubledRows?
        /// The number of pages that are listed in turn for ever, whatever the offset; nil: lists end.
        package var pageCycle: Int?
        /// Whether an event's members come in another order in each answer.
        package var shufflesMembers = false
        /// Whether `end_date` names the last day that counts, or the first that does not.
        package var endDateInclusive = true
        /// The zone whose midnights the date filters mean, in minutes east of UTC.
        package var filterOffsetMinutes = 0
        /// When it becomes another one; the last that is due counts.
        package var filterChanges: [FilterChange] = []
        /// Days whose midnights lie earlier.
        package var summerTime: SummerTime?
        /// Whether `ordering=created_at` and `ordering=-created_at` are obeyed rather than ignored.
        package var honorsOrdering = false
        /// The white space between tokens.
        package var whitespace = WhitespaceStyle.compact

        /// The default lists.
        package init() {}
    }

    /// How fast answers come and how many are allowed.
    package struct Pacing: Equatable, Sendable {
        /// Time each answer takes.
        package var latency = Duration.zero
        /// Time each record of an answer takes.
        package var latencyPerRecord = Duration.zero
        /// Requests allowed in any second; nil: no limit.
        package var requestsPerSecond: Int?
        /// Requests allowed in any hour; nil: no limit.
        package var requestsPerHour: Int?
        /// What a 429 says about when to come back.
        package var retryAfter = RetryAfterStyle.none
        /// A request for more records than this is answered 502, as if it had taken 30 s; nil: never.
        package var gatewayTimeoutAbove: Int?

        /// The default pacing.
        package init() {}
    }

    /// What changes between one request and the next.
    package struct Motion: Equatable, Sendable {
        /// New events before each request but the first.
        package var arrivalsPerRequest = 0
        /// Share of the new events, 0 to 1, that are dated some hours back.
        package var lateShare = 0.0
        /// How far back at most, in hours.
        package var lateHours = 20.0
        /// How many neighbours among the new events share one `created_at`.
        package var ties = 1
        /// Oldest events removed before each request but the first.
        package var purgesPerRequest = 0

        /// Nothing changes.
        package init() {}
    }

    /// The events.
    package var population = Population()
    /// How they are listed.
    package var listing = Listing()
    /// How fast, and how many requests.
    package var pacing = Pacing()
    /// What changes in between.
    package var motion = Motion()
    /// What goes wrong.
    package var faults = FaultPlan()
    /// The token the API wants to see.
    package var token = "simulator-token"
    /// Whether answers are compressed for clients that accept it (by the server, not by the core).
    package var gzip = false
    /// Added to the clock, in microseconds: an API whose clock is wrong.
    package var clockOffset: Int64 = 0

    /// The defaults: 20,000 events in 30 days, served in order and at once.
    package init() {}
}

/// A setting that makes no sense.
package struct SimulatorConfigurationError: Error, Equatable, CustomStringConvertible {
    /// Which one, as the command line names it.
    let setting: String
    /// What it must be.
    package let rule: String

    /// Setting and rule in one sentence.
    package var description: String { "\(setting) must be \(rule)" }
}

/// In which order lists come.
package enum EventOrder: String, CaseIterable, Sendable {
    /// Oldest first; events of one time by id.
    case ascending
    /// Newest first; the exact reverse of `ascending`.
    case descending
    /// Shuffled, in the same way for every request.
    case unordered
    /// Oldest first, with events of one time in an order that differs from request to request.
    case shuffledTies = "shuffled-ties"
}

/// What stands in `next` and `previous`.
package enum NextStyle: String, CaseIterable, Sendable {
    /// `https://` and the host that was asked.
    case absolute
    /// `http://` and the host that was asked.
    case http
    /// `https://` and another host: a client that follows it gives its token away.
    case otherHost = "other-host"
    /// A path and a query.
    case relative
    /// null on every page.
    case alwaysNull = "always-null"
    /// Never null: an URL on the last page too.
    case neverNull = "never-null"
    /// The key `next` is not there at all.
    case missing
}

/// What a 429 says about when to come back.
package enum RetryAfterStyle: String, CaseIterable, Sendable {
    /// Nothing.
    case none
    /// `Retry-After` in whole seconds, rounded up.
    case seconds
    /// `Retry-After` as an HTTP date, rounded up.
    case date
}

/// The insignificant white space of answers.
package enum WhitespaceStyle: String, CaseIterable, Sendable {
    /// None.
    case compact
    /// One value a line, indented by two spaces.
    case pretty
    /// Spaces, tabs, carriage returns and line feeds wherever the grammar allows them.
    case ragged
}
