import CivilTime

/// Which parts of a window are read to find out why its list ended before its total.
///
/// A list that an API cuts is longer than what it shows: the list of some of the days shows more. A wrong count does not:
/// the parts show nothing else. The days on which the list showed no row come first, for they may lie behind one that is as
/// long as the cut. A part that ends where the whole did may be cut itself, and is divided further, down to single days; each
/// of those is read twice.
struct CountDivision: Sendable {
    /// Parts that are read before the question is left open.
    private static let mostParts = 24

    /// How a part lies to the rows that the list showed.
    private enum Place {
        /// On days on which it showed none.
        case outside
        /// Likewise, in whatever time zone the filter counts days.
        case farOutside
        /// The first half of a window, or all of it.
        case first
        /// The second half, whose first half may have shown all rows.
        case second(firstShowedAll: Bool)
    }

    /// A part that is to be read.
    private struct Part {
        var window: Window
        var place = Place.first
    }

    private let window: Window
    private let days: ClosedRange<CalendarDay>?
    private let lastDay: CalendarDay
    private var open: [Part]
    private var reading: Part?
    private var parts = 0
    /// Whether rows were shown that cannot be in a part: the filter does not divide them.
    private var isUndivided = false

    /// Whether more parts would have to be read than is worth it.
    private(set) var isUndecided = false

    /// A division of `window`, which was read once. `days`: the first and the last UTC day that it showed a row of, where
    /// that is known.
    init(_ window: Window, today: CalendarDay, days: ClosedRange<CalendarDay>? = nil) {
        self.window = window
        self.days = days
        lastDay = window.lastDay(today: today)
        open = []
        guard !window.isOfDay(today: today) else {
            open = [Part(window: window)]
            return
        }
        open = [behind(1), before(1)].compactMap(\.self).map { Part(window: $0, place: .outside) }
        open += halves(of: shown)
    }

    /// The part to read next; `nil` if nothing is left to be shown. The window itself, where it cannot be divided.
    var next: Window? {
        mutating get {
            guard !isUndecided, !isUndivided else { return nil }
            reading = open.isEmpty ? nil : open.removeFirst()
            guard reading != nil else { return nil }
            parts += 1
            isUndecided = parts > Self.mostParts
            return isUndecided ? nil : reading?.window
        }
    }

    /// Takes what the part that ``next`` gave turned out to be: its rows, whether it ended before its own total, whether
    /// it showed all rows of the window. `whole`: the rows that the window's list ended with.
    mutating func record(rows: Int, isShort: Bool, isAll: Bool, of whole: Int) {
        guard let reading else { return }
        switch reading.place {
        case .outside where isAll && rows > 0:
            // In the filter's time zone they may be of the day beside theirs.
            let far = reading.window.start == window.start ? before(2) : behind(2)
            if let far { open.insert(Part(window: far, place: .farOutside), at: 0) }
            return
        case .farOutside: isUndivided = isAll && rows > 0
        case .second(let firstShowedAll): isUndivided = firstShowedAll && isAll && !mayBeOfOneDay
        case .first:
            if case .second? = open.first?.place { open[0].place = .second(firstShowedAll: isAll) }
        case .outside: break
        }
        // A shorter list than one that was shown is not cut.
        guard isShort, rows >= whole, rows > 0, reading.window != window else { return }
        let isDivisible = reading.window.start.days(until: reading.window.end ?? lastDay) > 1
        if isDivisible { open = halves(of: reading.window) + open }
    }

    /// Whether all rows may be of the day that two halves share. In the filter's time zone a day may be of two days in UTC.
    private var mayBeOfOneDay: Bool { days.map { $0.lowerBound.days(until: $0.upperBound) < 2 } ?? false }

    /// The days from so many days behind the rows on.
    private func behind(_ distance: Int) -> Window? {
        guard let days, days.upperBound.days(until: lastDay) >= distance else { return nil }
        return Window(start: max(window.start, days.upperBound.advanced(by: distance)), end: window.end)
    }

    /// The days up to so many days before the rows.
    private func before(_ distance: Int) -> Window? {
        guard let days, window.start.days(until: days.lowerBound) >= distance else { return nil }
        return Window(start: window.start, end: min(lastDay, days.lowerBound.advanced(by: -distance)))
    }

    /// The days on which there were rows, and those beside them.
    private var shown: Window {
        guard let days else { return window }
        let start = max(window.start, days.lowerBound.advanced(by: -1))
        let isToTheEnd = days.upperBound.days(until: lastDay) <= 1
        return Window(start: start, end: isToTheEnd ? window.end : days.upperBound.advanced(by: 1))
    }

    /// Two windows that share a day; the window itself where it is a single day.
    private func halves(of window: Window) -> [Part] {
        let days = window.start.days(until: window.end ?? lastDay)
        guard days > 1 else { return [Part(window: window)] }
        let middle = window.start.advanced(by: days / 2)
        return [
            Part(window: Window(start: window.start, end: middle)),
            Part(window: Window(start: middle, end: window.end), place: .second(firstShowedAll: false))
        ]
    }
}
