import AuditRecords
import Testing
import TestSupport

@Suite("Records are compared by value")
struct CanonicalDigestTests {
    private static func digest(_ text: String) -> CanonicalDigest { CanonicalDigest(of: text.utf8.span.bytes) }

    @Test(
        "whatever the order of their members and the spelling of their strings",
        arguments: [
            (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#),
            (
                #"{"a":{"x":1,"y":[{"p":1,"q":2}]},"b":0}"#,
                #"{"b":0,"a":{"y":[{"q":2,"p":1}],"x":1}}"#
            ),
            (#"{"a":"\u0041\/"}"#, #"{"\u0061":"A/"}"#), (#"{"a":1,"a":2,"b":3}"#, #"{"a":1,"b":3,"a":2}"#),
            (#"{"":"\ud83d\ude00"}"#, "{\"\":\"\u{1F600}\"}"), (#"{ "a" : 1 }"#, #"{"a":1}"#)
        ])
    func same(one: String, other: String) {
        #expect(Self.digest(one) == Self.digest(other))
    }

    @Test("and differ in anything else")
    func different() {
        let texts = [
            "1", "1.0", "10e-1", "\"1\"", "true", "\"true\"", "null", "[]", "{}", "[[]]", "[{}]", "\"\"", "[1,2]",
            "[2,1]", "[1,[2]]", "[[1],2]", #"{"a":1}"#, #"{"a":"1"}"#, #"{"a":[1]}"#, #"{"a":1,"a":2}"#,
            #"{"a":2,"a":1}"#, #"{"a":1,"a":1}"#, #"{"a":{"a":1}}"#, #"{"a":1,"b":1}"#, #"{"a":{"b":1}}"#,
            #"{"a":{"b":1},"c":2}"#, #"{"a":{"b":1,"c":2}}"#, #"{"1":"a"}"#, #""\ud800""#, #""\ufffd""#, "-0", "0"
        ]
        #expect(Set(texts.map(Self.digest)).count == texts.count)
    }

    @Test("to any depth and width")
    func deepAndWide() {
        let (open, close) = (#"{"b":0,"a":"#, "}")
        let deep = String(repeating: open, count: 99_999) + "1" + String(repeating: close, count: 99_999)
        let other =
            String(repeating: #"{"a":"#, count: 99_999) + "1" + String(repeating: #","b":0}"#, count: 99_999)
        #expect(Self.digest(deep) == Self.digest(other))
        #expect(Self.digest(deep) != Self.digest(other.replacing(#","b":0}"#, with: #","b":1}"#, maxReplacements: 1)))
        let members = (0..<50_000).map { "\"k\($0)\":\($0)" }
        let wide = "{\(members.joined(separator: ","))}"
        #expect(Self.digest(wide) == Self.digest("{\(members.reversed().joined(separator: ","))}"))
        #expect(Self.digest(wide) != Self.digest("{\(members.dropLast().joined(separator: ","))}"))
    }

    @Test("as a plain comparison of trees does", arguments: 0..<400 as Range<UInt64>)
    func reference(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let one = Tree.random(depth: 3, using: &random)
        let other = Bool.random(using: &random) ? one : Tree.random(depth: 3, using: &random)
        let texts = (one.text(using: &random), other.text(using: &random))
        #expect((Self.digest(texts.0) == Self.digest(texts.1)) == (one == other), "seed \(seed): \(texts)")
    }
}

/// A small JSON value whose members have no order.
private indirect enum Tree: Equatable {
    case leaf(Int)
    case array([Tree])
    case object([String: [Tree]])

    static func random(depth: Int, using random: inout SeededRandom) -> Tree {
        let count = Int.random(in: 0...2, using: &random)
        switch depth == 0 ? 0 : Int.random(in: 0...2, using: &random) {
        case 0: return .leaf(Int.random(in: 0...1, using: &random))
        case 1: return .array((0..<count).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            var members: [String: [Tree]] = [:]
            for _ in 0..<count {
                let key = ["a", "b"].randomElement(using: &random) ?? ""
                members[key, default: []].append(.random(depth: depth - 1, using: &random))
            }
            return .object(members)
        }
    }

    /// One of the texts of the value.
    func text(using random: inout SeededRandom) -> String {
        switch self {
        case .leaf(let number): return "\(number)"
        case .array(let elements):
            return "[\(elements.map { $0.text(using: &random) }.joined(separator: ","))]"
        case .object(let members):
            var left = members.sorted { $0.key < $1.key }.map { (key: $0.key, values: $0.value[...]) }
            var texts: [String] = []
            while let index = left.indices.randomElement(using: &random) {
                guard let value = left[index].values.popFirst() else {
                    left.remove(at: index)
                    continue
                }
                texts.append("\"\(left[index].key)\":\(value.text(using: &random))")
            }
            return "{\(texts.joined(separator: ","))}"
        }
    }
}
