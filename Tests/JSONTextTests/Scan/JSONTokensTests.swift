import JSONTestSupport
@testable import JSONText
import Testing

@Suite("The parts of a JSON text")
struct JSONTokensTests {
    /// The text anew from its parts.
    private func rebuilt(_ bytes: [UInt8]) throws(JSONTextError) -> [UInt8] {
        var output: [UInt8] = []
        var closers: [UInt8] = []
        func quoted(_ string: JSONString) -> [UInt8] { [0x22] + bytes[string.range] + [0x22] }
        func separate() { if let last = output.last, !"{[:".utf8.contains(last) { output.append(0x2C) } }
        try JSONTokens.visit(bytes.span.bytes) { token in
            if token != .close { separate() }
            switch token {
            case .openObject, .openArray:
                output.append(token == .openObject ? 0x7B : 0x5B)
                closers.append(token == .openObject ? 0x7D : 0x5D)
            case .close: output.append(closers.removeLast())
            case .key(let key): output += quoted(key) + [0x3A]
            case .string(let string): output += quoted(string)
            case .scalar(let range): output += bytes[range]
            }
        }
        return output
    }

    @Test("are all of it")
    func whole() throws {
        for bytes in SeedDocuments.all + [SeedDocuments.nested(99_998)] {
            var compact: [UInt8] = []
            JSONCompaction.append(bytes.span.bytes, range: 0..<bytes.count, to: &compact)
            let start = compact.first { $0 > 0x20 }
            #expect(start != nil)
            #expect(try rebuilt(bytes) == compact)
        }
    }

    @Test("are those of JSON alone", arguments: 0..<4_000 as Range<UInt64>)
    func faults(seed: UInt64) {
        var mutator = Mutator(seed: seed)
        let bytes = mutator.document()
        let found = fault { () throws(JSONTextError) in try JSONTokens.visit(bytes.span.bytes) { _ in } }
        #expect(found == Verdicts(bytes).grammar, "seed \(seed)")
    }
}
