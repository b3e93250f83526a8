import AuditArchive
import AuditRecords
@testable import AuditSync
import CaptivateIQAPI
import CivilTime
import Testing
import TestSupport

@Suite("One request for the newest rows")
struct TailProbeTests {
    private func key(_ number: Int) -> EventKey {
        let id = Array("event \(number)".utf8)
        return EventKey(id: id.span.bytes)
    }

    private func keys(_ numbers: [Int]) -> [EventKey] { numbers.map(key) }

    private func hint(
        _ order: RowOrder, rows: Int = 100, total: Int = 100, isEndless: Bool = false
    ) throws -> TailFingerprint {
        // Row i of an ascending list is event i; of a descending one, event rows - 1 - i.
        let edge = order == .ascending ? Array(rows - 16..<rows) : Array((rows - 16..<rows).reversed())
        let far = order == .ascending ? [0, 1, 2, 3] : [3, 2, 1, 0]
        return try #require(
            TailFingerprint(
                manifest: String(repeating: "a", count: 64), start: CalendarDay(number: 20_000), rows: rows,
                total: total, page: 50, isEndless: isEndless, order: order, isSorted: true, edge: keys(edge),
                texts: RowTexts(), far: keys(far),
                walkedAt: SyncHarness.begin, seenTo: SyncHarness.begin))
    }

    private func answer(_ total: Int, _ numbers: [Int], hasNext: Bool = false) -> TailProbe.Answer {
        TailProbe.Answer(total: total, keys: keys(numbers), hasNext: hasNext)
    }

    @Test("ascending")
    func ascending() throws {
        let probe = TailProbe(try hint(.ascending), pageSize: 50)
        #expect(probe.request.offset == 84)
        #expect(probe.judge(answer(100, Array(84..<100))) == .nothingNew)
        #expect(probe.judge(answer(103, Array(84..<103))) == .arrivals(keys([100, 101, 102])))
        // A late event among the remembered rows.
        #expect(probe.judge(answer(101, Array(84..<90) + [500] + Array(90..<100))) == .arrivals([key(500)]))
        // A late event before them pushes the rows on by one.
        #expect(probe.judge(answer(101, Array(83..<100))) == .arrivals([key(83)]))
        #expect(probe.judge(answer(99, Array(85..<100))) == .unclear)
        #expect(probe.judge(answer(100, Array(85..<100))) == .unclear)
        #expect(probe.judge(answer(140, Array(84..<134))) == .unclear)
        #expect(probe.judge(answer(100, Array(84..<98) + [99, 98])) == .unclear)
        // It says that there is more.
        #expect(probe.judge(answer(100, Array(84..<100), hasNext: true)) == .unclear)
    }

    @Test("descending")
    func descending() throws {
        let probe = TailProbe(try hint(.descending), pageSize: 50)
        #expect(probe.request.offset == 0)
        let more = true
        #expect(probe.judge(answer(100, Array((50..<100).reversed()), hasNext: more)) == .nothingNew)
        #expect(
            probe.judge(answer(102, Array((52..<102).reversed()), hasNext: more)) == .arrivals(keys([101, 100])))
        // A late event further down: the total grew, the first rows did not change.
        #expect(probe.judge(answer(101, Array((50..<100).reversed()), hasNext: more)) == .arrivals([key(83)]))
        #expect(probe.judge(answer(98, Array((48..<98).reversed()), hasNext: more)) == .unclear)
        #expect(probe.judge(answer(140, Array((90..<140).reversed()), hasNext: more)) == .unclear)
    }

    @Test("a total that is too high by as much as before still tells")
    func tooHigh() throws {
        let ascending = TailProbe(try hint(.ascending, total: 101), pageSize: 50)
        #expect(ascending.judge(answer(101, Array(84..<100))) == .nothingNew)
        #expect(ascending.judge(answer(102, Array(84..<101))) == .arrivals([key(100)]))
        #expect(ascending.judge(answer(103, Array(84..<101))) == .unclear)
        #expect(ascending.judge(answer(102, Array(83..<100))) == .unclear)
        let descending = TailProbe(try hint(.descending, total: 101), pageSize: 50)
        #expect(descending.judge(answer(101, Array((50..<100).reversed()), hasNext: true)) == .nothingNew)
        #expect(
            descending.judge(answer(102, Array((51..<101).reversed()), hasNext: true)) == .arrivals([key(100)]))
        #expect(descending.judge(answer(102, Array((50..<100).reversed()), hasNext: true)) == .unclear)
    }

    @Test("where the total is only the page's, the places of rows tell, at both ends if need be")
    func tooLow() throws {
        let ascending = TailProbe(try hint(.ascending, total: 50), pageSize: 50)
        #expect(ascending.judge(answer(16, Array(84..<100))) == .nothingNew)
        #expect(ascending.judge(answer(17, Array(84..<101))) == .arrivals([key(100)]))
        #expect(ascending.judge(answer(17, Array(83..<100))) == .unclear)
        let descending = TailProbe(try hint(.descending, total: 50), pageSize: 50)
        let first = answer(50, Array((51..<101).reversed()), hasNext: true)
        #expect(descending.judge(first) == .endOnly(arrived: 1))
        #expect(descending.farRequest(after: first, arrived: 1).offset == 97)
        #expect(descending.judge(answer(4, [3, 2, 1, 0]), after: first, arrived: 1) == .arrivals([key(100)]))
        // A late event further down has pushed the oldest rows on.
        #expect(descending.judge(answer(5, [4, 3, 2, 1, 0]), after: first, arrived: 1) == .unclear)
        #expect(descending.judge(answer(4, [3, 2, 1, 0], hasNext: true), after: first, arrived: 1) == .unclear)
    }

    @Test("a short list that always names a next page ends where nothing is behind it, whatever its total says")
    func endless() throws {
        let none = answer(0, [], hasNext: true)
        for (order, total) in [(RowOrder.ascending, 0), (.descending, 0), (.ascending, 20), (.descending, 20)] {
            var tail = try hint(order, rows: 20, total: total, isEndless: true)
            // As many as the list had: nothing shows that a page could hold more.
            tail.page = 20
            let probe = TailProbe(tail, pageSize: 50)
            let known = order == .ascending ? Array(4..<20) : Array((0..<20).reversed())
            let first = answer(total, known, hasNext: true)
            #expect(probe.judge(first) == .endOnly(arrived: 0))
            #expect(probe.farRequest(after: first, arrived: 0).offset == 20)
            #expect(probe.judge(none, after: first, arrived: 0) == .nothingNew)
            #expect(probe.judge(answer(0, [30], hasNext: true), after: first, arrived: 0) == .unclear)
            let later = answer(0, order == .ascending ? known + [20] : [20] + known, hasNext: true)
            #expect(probe.judge(later) == .endOnly(arrived: 1))
            #expect(probe.farRequest(after: later, arrived: 1).offset == 21)
            #expect(probe.judge(none, after: later, arrived: 1) == .arrivals([key(20)]))
        }
        // Rows at the other end that are not those of before.
        let probe = TailProbe(try hint(.descending, rows: 20, total: 0, isEndless: true), pageSize: 50)
        let moved = answer(0, Array((4..<20).reversed()) + [50, 51, 52, 53], hasNext: true)
        #expect(probe.judge(moved) == .endOnly(arrived: 0))
        #expect(probe.judge(none, after: moved, arrived: 0) == .unclear)
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
        let next = ascending.successor(
            manifest: "b", after: answer(103, Array(84..<103)), arrived: 3, texts: RowTexts())
        #expect(next?.edge == keys(Array(87..<103)))
        #expect(next?.total == 103 && next?.rows == 103)
        let descending = TailProbe(try hint(.descending), pageSize: 50)
        let newer = descending.successor(
            manifest: "b", after: answer(102, Array((52..<102).reversed())), arrived: 2, texts: RowTexts())
        #expect(newer?.edge == keys(Array((86..<102).reversed())))
    }

    @Test("the rows that were there before, if they are all but the arrivals")
    func knownRows() throws {
        let ascending = TailProbe(try hint(.ascending), pageSize: 50)
        #expect(ascending.knownRows(of: answer(103, Array(84..<103)), arrived: 3) == 0..<16)
        // A late event among the remembered rows, and one before them.
        #expect(ascending.knownRows(of: answer(101, Array(84..<90) + [500] + Array(90..<100)), arrived: 1) == nil)
        #expect(ascending.knownRows(of: answer(101, Array(83..<100)), arrived: 1) == nil)
        let descending = TailProbe(try hint(.descending), pageSize: 50)
        #expect(descending.knownRows(of: answer(102, Array((52..<102).reversed())), arrived: 2) == 2..<50)
        #expect(descending.knownRows(of: answer(101, Array((50..<100).reversed())), arrived: 1) == nil)
        var unsorted = try hint(.ascending)
        unsorted.isSorted = false
        #expect(TailProbe(unsorted, pageSize: 50).knownRows(of: answer(103, Array(84..<103)), arrived: 3) == nil)
    }

    @Test("the hashes of texts are read as they are written")
    func texts() throws {
        var random = SeededRandom(seed: 1)
        for count in [0, 1, 16, RowTexts.most] {
            let digits = String((0..<32 * count).map { _ in "0123456789abcdef".randomElement(using: &random) ?? "0" })
            let texts = try #require(RowTexts(hexadecimal: digits))
            #expect(texts.count == count && texts.hexadecimal == digits)
            #expect(texts.suffix(1).hexadecimal == digits.suffix(32))
        }
        let digits = String(repeating: "0123456789abcdef", count: 2)
        for text in [
            "0", String(digits.dropLast()) + "F", digits + "0", "+" + digits.dropFirst(), "é" + digits.dropLast(2)
        ] {
            #expect(RowTexts(hexadecimal: text) == nil)
        }
        #expect(RowTexts(hexadecimal: String(repeating: "0", count: 32 * (RowTexts.most + 1))) == nil)
    }

    @Test("a hint survives its file, and nonsense is no hint")
    func file() throws {
        var hint = try hint(.descending)
        hint.texts = try #require(RowTexts(hexadecimal: String(repeating: "0123456789abcdef", count: 6)))
        #expect(TailFingerprint(decoding: hint.encoded()) == hint)
        #expect(String(decoding: hint.encoded(), as: UTF8.self).hasSuffix("]}\n"))
        for text in [
            "", "{}", "[1]", #"{"generation": 1, "start": "2026-01-01", "total": 5, "order": "sideways", "edge": []}"#
        ] {
            #expect(TailFingerprint(decoding: Array(text.utf8)) == nil)
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
