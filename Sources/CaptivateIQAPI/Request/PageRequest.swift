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
    static let maximumLimit = 1000

    /// Where pages are asked for, below the API's address.
    static let path = "/ciq/v1/audit-logs/"

    /// What a request asks for, in words: the call and its parameters.
    package static let form =
        "GET \(path)?limit=…&offset=…&start_date=…&end_date=…&ordering=\(RequestTarget.ordering)"

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

/// What a request asks for. Its URL is always built here, never taken from an answer: a URL that the server
/// names could lead the token elsewhere.
enum RequestTarget: Hashable, Sendable {
    /// One page of audit-log events.
    case page(PageRequest)
    /// The organizations of the token, from `offset` on.
    case organizations(offset: Int)

    /// Asked for because it can only help: the audit-log endpoint does not document it and "ordering values that
    /// are not available are ignored". Nothing may rely on the order of the answer.
    static let ordering = "created_at"

    /// The absolute URL under `base`.
    func url(under base: BaseURL) -> String {
        switch self {
        case .page(let request):
            return base.text + PageRequest.path + "?" + Self.queryString(of: request)
        case .organizations(let offset):
            let path = base.text + "/ciq/v1/me/organizations"
            return offset == 0 ? path : path + "?offset=\(offset)"
        }
    }

    private static func queryString(of request: PageRequest) -> String {
        var parts = ["limit=\(request.limit)", "offset=\(request.offset)"]
        if let day = request.query.startDate { parts.append("start_date=\(day)") }
        if let day = request.query.endDate { parts.append("end_date=\(day)") }
        parts.append("ordering=\(ordering)")
        return parts.joined(separator: "&")
    }
}

extension RequestTarget {
    /// Below this a smaller page no longer helps a slow server; it is also the API's default page.
    static let smallestHalvedLimit = 50

    /// The same with half the records, never fewer than `smallest`; nil where there is nothing to halve.
    func halved(downTo smallest: Int = smallestHalvedLimit) -> RequestTarget? {
        guard case .page(var request) = self, request.limit > smallest else { return nil }
        request.limit = max(smallest, request.limit / 2)
        return .page(request)
    }
}
