import JSONTestSupport
@testable import JSONText
import Testing

@Suite("RFC 8259 grammar")
struct GrammarTests {
    private static let accepted =
        acceptedStructures + acceptedNumbers + acceptedHugeNumbers + acceptedStrings + acceptedLoneSurrogates

    private static let refused = refusedStructures + refusedNumbers + refusedStrings + refusedUTF8

    @Test(arguments: accepted)
    func accepts(_ text: TextCase) {
        let verdicts = Verdicts(text.bytes)
        #expect(verdicts.grammar == nil)
        for (name, fault) in verdicts.others { #expect(fault == nil, "\(name)") }
    }

    @Test(arguments: refused)
    func refuses(_ text: TextCase) throws {
        let verdicts = Verdicts(text.bytes)
        let fault = try #require(verdicts.grammar)
        #expect((0...text.bytes.count).contains(fault.offset))
        for (name, other) in verdicts.others { #expect(other == fault, "\(name) sees another fault") }
    }

    @Test func everyAcceptedTextIsRefusedWhenCutOrContinued() {
        // A number may be cut anywhere after a digit and stay one, so only texts with a closing mark are cut.
        for text in Self.accepted {
            let value = text.bytes.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
            guard let last = value.last, "\"]}".utf8.contains(last) else { continue }
            for length in 0..<value.count {
                #expect(Verdicts(Array(value.prefix(length))).grammar != nil, "\(text.name) cut to \(length) bytes")
            }
            #expect(Verdicts(value + Array(" ,".utf8)).grammar?.reason == .trailingBytes, "\(text.name)")
        }
    }

    @Test(arguments: [
        ("", JSONTextError.Reason.empty, 0),
        (" \n", .empty, 2),
        ("\u{FEFF}{}", .byteOrderMark, 0),
        ("{\"a\":[1,", .unexpectedEnd, 8),
        ("{\"a\":!}", .unexpectedByte(0x21), 5),
        ("[\"a\u{01}\"]", .controlCharacter(1), 3),
        ("[\"a\\q\"]", .invalidEscape, 3),
        ("[1.]", .invalidNumber, 3),
        ("[nulL]", .unexpectedByte(0x4C), 4),
        ("{} {}", .trailingBytes, 3)
    ])
    func saysWhatAndWhere(text: String, reason: JSONTextError.Reason, offset: Int) {
        #expect(Verdicts(Array(text.utf8)).grammar == JSONTextError(reason: reason, offset: offset))
    }

    @Test func describesFaultsForPeople() {
        #expect("\(JSONTextError(reason: .unexpectedByte(0x3C), offset: 0))" == "byte 0: '<' is not JSON here")
        #expect(
            "\(JSONTextError(reason: .controlCharacter(10), offset: 17))"
                == "byte 17: control character 0x0A in a string")
    }
}
