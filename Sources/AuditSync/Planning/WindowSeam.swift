import CivilTime

/// Whether neighbouring windows of a chain meet. They share a day in their queries, and so they do while the filter's days
/// stay what they are; its time zone may change between two requests.
///
/// An event that both could list proves it: the newest row of the one before is not older than the oldest row of the next.
/// Where no row tells, as in days without events, or where an end day does not count, one more window around the day that
/// they share holds whatever may lie between them.
struct WindowSeam: Sendable {
    private var newest: Timestamp?
    private var shared: CalendarDay?

    /// Takes the next window, and the times of its oldest and its newest row, if it has any. Returns the window that has to
    /// be read to join it with the one before; `nil` for none.
    mutating func join(_ window: Window, times: ClosedRange<Timestamp>?) -> Window? {
        defer { (newest, shared) = (times?.upperBound, window.end) }
        guard let day = shared, day == window.start else { return nil }
        if let newest, let times, times.lowerBound <= newest { return nil }
        let end = day < CalendarDay.last.advanced(by: -2) ? day.advanced(by: 2) : nil
        return Window(start: CalendarDay.first.days(until: day) > 2 ? day.advanced(by: -2) : .first, end: end)
    }
}
