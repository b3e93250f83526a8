@testable import AuditSync
import CivilTime
import Testing

@Suite("Seam of two windows")
struct WindowSeamTests {
    private func day(_ number: Int) -> CalendarDay { CalendarDay(number: Int32(20_000 + number)) }

    private func times(_ first: Int, _ last: Int) -> ClosedRange<Timestamp> { day(first).start...day(last).start }

    private func window(_ start: Int, _ end: Int?) -> Window { Window(start: day(start), end: end.map(day)) }

    @Test("an event that both could list joins them")
    func joined() {
        var seam = WindowSeam()
        #expect(seam.join(window(0, 10), times: times(0, 10)) == nil)
        #expect(seam.join(window(10, 20), times: times(10, 19)) == nil)
    }

    @Test("where the next one begins behind what the one before listed, what lies between is read")
    func apart() {
        var seam = WindowSeam()
        #expect(seam.join(window(0, 10), times: times(0, 9)) == nil)
        #expect(seam.join(window(10, 20), times: times(11, 19)) == window(8, 12))
        #expect(seam.join(window(20, nil), times: nil) == window(18, 22))
    }

    @Test("windows of another chain have nothing to do with each other")
    func otherChain() {
        var seam = WindowSeam()
        #expect(seam.join(window(0, 10), times: times(0, 9)) == nil)
        #expect(seam.join(window(30, 40), times: times(31, 39)) == nil)
    }

    @Test("the window between holds all times that neither of the two is certain to hold")
    func certainTimes() throws {
        for start in [1, 5, 40] {
            var seam = WindowSeam()
            _ = seam.join(window(start - 1, start), times: nil)
            let found = seam.join(window(start, start + 9), times: nil)
            let joint = try #require(found)
            #expect(joint.certainTimes.lowerBound <= window(start - 1, start).certainTimes.upperBound)
            #expect(joint.certainTimes.upperBound >= window(start, start + 9).certainTimes.lowerBound)
        }
    }
}
