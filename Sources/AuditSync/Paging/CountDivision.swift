import CivilTime

/// Which parts of a window are read to find out why its list ended before its total.
///
/// A list that an API cuts is longer than what it shows: the list of some of the days shows more. A wrong count does not:
/// the parts show nothing else. A part that ends where the whole did may be cut itself, and is divided further, down to
/// single days; each of those is read twice.
struct CountDivision: Sendable {
    /// Parts that are read before the question is left open.
    private static let mostParts = 24

    /// A part that is to be read, and whether its other half, which was read before, showed all rows.
    private struct Part {
        var window: Window
        var isSecond = false
        var otherShowedAll = false
    }

    private let window: Window
    private let today: CalendarDay
    private var open: [Part]
    private var reading: Part?
    private var parts = 0
    /// Whether both halves of a window showed all rows: the filter does not divide them.
    private var isUndivided = false

    /// Whether more parts would have to be read than is worth it.
    private(set) var isUndecided = false

    /// A division of `window`, which was read once.
    init(_ window: Window, today: CalendarDay) {
        self.window = window
        self.today = today
        open = Self.parts(of: window, today) ?? [Part(window: window)]
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
        isUndivided = reading.isSecond && reading.otherShowedAll && isAll
        if !reading.isSecond, !open.isEmpty { open[0].otherShowedAll = isAll }
        // A shorter list than one that was shown is not cut.
        guard isShort, rows >= whole, rows > 0, reading.window != window else { return }
        open = (Self.parts(of: reading.window, today) ?? []) + open
    }

    /// Two windows that share a day; `nil` for one that is a single day.
    private static func parts(of window: Window, _ today: CalendarDay) -> [Part]? {
        let end = window.end ?? max(today, window.start).advanced(by: 1)
        let days = window.start.days(until: end)
        guard days > 1 else { return nil }
        let middle = window.start.advanced(by: days / 2)
        return [
            Part(window: Window(start: window.start, end: middle)),
            Part(window: Window(start: middle, end: window.end), isSecond: true)
        ]
    }
}
