/// The parameters of a list request, checked.
struct PageQuery {
    /// Which events are meant; pages of one filter have one `total_count`.
    struct Filter: Hashable {
        /// Bounds of `created_at` in microseconds since 1970; the upper one does not count.
        var lower: Int64?
        var upper: Int64?
        var email: String?
        var order: EventOrder
    }

    /// A parameter that cannot be read, as the API says it.
    struct Problem: Error {
        let parameter: String
        let message: String
    }

    let filter: Filter
    let limit: Int
    let offset: Int
    /// Parameters other than `limit` and `offset`, for the links to other pages.
    let others: [(name: String, value: String)]

    /// Reads them. `offsetMinutes`: the zone whose midnights are meant now.
    init(
        _ target: RequestTarget, _ listing: SimulatorConfiguration.Listing, offsetMinutes: Int
    ) throws(Problem) {
        limit = min(try Self.number(target, "limit", from: 1) ?? listing.defaultLimit, listing.limitCap)
        offset = try Self.number(target, "offset", from: 0) ?? 0
        let midnight = { (day: Int64) in
            let isSummer = listing.summerTime?.days.contains(day) ?? false
            let minutes = offsetMinutes + (isSummer ? listing.summerTime?.minutes ?? 0 : 0)
            return day - Int64(minutes) * 60 * CivilTime.second
        }
        let lower = try Self.day(target, "start_date").map(midnight)
        let end = try Self.day(target, "end_date")
        let upper = end.map { midnight(listing.endDateInclusive ? $0 + CivilTime.day : $0) }
        let email = target["email"].flatMap { $0.isEmpty ? nil : $0 }
        filter = Filter(lower: lower, upper: upper, email: email, order: Self.order(target, listing))
        others = target.query.filter { $0.name != "limit" && $0.name != "offset" }
    }

    private static func number(_ target: RequestTarget, _ name: String, from least: Int) throws(Problem) -> Int? {
        guard let text = target[name] else { return nil }
        guard let number = Int(text), number >= least else {
            throw Problem(parameter: name, message: "A valid integer is required.")
        }
        return number
    }

    private static func day(_ target: RequestTarget, _ name: String) throws(Problem) -> Int64? {
        guard let text = target[name] else { return nil }
        guard let day = TimestampText.parseDay(text) else {
            throw Problem(parameter: name, message: "Date has wrong format. Use YYYY-MM-DD.")
        }
        return day
    }

    private static func order(_ target: RequestTarget, _ listing: SimulatorConfiguration.Listing) -> EventOrder {
        guard listing.honorsOrdering else { return listing.order }
        return switch target["ordering"] {
        case "created_at": .ascending
        case "-created_at": .descending
        default: listing.order
        }
    }
}
