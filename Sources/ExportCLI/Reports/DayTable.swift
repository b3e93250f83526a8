import AuditArchive
import AuditReport
import CivilTime

/// The last days, a line each: a bar for the events, and how far the archive has the day.
struct DayTable: Sendable {
    private static let widestBar = 24

    private let days: [DayStatus]

    /// A table of these days, oldest first.
    init(_ days: [DayStatus]) {
        self.days = days
    }

    /// The lines in a frame. Bars get shorter where it is narrow.
    func lines(in frame: TextFrame) -> [String] {
        let numbers = days.map { Units.count($0.records) }
        let width = numbers.map(\.count).max() ?? 0
        let states = days.map(Self.state)
        let others = 12 + 2 + 2 + width + 2 + (states.map(\.count).max() ?? 0)
        let barWidth = min(Self.widestBar, max(4, frame.width - others))
        let busiest = days.map(\.records).max() ?? 0
        let rows = days.indices.map { index in
            let bar = Self.bar(days[index].records, of: busiest, barWidth, frame).padded(to: barWidth)
            let number = String(repeating: " ", count: width - numbers[index].count) + numbers[index]
            return "  \(days[index].date)  \(bar)  \(number)  \(states[index])"
        }
        return ["Last \(days.count) days"] + rows
    }

    /// A day with events has at least one block.
    private static func bar(_ records: Int, of busiest: Int, _ width: Int, _ frame: TextFrame) -> String {
        guard records > 0, busiest > 0 else { return "" }
        let length = Int((Double(records) / Double(busiest) * Double(width)).rounded())
        return String(repeating: frame.isUnicode ? "█" : "#", count: min(width, max(1, length)))
    }

    /// What a day without events is shows whether it had none, or nobody has looked.
    private static func state(of day: DayStatus) -> String {
        if day.differs { return "differs from the API" }
        switch day.coverage {
        case .uncovered: return "not covered"
        case .pending: return "not read yet"
        case .open: return "open"
        case .pruned: return "pruned"
        case .closed where day.records == 0: return "closed, empty"
        case .closed: return day.state?.rawValue ?? "closed"
        }
    }
}
