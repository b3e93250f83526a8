import AuditArchive
import AuditRecords
@testable import AuditSync
import TestSupport
import Testing

@Suite struct EventTableTests {
    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func behavesLikeADictionary(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = EventTable()
        var model: [EventKey: UInt32] = [:]
        // More than a segment, and the slots grow several times.
        let numbers =
            Array(0..<140_000).shuffled(using: &random)
            + (0..<20_000).map { _ in Int.random(in: 0..<160_000, using: &random) }
        let ids = numbers.map { "event-\($0)" }
        for (number, id) in ids.enumerated() {
            let key = EventKey(id: id.utf8.span.bytes)
            #expect(table.index(of: key).map { table[$0].lastPass } == model[key], "seed \(seed)")
            let index = table.insert(key)
            table[index].lastPass = UInt32(number)
            model[key] = UInt32(number)
        }
        #expect(table.count == model.count, "seed \(seed)")
        for (key, number) in model {
            let entry = table.index(of: key).map { table[$0] }
            #expect(entry?.key == key && entry?.lastPass == number && entry?.digest == nil, "seed \(seed)")
        }
    }

    @Test func keepsWhatWasThereWhenAKeyComesAgain() {
        let key = EventKey(id: "a".utf8.span.bytes)
        let digest = ContentDigest(line: "{}".utf8.span.bytes)
        var table = EventTable()
        let index = table.insert(key)
        table[index].digest = digest
        let again = table.insert(key)
        #expect(again == index && table[again].digest == digest)
        #expect(table.count == 1)
        #expect(table.index(of: EventKey(id: "b".utf8.span.bytes)) == nil)
    }
}
