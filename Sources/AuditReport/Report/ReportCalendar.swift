import AuditArchive
import CivilTime

/// The days of a report and what is known of each.
struct ReportCalendar: Sendable {
    /// One day.
    struct Day: Sendable {
        var date: CalendarDay
        var events: Int
        var state: DayCompleteness.State
        var isChecked: Bool

        /// A few words, for a tooltip.
        var words: String {
            switch state {
            case .pending: "to be fetched"
            case .open: "open"
            case .differing: "the API has more"
            case .unexplained: "the API counts more than it shows"
            case .erased: "events erased"
            case .pruned: "pruned"
            case .closed: events == 0 ? (isChecked ? "proven empty" : "empty, not compared") : ""
            }
        }

        var isProvenEmpty: Bool { state == .closed && events == 0 && isChecked }
        var isDiffering: Bool { state == .differing || state == .unexplained }
    }

    /// In order, without gaps.
    let days: [Day]
    /// The events of the days that are the ends of the first three quarters of all days with events.
    private let quartiles: [Int]

    /// The days from `first` to `last`.
    init(_ manifest: Manifest, _ tally: EventTally, from first: CalendarDay, through last: CalendarDay) {
        days = (0..<max(0, first.days(until: last) + 1)).map { offset in
            let date = first.advanced(by: offset)
            let known = DayCompleteness(date, manifest)
            return Day(date: date, events: tally.days[date] ?? 0, state: known.state, isChecked: known.isChecked)
        }
        let counts = days.map(\.events).filter { $0 > 0 }.sorted()
        quartiles = counts.isEmpty ? [] : (1...3).map { counts[(counts.count - 1) * $0 / 4] }
    }

    /// The classes of a day's mark.
    func mark(_ day: Day) -> String {
        let level = day.events == 0 ? nil : "l\(1 + quartiles.count { $0 < day.events })"
        return switch day.state {
        case .pending: "f"
        case .differing, .unexplained: "x"
        case .pruned: "p"
        case .erased: "r"
        case .open: level.map { "\($0) o" } ?? "o"
        case .closed: level ?? (day.isChecked ? "e" : "")
        }
    }

    /// The days of each month.
    var months: [[Day]] {
        var months: [[Day]] = []
        for day in days {
            if months.last?.first?.date.monthText == day.date.monthText {
                months[months.count - 1].append(day)
            } else {
                months.append([day])
            }
        }
        return months
    }

    /// The days of each half of a year.
    private var halves: [[Day]] {
        var halves: [[Day]] = []
        for month in months {
            let first = month[0].date
            if let start = halves.last?.first?.date, start.year == first.year, (start.month > 6) == (first.month > 6) {
                halves[halves.count - 1] += month
            } else {
                halves.append(month)
            }
        }
        return halves
    }
}

extension ReportCalendar {
    private static let pitch = 12
    private static let left = 24
    private static let top = 14

    /// Adds the pictures, half a year each, so that they can be read on a phone.
    func add(to html: inout HTML) {
        html.element("div", ["class": "years"]) { html in
            for half in halves { addHalf(half, to: &html) }
        }
    }

    private func addHalf(_ half: [Day], to html: inout HTML) {
        guard let first = half.first?.date, let last = half.last?.date else { return }
        let year = first.year
        let title = "\(year), \(Figures.monthName(first)) to \(Figures.monthName(last))"
        // Columns are weeks.
        let monday = first.advanced(by: -first.weekday)
        let width = Self.left + 27 * Self.pitch
        let view = "0 0 \(width) \(Self.top + 7 * Self.pitch)"
        html.element("figure") { html in
            html.element("figcaption", title)
            html.element("svg", ["class": "half", "viewBox": view, "role": "img", "aria-label": title]) { html in
                for row in [0, 2, 4] {
                    let y = "\(Self.top + row * Self.pitch + 8)"
                    html.element("text", ["x": "2", "y": y], Figures.weekdays[row])
                }
                for day in half where day.date.description.hasSuffix("-01") || day.date == first && first.hasRoom {
                    let x = "\(Self.left + monday.days(until: day.date) / 7 * Self.pitch)"
                    html.element("text", ["x": x, "y": "9"], Figures.monthName(day.date))
                }
                for day in half { addDay(day, monday, to: &html) }
            }
        }
    }

    private func addDay(_ day: Day, _ monday: CalendarDay, to html: inout HTML) {
        let x = "\(Self.left + monday.days(until: day.date) / 7 * Self.pitch)"
        let y = "\(Self.top + day.date.weekday * Self.pitch)"
        let words = day.words.isEmpty ? "" : ", \(day.words)"
        html.element("rect", ["x": x, "y": y, "class": mark(day)]) { html in
            html.element("title", "\(day.date): \(Figures.count(day.events))\(words)")
        }
    }

    /// Adds what the marks mean.
    func addKey(to html: inout HTML) {
        let marks = [
            ("l1", "few events"), ("l2", "more"), ("l3", "many"), ("l4", "most"), ("e", "proven empty"),
            ("", "no events, not compared"), ("o", "open"), ("f", "to be fetched"), ("x", "differs from the API"),
            ("p", "pruned"), ("r", "events erased")
        ]
        html.element("ul", ["class": "key"]) { html in
            for (mark, words) in marks {
                html.element("li") { html in
                    html.element("svg", ["viewBox": "-1 -1 12 12", "aria-hidden": "true"]) { html in
                        html.element("rect", ["class": mark], "")
                    }
                    html.text(words)
                }
            }
        }
    }

    /// Adds the patterns by which marks are told apart without colour.
    static func addPatterns(to html: inout HTML) {
        html.literal(
            """
            <svg class="defs" aria-hidden="true"><defs>\
            <pattern id="pe" width="1" height="1"><circle class="dot" cx="5" cy="5" r="2"/></pattern>\
            <pattern id="pf" width="4" height="4" patternUnits="userSpaceOnUse"><path class="mark" d="M-1 1L1-1M-1 5L5-1M3 5L5 3"/></pattern>\
            <pattern id="px" width="5" height="5" patternUnits="userSpaceOnUse"><path class="mark" d="M0 0L5 5M5 0L0 5"/></pattern>\
            <pattern id="pp" width="4" height="4" patternUnits="userSpaceOnUse"><path class="rule" d="M0 2H4"/></pattern>\
            <pattern id="pr" width="4" height="4" patternUnits="userSpaceOnUse"><path class="rule" d="M2 0V4"/></pattern>\
            </defs></svg>
            """)
    }

    /// Adds the same as a table, a line for each month.
    func addTable(to html: inout HTML) {
        let head = ["Month", "Events", "Days", "Empty", "Open", "Fetch", "Differ", "Gone"]
        let rows = months.map { month in
            let removed = month.count { $0.state == .pruned || $0.state == .erased }
            return [
                HTMLCell.time(month[0].date.monthText), .number(month.reduce(0) { $0 + $1.events }),
                .number(month.count { $0.events > 0 }), .number(month.count(where: \.isProvenEmpty)),
                .number(month.count { $0.state == .open }), .number(month.count { $0.state == .pending }),
                .number(month.count(where: \.isDiffering)), .number(removed)
            ]
        }
        let caption =
            "By month: events, and the days with events, proven empty, open, to be fetched, differing from the API, "
            + "pruned or erased"
        html.table("months", caption: caption, head, rows)
    }
}

extension CalendarDay {
    /// Whether the name of its month fits before that of the next.
    fileprivate var hasRoom: Bool { (Int(description.suffix(2)) ?? 1) <= 16 }
}
