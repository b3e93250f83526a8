import AuditRecords
@testable import AuditReport
import CivilTime
import Testing
import TestSupport

@Suite("A tally of events")
struct EventTallyTests {
    private static func tally(_ events: some Sequence<SampleEvent>) throws -> EventTally {
        var tally = EventTally()
        for event in events {
            let line = event.line
            let fields = try EventFields(line: line.utf8.span.bytes)
            tally.add(fields, line.utf8.span.bytes, event.time, isCounted: true)
            tally.lateness.add(event.time, archivedAt: event.time + .seconds(90), begin: nil)
        }
        return tally
    }

    /// What a tally says, in one text.
    private static func text(_ tally: EventTally) -> String {
        var parts = ["\(tally.events) \(tally.impersonated) \(tally.hours) \(tally.lateness)"]
        parts += tally.days.sorted { $0.key < $1.key }.map { "\($0)" }
        parts += tally.people.ranked.map { "\($0)" } + tally.objects.ranked.map { "\($0)" }
        parts += tally.types.sorted { $0.key < $1.key }.map { "\($0)" }
        parts += tally.pairs.map { "\($0)" }.sorted() + tally.addresses.map { "\($0)" }.sorted()
        parts += tally.notable.map { "\($0)" }.sorted() + tally.notes.map { "\($0)" }
        return parts.joined(separator: "\n")
    }

    @Test("is the same whatever files the events lie in", arguments: [UInt64(1), 2, 3])
    func addition(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let day = CalendarDay(number: 20_000)
        let events = (0..<300).map { number in
            let time = day.start + .seconds(Int.random(in: 0..<400_000, using: &random))
            var event = SampleEvent("\(number)", at: time)
            event.user = ["a", "b", "c", nil].randomElement(using: &random) ?? nil
            event.loggedIn = ["a", "d", nil].randomElement(using: &random) ?? nil
            let types = ["user.login", "Delete", "export.csv", "payout.approve", nil]
            event.type = types.randomElement(using: &random) ?? nil
            event.object = ["x", "y", nil].randomElement(using: &random) ?? nil
            event.ip = ["1.1.1.1", "2.2.2.2", nil].randomElement(using: &random) ?? nil
            return event
        }
        let whole = try Self.text(Self.tally(events))
        for _ in 0..<5 {
            var parts = [[SampleEvent]](repeating: [], count: 4)
            for event in events { parts[Int.random(in: 0..<4, using: &random)].append(event) }
            var sum = EventTally()
            for part in parts.shuffled(using: &random) { sum.add(try Self.tally(part)) }
            #expect(Self.text(sum) == whole, "seed \(seed)")
        }
    }

    @Test("sorts lateness into classes")
    func lateness() {
        let time = SampleEvent.time("2025-02-10T00:00:00Z")
        let hours = [0, 1, 2, 6, 7, 24, 25, 48, 49, 168, 169]
        var tally = LatenessTally()
        for hour in hours { tally.add(time, archivedAt: time + .seconds(hour * 3600), begin: nil) }
        #expect(tally.counts == [2, 2, 2, 2, 2, 1])
        tally.add(time, archivedAt: time - .microseconds(1), begin: nil)
        tally.add(time, archivedAt: nil, begin: nil)
        tally.add(time, archivedAt: time, begin: time + .microseconds(1))
        #expect([tally.ahead, tally.unknown, tally.backfilled] == [1, 1, 1])
    }

    @Test("knows the days of the week")
    func weekdays() {
        #expect(CalendarDay("2026-11-30")?.weekday == 0)
        #expect(CalendarDay("1969-12-31")?.weekday == 2)
    }
}
