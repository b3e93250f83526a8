@testable import ExportCLI
import Testing

/// A node as one line, for comparisons.
private func text(_ node: YAMLNode?) -> String {
    switch node {
    case nil: "nothing"
    case .scalar(let text)?: "\"\(text)\""
    case .sequence(let nodes)?: "[\(nodes.map { text($0) }.joined(separator: ", "))]"
    case .mapping(let pairs)?: "{\(pairs.map { "\($0.key): \(text($0.value))" }.joined(separator: ", "))}"
    }
}

@Suite("YAML")
struct YAMLNodeTests {
    @Test(
        "is read into scalars, sequences and mappings, scalars as they are written",
        arguments: [
            ("", "nothing"), ("# a comment\n\n  # another\n", "nothing"), ("---\n", "\"\""), ("---\n...\n", "\"\""),
            ("a", "\"a\""),
            ("a: 1\nb: 1.50\nc: yes\nd: null\ne:\n", "{a: \"1\", b: \"1.50\", c: \"yes\", d: \"null\", e: \"\"}"),
            ("a: 'it''s'\nb: \"\\u00e9\\n\"\n", "{a: \"it's\", b: \"\u{E9}\n\"}"),
            ("a: [x, y]\nb:\n  - z\n", "{a: [\"x\", \"y\"], b: [\"z\"]}"), ("a: []\nb: {}\n", "{a: [], b: {}}"),
            ("a: |\n  one\n  two\n", "{a: \"one\ntwo\n\"}"), ("a: >-\n  one\n  two\n", "{a: \"one two\"}"),
            ("a: x # comment\n", "{a: \"x\"}"), ("a: x#y\n", "{a: \"x#y\"}"),
            ("a: {b: {c: d}}", "{a: {b: {c: \"d\"}}}"),
            ("a: &n x\nb: *n\n", "{a: \"x\", b: \"x\"}"), ("a: \"\\0b\"", "{a: \"\0b\"}"),
            ("\u{FEFF}a: b\nc: d\n", "{a: \"b\", c: \"d\"}"), ("%YAML 1.1\n---\na: b\n", "{a: \"b\"}"),
            ("a: 1\na: 2\n", "{a: \"1\", a: \"2\"}"), ("a: \u{1F600}", "{a: \"\u{1F600}\"}")
        ])
    func documents(source: String, expected: String) throws {
        #expect(try text(YAMLNode.document(in: Array(source.utf8))) == expected)
    }

    @Test(
        "is refused where it is none, with the place",
        arguments: [
            ("a: \"x\n", 2, 1), ("a: b: c\n", 1, 5), ("a:\n\t- b\n", 2, 1), ("a: @x\n", 1, 4), ("a: [b\n", 2, 1)
        ])
    func malformed(source: String, line: Int, column: Int) {
        #expect(throws: YAMLError.malformed(line: line, column: column)) {
            try YAMLNode.document(in: Array(source.utf8))
        }
    }

    @Test(
        "is refused where it is no UTF-8",
        arguments: [[0xFF], [0x61, 0x3A, 0x20, 0xC3, 0x28], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func notUTF8(source: [UInt8]) {
        #expect(throws: YAMLError.self) { try YAMLNode.document(in: source) }
    }

    @Test(
        "is refused where a configuration file cannot mean it",
        arguments: [
            "a: b\n---\nc: d\n", "? [a]\n: b\n", "{a: b}: c\n", "a: *none\n", "a: &n [x]\nb: *n\n",
            "&n a: &n2 {b: *n2}\n"
        ])
    func unsupported(source: String) {
        #expect(throws: YAMLError.unsupported) { try YAMLNode.document(in: Array(source.utf8)) }
    }

    @Test("is followed to a limit, however deep it is")
    func depth() throws {
        func nested(_ count: Int) -> [UInt8] {
            Array((String(repeating: "[", count: count) + String(repeating: "]", count: count)).utf8)
        }
        #expect(try text(YAMLNode.document(in: nested(YAMLNode.deepest))).count == 2 * YAMLNode.deepest)
        for count in [YAMLNode.deepest + 1, 1000, 100_000] {
            #expect(throws: YAMLError.self) { try YAMLNode.document(in: nested(count)) }
        }
    }
}
