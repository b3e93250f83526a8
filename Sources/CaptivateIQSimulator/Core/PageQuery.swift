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

/// A request target taken apart: path, and query with percent escapes and plus signs decoded.
struct RequestTarget {
    let path: String
    private(set) var query: [(name: String, value: String)] = []

    init(_ target: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        guard parts.count == 2 else { return }
        for item in parts[1].split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query.append((Self.decoded(pair[0]), pair.count == 2 ? Self.decoded(pair[1]) : ""))
        }
    }

    /// The value of a parameter; the last one counts where it is given twice.
    subscript(name: String) -> String? {
        query.last { $0.name == name }?.value
    }

    private static func decoded(_ text: Substring) -> String {
        var out: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let pair = rest.prefix(2)
            if byte == UInt8(ascii: "%"), pair.count == 2, let value = UInt8(String(Substring(pair)), radix: 16) {
                out.append(value)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The text with everything escaped that is not unreserved in a query.
    static func encoded(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80, scalar.properties.isAlphabetic || "0123456789-._~".unicodeScalars.contains(scalar) {
                out.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                out += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return out
    }
}
