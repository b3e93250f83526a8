/// A moment from which on the date filters mean the midnights of another zone.
package struct FilterChange: Equatable, Sendable {
    /// When.
    package enum Moment: Equatable, Sendable {
        /// From this request on, counted from 1 and anew whenever the listing is changed.
        case request(Int)
        /// From this time on, microseconds since 1970.
        case time(Int64)
    }

    /// From when on.
    var moment: Moment
    /// The zone, in minutes east of UTC.
    package var offsetMinutes: Int

    /// The zone from `moment` on.
    package init(at moment: Moment, offsetMinutes: Int) {
        self.moment = moment
        self.offsetMinutes = offsetMinutes
    }

    func isDue(request: Int, wall: Int64) -> Bool {
        switch moment {
        case .request(let first): request >= first
        case .time(let time): wall >= time
        }
    }
}

extension FilterChange: LosslessStringConvertible {
    /// Reads `MINUTES@REQUEST` or `MINUTES@TIME`, such as `330@12` or `-60@2026-10-25T01:00:00Z`.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        guard parts.count == 2, let minutes = Int(parts[0]) else { return nil }
        if let request = Int(parts[1]) {
            self.init(at: .request(request), offsetMinutes: minutes)
        } else if let time = TimestampText.parse(parts[1]) {
            self.init(at: .time(time), offsetMinutes: minutes)
        } else {
            return nil
        }
    }

    /// As it is read.
    package var description: String {
        switch moment {
        case .request(let number): "\(offsetMinutes)@\(number)"
        case .time(let time): "\(offsetMinutes)@\(TimestampText.rfc3339(time))"
        }
    }
}

/// Days whose midnights lie earlier than those of the others, as daylight saving has it.
package struct SummerTime: Equatable, Sendable {
    /// The first such day and the one behind the last: the UTC midnights of their dates, microseconds since 1970.
    package var days: Range<Int64>
    /// How much further east the zone is then, in minutes.
    package var minutes: Int

    /// Summer time on these days.
    package init(days: Range<Int64>, minutes: Int = 60) {
        self.days = days
        self.minutes = minutes
    }
}

extension SummerTime: LosslessStringConvertible {
    /// Reads `FIRST/END` or `FIRST/END:MINUTES`, such as `2026-03-29/2026-10-25:60`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let days = parts[0].split(separator: "/").map { TimestampText.parseDay(String($0)) }
        guard parts.count <= 2, days.count == 2, let first = days[0], let end = days[1], first <= end else {
            return nil
        }
        guard let minutes = parts.count == 2 ? Int(parts[1]) : 60 else { return nil }
        self.init(days: first..<end, minutes: minutes)
    }

    /// As it is read.
    package var description: String {
        "\(TimestampText.rfc3339(days.lowerBound).prefix(10))/\(TimestampText.rfc3339(days.upperBound).prefix(10)):\(minutes)"
    }
}
