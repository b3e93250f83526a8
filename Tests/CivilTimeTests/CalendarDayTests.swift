import CivilTime
import Testing

@Suite("Calendar day")
struct CalendarDayTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("1970-03-01", 59), ("2000-02-29", 11_016), ("2000-03-01", 11_017),
        ("2025-02-23", 20_142), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896), ("1900-03-01", -25_508),
        ("1900-02-28", -25_509), ("2100-02-28", 47_540), ("2100-03-01", 47_541), ("2024-02-29", 19_782)
    ])
    func parsesAndDescribes(text: String, number: Int32) {
        #expect(CalendarDay(text)?.number == number)
        #expect(CalendarDay(number: number).description == text)
    }

    @Test(arguments: [
        "", "2025-02-30", "1900-02-29", "2100-02-29", "2023-02-29", "0000-01-01", "10000-01-01", "2025-00-10",
        "2025-13-10",
        "2025-01-00", "2025-04-31", "2025-1-1", "2025-01-1", " 2025-01-01", "2025-01-01 ", "2025-01-01T", "20250101",
        "2025/01/01",
        "-001-01-01", "+001-01-01", "２025-01-01", "2025-01-0a", "today"
    ])
    func refuses(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test func everyDayFollowsTheOneBefore() throws {
        // 10,000 years day by day against the rules of the calendar themselves.
        var (year, month, day) = (1, 1, 1)
        for number in CalendarDay.first.number...CalendarDay.last.number {
            // Only months' ends and their neighbours are interesting; describing all is slow.
            if day == 1 || day >= 28 {
                let digits = [(year, 4), (month, 2), (day, 2)].map { value, width in
                    String(repeating: "0", count: width - String(value).count) + String(value)
                }
                let text = digits.joined(separator: "-")
                try #require(CalendarDay(text)?.number == number)
                if day >= 28 { try #require(CalendarDay(number: number).description == text) }
            }
            let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect((year, month, day) == (10_000, 1, 1))
    }

    @Test func countsDays() throws {
        let day = try #require(CalendarDay("2024-02-28"))
        #expect(day.advanced(by: 2).description == "2024-03-01")
        #expect(day.advanced(by: -59).description == "2023-12-31")
        #expect(day.days(until: day.advanced(by: 400)) == 400)
        #expect(day.advanced(by: 400).days(until: day) == -400)
        #expect(CalendarDay(number: .max).advanced(by: 1).number == .max)
        #expect(CalendarDay(number: .min).advanced(by: -1).number == .min)
        #expect(day.advanced(by: .max).number == .max)
        #expect(day.advanced(by: .min).number == .min)
        #expect(CalendarDay.first < day && day < CalendarDay.last)
    }

    @Test func startsAtMidnightUTC() throws {
        let day = try #require(CalendarDay("2025-02-23"))
        #expect(day.start.description == "2025-02-23T00:00:00.000000Z")
        #expect(day.start.day == day)
        #expect((day.start - .microseconds(1)).day == day.advanced(by: -1))
        #expect(CalendarDay.first.start.description == "0001-01-01T00:00:00.000000Z")
        #expect(CalendarDay.last.description == "9999-12-31")
        #expect(CalendarDay(number: .max).start.microseconds == .max)
        #expect(CalendarDay(number: .min).start.microseconds == .min)
    }
}
