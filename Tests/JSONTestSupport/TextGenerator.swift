import TestSupport

/// Makes valid JSON text at random: keys that matter and keys that do not, duplicates, escapes, white space, nesting.
package struct TextGenerator {
    private var random: SeededRandom
    /// How often white space stands where it may, out of 10.
    private let spacing: Int

    package init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        spacing = [0, 2, 8].randomElement(using: &random) ?? 0
    }

    private static let recordKeys = [
        "id", #"\u0069d"#, #"i\u0064"#, "ID", "idx", "created_at", #"created\u005Fat"#, "organization_id",
        "organization_name", #"organization_nam\u0065"#, "organization_nama", "data", "user_id", "event_type", "", "東京"
    ]
    private static let pageKeys = [
        "data", #"d\u0061ta"#, "total_count", #"total\u005fcount"#, "next", #"ne\u0078t"#, "object", "previous", "id"
    ]
    private static let scalars = [
        "0", "12", "-0", "-7", "1.0", "1e3", "9007199254740993", "9223372036854775807", "9223372036854775808", "true",
        "false", "null", #""12""#
    ]
    private static let pieces = [
        "a", "abcdefg", "abcdefgh", " ", "é", "日本", "𝄞", #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\u0041"#, #"\ud83d\ude00"#,
        #"\ud800"#, #"\udc00"#, #"\u00e9"#, "{", "]", ",", ":", "//"
    ]

    /// A page, or now and then something else.
    package mutating func page() -> String {
        if chance(1) { return value(depth: 0) }
        return object(members: Int.random(in: 0...7, using: &random)) { generator in
            let key = generator.pick(Self.pageKeys)
            guard key == "data" || generator.chance(2) else { return (key, generator.value(depth: 1)) }
            return (key, generator.array(elements: Int.random(in: 0...4, using: &generator.random)) { $0.record() })
        }
    }

    /// A record, or now and then something else.
    package mutating func record() -> String {
        if chance(1) { return value(depth: 1) }
        return object(members: Int.random(in: 0...8, using: &random)) { generator in
            (generator.pick(Self.recordKeys), generator.chance(6) ? generator.string() : generator.value(depth: 1))
        }
    }

    /// White space, maybe.
    package mutating func space() -> String {
        chance(spacing) ? pick([" ", "\n", "\r\n", "\t", "    ", " \n\t "]) : ""
    }

    private mutating func value(depth: Int) -> String {
        switch Int.random(in: 0...(depth < 4 ? 5 : 3), using: &random) {
        case 0, 1: return pick(Self.scalars)
        case 2, 3: return string()
        case 4: return array(elements: Int.random(in: 0...3, using: &random)) { $0.value(depth: depth + 1) }
        default:
            return object(members: Int.random(in: 0...3, using: &random)) {
                ($0.pick(Self.recordKeys), $0.value(depth: depth + 1))
            }
        }
    }

    private mutating func string() -> String {
        let count = Int.random(in: 0...6, using: &random)
        return "\"" + (0..<count).map { _ in pick(Self.pieces) }.joined() + "\""
    }

    private mutating func array(elements: Int, _ element: (inout TextGenerator) -> String) -> String {
        "[" + space() + (0..<elements).map { _ in element(&self) + space() }.joined(separator: "," + space()) + "]"
    }

    private mutating func object(members: Int, _ member: (inout TextGenerator) -> (String, String)) -> String {
        let texts = (0..<members).map { _ in
            let (key, value) = member(&self)
            return "\"\(key)\"" + space() + ":" + space() + value + space()
        }
        return "{" + space() + texts.joined(separator: "," + space()) + "}"
    }

    private mutating func chance(_ outOfTen: Int) -> Bool { Int.random(in: 0..<10, using: &random) < outOfTen }

    private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }
}
