import AuditArchive
import AuditRecords
import CivilTime
import Testing
import TestSupport

@Suite struct EventBatchTests {
    @Test func sortsByTimeThenByDecodedID() {
        // As text, the escape would come after "b"; it says "a!".
        let escaped = TestEvent(id: "a!", createdAt: "2025-02-23T10:00:01Z", line: #"{"id":"a\u0021"}"#)
        let events = [
            TestEvent(1, at: "2025-02-23T10:00:02Z", id: "a"), TestEvent(2, at: "2025-02-23T10:00:01Z", id: "b"),
            escaped, TestEvent(4, at: "2025-02-23T10:00:01Z", id: "a"),
            TestEvent(5, at: "2025-02-23T10:00:01Z", id: ""),
            TestEvent(6, at: "2025-02-23T10:00:01Z", id: "é"), TestEvent(7, at: "2025-02-23T09:00:00Z", id: "zz")
        ]
        var batch = EventBatch(events, date: "2025-02-23")
        batch.sort()
        #expect(lines(batch) == [events[6], events[4], events[3], escaped, events[1], events[5], events[0]].map(\.line))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func sortsLikeTheStandardLibrary(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let events = (0..<300).map { number in
            TestEvent(
                number, at: "2025-02-23T10:00:0\(Int.random(in: 0..<4, using: &random))Z",
                id: String(Int.random(in: 0..<1 << 40, using: &random), radix: 36))
        }
        var batch = EventBatch(events, date: "2025-02-23")
        batch.sort()
        let expected = events.sorted { one, other in
            one.time != other.time ? one.time < other.time : one.id.utf8.lexicographicallyPrecedes(other.id.utf8)
        }
        #expect(lines(batch) == expected.map(\.line), "seed \(seed)")
    }

    @Test func countsAndKeepsLinesLargerThanAChunk() {
        let large = TestEvent(
            1, at: "2025-02-23T10:00:00Z", extra: ",\"x\":\"\(String(repeating: "y", count: 3 << 20))\"")
        let events = [large] + TestEvent.run(2..<5_000, from: "2025-02-23T10:00:01Z")
        let batch = EventBatch(events, date: "2025-02-23")
        #expect(batch.count == events.count)
        #expect(batch.byteCount == events.reduce(0) { $0 + $1.line.utf8.count + 1 })
        #expect(lines(batch) == events.map(\.line))
        #expect(batch.lineSize(at: 0) == large.line.utf8.count + 1)
        #expect(batch.time(at: 1) == "2025-02-23T10:00:01Z")
    }

    @Test func keepsLinesInTheirPagesBesideCopies() {
        let first = Array(#"[{"id":"b"},{"id":"a"}]"#.utf8)
        let second = Array(#"[{"id":"c"}]"#.utf8)
        var batch = EventBatch(date: "2025-02-23")
        let time: Timestamp = "2025-02-23T10:00:00Z"
        let key = EventKey(id: "any".utf8.span.bytes)
        let isFirstNew = batch.append(EventPlace(line: 1..<11, id: 8..<9), in: first, number: 1, time: time, key: key)
        let copied = TestEvent(1, at: "2025-02-23T10:00:00Z", id: "aa")
        batch.append(line: copied.line.utf8.span.bytes, time: time, id: copied.id.utf8.span.bytes)
        let isAgainNew = batch.append(
            EventPlace(line: 12..<22, id: 19..<20), in: first, number: 1, time: time, key: key)
        let isSecondNew = batch.append(EventPlace(line: 1..<11, id: 8..<9), in: second, number: 2, time: time, key: key)
        #expect([isFirstNew, isAgainNew, isSecondNew] == [true, false, true])
        batch.sort()
        #expect(lines(batch) == [#"{"id":"a"}"#, copied.line, #"{"id":"b"}"#, #"{"id":"c"}"#])
        #expect(batch.keptPages == [1, 2])
        #expect(batch.copiedBytes == copied.line.utf8.count + 2)
    }

    private func lines(_ batch: EventBatch) -> [String] {
        (0..<batch.count).map { index in
            batch.withLine(at: index) { line in line.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
        }
    }
}
