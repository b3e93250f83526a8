import AuditArchive
import AuditReport
import CivilTime

/// The last year as a calendar: a column a week, a character a day.
struct YearCalendar: Sendable {
    private static let weekCount = 53
    /// Days of a year and the rest of its first week.
    static let dayCount = weekCount * 7
    private static let margin = 5

    private let days: [DayStatus]
    private let busiest: Int

    /// The calendar up to today.
    init(_ report: StatusReport) {
        days = report.days(last: Self.dayCount)
        busiest = days.map(\.records).max() ?? 0
    }

    /// The months, seven lines from Monday to Sunday, and what the characters mean. A narrow frame has fewer weeks, the
    /// newest ones.
    func lines(in frame: TextFrame) -> [String] {
        let cell = frame.width >= Self.margin + 2 * Self.weekCount && frame.width < 1_000 ? 2 : 1
        let weeks = newestWeeks(max(4, (frame.width - Self.margin) / cell))
        let names = ["Mon", "   ", "Wed", "   ", "Fri", "   ", "Sun"]
        let rows = names.indices.map { weekday in
            let marks = weeks.map { week in
                week[weekday].map { mark(of: $0, frame) } ?? " "
            }
            return " \(names[weekday]) " + marks.map { $0.padded(to: cell) }.joined()
        }
        return [Self.monthLine(weeks, cell)] + rows.map(Self.trimmed) + [""] + legend(frame)
    }

    /// Columns of seven days from Monday on; nil for days that are not shown.
    private func newestWeeks(_ most: Int) -> [[DayStatus?]] {
        var weeks: [[DayStatus?]] = []
        for day in days {
            let weekday = Self.weekday(of: day.date)
            if weekday == 0 || weeks.isEmpty { weeks.append(Array(repeating: nil, count: 7)) }
            weeks[weeks.count - 1][weekday] = day
        }
        return weeks.suffix(min(most, Self.weekCount))
    }

    /// 0 for Monday. Day 0, the first of 1970, was a Thursday.
    private static func weekday(of date: CalendarDay) -> Int { ((Int(date.number) + 3) % 7 + 7) % 7 }

    /// The name of each month above the week that its first day is in, where there is room.
    private static func monthLine(_ weeks: [[DayStatus?]], _ cell: Int) -> String {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var line = String(repeating: " ", count: margin)
        for (index, week) in weeks.enumerated() {
            let first = week.lazy.compactMap(\.self).first { $0.date.description.hasSuffix("-01") }
            guard let first, let month = Int(first.date.description.dropFirst(5).prefix(2)) else { continue }
            let place = margin + index * cell
            if place >= line.count + (line.count > margin ? 1 : 0) { line = line.padded(to: place) + names[month - 1] }
        }
        return trimmed(line)
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }

    private func mark(of day: DayStatus, _ frame: TextFrame) -> String {
        if day.differs { return "!" }
        switch day.coverage {
        case .uncovered: return " "
        case .pending: return "?"
        case .pruned: return "x"
        case .open, .closed:
            guard day.records > 0 else { return frame.isUnicode ? "·" : "." }
            return Self.levels(frame)[Self.level(day.records, of: busiest)]
        }
    }

    private static func levels(_ frame: TextFrame) -> [String] {
        frame.isUnicode ? ["░", "▒", "▓", "█"] : ["-", "+", "*", "#"]
    }

    /// A quarter of the busiest day each.
    private static func level(_ records: Int, of busiest: Int) -> Int {
        min(3, max(0, Int(Double(records) / Double(max(1, busiest)) * 4)))
    }

    private func legend(_ frame: TextFrame) -> [String] {
        let levels = Self.levels(frame)
        let quarters = (1...4).map {
            "\(levels[$0 - 1]) to \(Units.count(max(1, Int(Double(busiest) / 4 * Double($0)))))"
        }
        let none = "\(frame.isUnicode ? "·" : ".") no events"
        let pruned = days.contains { $0.coverage == .pruned } ? ["x pruned"] : []
        let others = ["? not read yet", "! differs from the API"] + pruned + ["blank: not covered"]
        let text = ([none] + quarters + others).joined(separator: ", ")
        return frame.wrapped(text, to: max(14, frame.width - Self.margin)).map {
            String(repeating: " ", count: Self.margin) + $0
        }
    }
}
