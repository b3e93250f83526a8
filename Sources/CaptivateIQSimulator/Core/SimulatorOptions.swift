/// In which order lists come.
package enum EventOrder: String, CaseIterable, Sendable {
    /// Oldest first; events of one time by id.
    case ascending
    /// Newest first; the exact reverse of `ascending`.
    case descending
    /// Mixed up, but the same way for every request.
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
