import AuditArchive
import AuditSync
import CaptivateIQAPI
import JSONText
import Testing

@Suite("One request for the newest rows")
struct TailProbeTests {
    private func key(_ number: Int) -> EventKey {
        let id = Array("event \(number)".utf8)
        return EventKey(id: id.span.bytes)
    }

    private func keys(_ numbers: [Int]) -> [EventKey] { numbers.map(key) }

    private func hint(_ order: RowOrder, total: Int = 100) throws -> TailHint {
        // Row i of an ascending list is event i; of a descending one, event total - 1 - i.
        let edge = order == .ascending ? Array(total - 16..<total) : Array((total - 16..<total).reversed())
        return try #require(
            TailHint(
                generation: 7, start: CalendarDay(number: 20_000), total: total, order: order, edge: keys(edge),
                walkedAt: SyncHarness.begin))
    }

    @Test("ascending")
    func ascending() throws {
        let probe = TailProbe(try hint(.ascending), pageSize: 50)
        #expect(probe.request.offset == 84)
        #expect(probe.judge(total: 100, keys: keys(Array(84..<100))) == .nothingNew)
        #expect(probe.judge(total: 103, keys: keys(Array(84..<103))) == .arrivals(Set(keys([100, 101, 102]))))
        // A late event among the remembered rows.
        #expect(probe.judge(total: 101, keys: keys(Array(84..<90) + [500] + Array(90..<100))) == .arrivals([key(500)]))
        // A late event before them pushes the rows on by one.
        #expect(probe.judge(total: 101, keys: keys(Array(83..<100))) == .arrivals([key(83)]))
        #expect(probe.judge(total: 99, keys: keys(Array(85..<100))) == .unclear)
        #expect(probe.judge(total: 100, keys: keys(Array(85..<100))) == .unclear)
        #expect(probe.judge(total: 140, keys: keys(Array(84..<134))) == .unclear)
        #expect(probe.judge(total: 100, keys: keys(Array(84..<98) + [99, 98])) == .unclear)
    }

    @Test("descending")
    func descending() throws {
        let probe = TailProbe(try hint(.descending), pageSize: 50)
        #expect(probe.request.offset == 0)
        #expect(probe.judge(total: 100, keys: keys(Array((50..<100).reversed()))) == .nothingNew)
        #expect(probe.judge(total: 102, keys: keys(Array((52..<102).reversed()))) == .arrivals(Set(keys([100, 101]))))
        // A late event further down: the total grew, the first rows did not change.
        #expect(probe.judge(total: 101, keys: keys(Array((50..<100).reversed()))) == .arrivals([key(83)]))
        #expect(probe.judge(total: 98, keys: keys(Array((48..<98).reversed()))) == .unclear)
        #expect(probe.judge(total: 140, keys: keys(Array((90..<140).reversed()))) == .unclear)
    }

    @Test("half a day after a whole walk it is time for another, and where the clock went back")
    func staleness() throws {
        let hint = try hint(.ascending)
        #expect(!hint.isStale(at: hint.walkedAt))
        #expect(!hint.isStale(at: hint.walkedAt + .seconds(43_199)))
        #expect(hint.isStale(at: hint.walkedAt + .seconds(43_200)))
        #expect(hint.isStale(at: hint.walkedAt - .seconds(1)))
    }

    @Test("the next hint remembers the newest rows")
    func successor() throws {
        let ascending = TailProbe(try hint(.ascending), pageSize: 50)
        let next = ascending.successor(generation: 8, total: 103, keys: keys(Array(84..<103)))
        #expect(next?.edge == keys(Array(87..<103)))
        #expect(next?.total == 103)
        let descending = TailProbe(try hint(.descending), pageSize: 50)
        let newer = descending.successor(generation: 8, total: 102, keys: keys(Array((52..<102).reversed())))
        #expect(newer?.edge == keys(Array((86..<102).reversed())))
    }

    @Test("a hint survives its file, and nonsense is no hint")
    func file() throws {
        let hint = try hint(.descending)
        #expect(TailHint(decoding: hint.encoded()) == hint)
        #expect(String(decoding: hint.encoded(), as: UTF8.self).hasSuffix("]}\n"))
        for text in [
            "", "{}", "[1]", #"{"generation": 1, "start": "2026-01-01", "total": 5, "order": "sideways", "edge": []}"#
        ] {
            #expect(TailHint(decoding: Array(text.utf8)) == nil)
        }
    }

    @Test("orders")
    func orders() {
        func times(_ seconds: [Int64]) -> [Timestamp] { seconds.map { Timestamp(microseconds: $0) } }
        #expect(RowOrder(times([1, 1, 2, 9])) == .ascending)
        #expect(RowOrder(times([9, 2, 2, 1])) == .descending)
        #expect(RowOrder(times([1, 3, 2])) == nil)
        #expect(RowOrder(times([3, 1, 2])) == nil)
        #expect(RowOrder(times([2, 2])) == nil)
        #expect(RowOrder(times([])) == nil)
    }
}
