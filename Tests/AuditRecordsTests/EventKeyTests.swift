import AuditRecords
import Testing
import TestSupport

@Suite struct EventKeyTests {
    @Test func orderOfUUIDsIsThatOfTheirText() {
        var random = SeededRandom(seed: 7)
        let ids = (0..<2_000).map { _ in Self.uuid(&random) }.sorted()
        let keys = ids.map(Self.key)
        #expect(keys == keys.sorted())
        #expect(Set(keys).count == Set(ids).count)
    }

    @Test func everyDigitCounts() {
        let base = Array("00000000-0000-0000-0000-000000000000")
        var keys: Set<EventKey> = [Self.key(String(base))]
        for index in base.indices where base[index] == "0" {
            for digit in "123456789abcdef" {
                var id = base
                id[index] = digit
                keys.insert(Self.key(String(id)))
            }
        }
        #expect(keys.count == 1 + 32 * 15)
    }

    @Test(arguments: [#"{"a":1,"b":"x"}"#, #"{ "b": "\u0078", "a": 1 }"#])
    func whatStandsForARecordIsOfItsValueAndTheSameInEveryProcess(record: String) {
        let bytes = Array(record.utf8)
        // By Python's hashlib, as CanonicalDigest.swift puts the parts together.
        #expect(EventKey(standingFor: bytes.span.bytes).hexadecimal == "5f6aae7d088d4a8ca069ff8f075c7371")
    }

    @Test func otherSpellingsAreOtherIDs() {
        let ids = [
            "", "x", "01234567-89ab-cdef-0123-456789abcdef", "01234567-89AB-cdef-0123-456789abcdef",
            "0123456789abcdef0123456789abcdef", "01234567-89ab-cdef-0123-456789abcdef ",
            "{01234567-89ab-cdef-0123-456789abcde",
            "0123456-789ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcdeg", "é", "e\u{301}"
        ]
        #expect(Set(ids.map(Self.key)).count == ids.count)
        for id in ids { #expect(Self.key(id) == Self.key(id)) }
    }

    @Test func digestTellsContentsApart() {
        #expect(Self.digest("{\"id\":1}") == Self.digest("{\"id\":1}"))
        #expect(Self.digest("{\"id\":1}") != Self.digest("{\"id\":2}"))
    }

    @Test func digestsOfAllLengthsSeeEveryByte() {
        var digests: Set<ContentDigest> = []
        for length in 0...70 {
            let text = [UInt8](repeating: 0, count: length)
            digests.insert(ContentDigest(line: text.span.bytes))
            for index in text.indices {
                var other = text
                other[index] = 1
                digests.insert(ContentDigest(line: other.span.bytes))
            }
        }
        #expect(digests.count == 71 + (0...70).reduce(0, +))
    }

    private static func key(_ id: String) -> EventKey { EventKey(id: id.utf8.span.bytes) }

    private static func digest(_ line: String) -> ContentDigest { ContentDigest(line: line.utf8.span.bytes) }

    private static func uuid(_ random: inout SeededRandom) -> String {
        let digits = Array("0123456789abcdef")
        return [8, 4, 4, 4, 12].map { count in
            String((0..<count).map { _ in digits[Int.random(in: 0..<16, using: &random)] })
        }.joined(separator: "-")
    }
}
