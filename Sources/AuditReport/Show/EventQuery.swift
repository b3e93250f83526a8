package import CivilTime

/// Which events to show. What is nil does not matter.
package struct EventQuery: Sendable, Equatable {
    /// The effective user: id, name or e-mail.
    package var user: String?
    /// Who was logged in: id, name or e-mail.
    package var by: String?
    /// What was touched: id or name.
    package var object: String?
    /// The event type.
    package var type: String?
    /// The IP address.
    package var ip: String?
    /// The event's id, exactly.
    package var id: String?
    /// What stands somewhere in the event's texts, numbers, or keys of its data.
    package var text: String?
    /// Only what somebody did as another user.
    package var isImpersonated = false
    /// The first event time; nil for the archive's start.
    package var from: Timestamp?
    /// The last event time; nil for no end.
    package var through: Timestamp?
    /// Only what was archived after this generation.
    package var sinceGeneration: Int?

    /// All events.
    package init() {}

    /// Whether events of a date can be among these times.
    func mayHold(_ date: CalendarDay) -> Bool {
        if let from, date < from.day { return false }
        if let through, through.day < date { return false }
        return true
    }

    /// Whether all events of a date are among these times.
    func holdsAll(of date: CalendarDay) -> Bool {
        let day = Range(of: date)
        if let from, day.lowerBound < from { return false }
        if let through, through + .microseconds(1) < day.upperBound { return false }
        return true
    }

    /// Whether an event time is among these.
    func holds(_ time: Timestamp) -> Bool {
        if let from, time < from { return false }
        if let through, through < time { return false }
        return true
    }
}
