import CivilTime
import JSONText

/// The requests that a budget remembers, in wall-clock time, so that the next run continues from them.
///
/// As JSON: `{"version":1,"hour":[[first,last,count],…],"second":[time,…]}`, times in microseconds since 1970.
struct RequestLedger: Sendable, Equatable {
    /// Requests that were close together.
    struct Group: Sendable, Equatable {
        /// When the first one was sent.
        var first: Int64
        /// When the last one was sent.
        var last: Int64
        /// How many, at least 1.
        var count: Int
    }

    /// Further groups are not read: an hour cannot have more, so the file was not written by this program.
    static let maximumGroups = 1000
    /// Larger counts are cut to this. It blocks for an hour in any case.
    static let maximumCount = 1_000_000

    /// The last hour's requests, from old to new.
    var hour: [Group] = []
    /// The last second's requests, from old to new.
    var second: [Int64] = []

    /// The ledger as JSON.
    func encoded() -> [UInt8] {
        let groups = hour.map { "[\($0.first),\($0.last),\($0.count)]" }.joined(separator: ",")
        let times = second.map { "\($0)" }.joined(separator: ",")
        return Array("{\"version\":1,\"hour\":[\(groups)],\"second\":[\(times)]}\n".utf8)
    }

    /// Reads what `encoded` wrote; unknown members are skipped.
    ///
    /// - Throws: `JSONTextError` for anything that has not that shape.
    static func decoded(_ bytes: [UInt8]) throws(JSONTextError) -> RequestLedger {
        var reader = JSONReader(bytes)
        var ledger = RequestLedger()
        try reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "hour": ledger.hour = try readGroups(&reader)
            case "second": ledger.second = try readIntegers(&reader)
            default: try reader.skipValue()
            }
        }
        try reader.finish()
        return ledger
    }

    private static func readGroups(_ reader: inout JSONReader) throws(JSONTextError) -> [Group] {
        var groups: [Group] = []
        try reader.readArray { (reader) throws(JSONTextError) in
            let numbers = try readIntegers(&reader)
            guard numbers.count == 3, numbers[2] > 0, groups.count < maximumGroups else { return }
            let count = Int(min(numbers[2], Int64(maximumCount)))
            groups.append(Group(first: min(numbers[0], numbers[1]), last: numbers[1], count: count))
        }
        return groups
    }

    private static func readIntegers(_ reader: inout JSONReader) throws(JSONTextError) -> [Int64] {
        var numbers: [Int64] = []
        try reader.readArray { (reader) throws(JSONTextError) in
            let number = try reader.readInteger()
            if numbers.count < maximumGroups { numbers.append(Int64(number)) }
        }
        return numbers
    }
}

extension RequestBudget {
    /// Makes a budget that continues from `ledger`.
    ///
    /// Times ahead of the wall clock (it was set back) count as now: that can hold a request up, but by no more than
    /// the hour that any request of now would.
    init(perSecond: Int, perHour: Int, ledger: RequestLedger, uptime: Duration, wallClock: Timestamp) {
        let now = wallClock.microseconds
        func age(_ time: Int64) -> Duration {
            let (microseconds, overflow) = now.subtractingReportingOverflow(time)
            if overflow { return time < now ? Self.hour : .zero }
            return min(max(.microseconds(microseconds), .zero), Self.hour)
        }
        let groups = ledger.hour.map {
            Group(first: uptime - age($0.first), last: uptime - age($0.last), count: $0.count)
        }
        self.init(
            perSecond: perSecond, perHour: perHour,
            groups: groups.sorted { $0.last < $1.last },
            recent: ledger.second.map { uptime - age($0) }.sorted())
    }

    /// What there is to remember at `uptime`, which is `wallClock`.
    func ledger(uptime: Duration, wallClock: Timestamp) -> RequestLedger {
        func time(_ moment: Duration) -> Int64 { (wallClock + (moment - uptime)).microseconds }
        let current = groups.filter { $0.last + Self.hour > uptime }
        return RequestLedger(
            hour: current.map { .init(first: time($0.first), last: time($0.last), count: $0.count) },
            second: recent.filter { $0 + Self.second > uptime }.map(time))
    }
}

/// Keeps the memory of the last hour's requests between runs.
///
/// Both calls block for as long as a small file takes. Failing to save only costs requests.
package protocol RequestLedgerStore: Sendable {
    /// What was saved last; nil when there is nothing.
    func load() -> [UInt8]?
    /// Replaces what was saved.
    func save(_ bytes: [UInt8])
}

/// A store that keeps nothing.
package struct NoRequestLedger: RequestLedgerStore {
    /// The store.
    package init() {}

    /// Nothing.
    package func load() -> [UInt8]? { nil }

    /// Does nothing.
    package func save(_ bytes: [UInt8]) {}
}
