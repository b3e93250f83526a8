import JSONTestSupport
@testable import JSONText
import Testing

@Suite("JSON reader")
struct JSONReaderTests {
    private struct Part: Equatable {
        var path = ""
        var records = 0
        var last: String?
        var flags: [Bool] = []
    }

    /// Reads `text` as a list of parts, unknown members skipped: what a manifest's reader does.
    private static func parts(_ text: String) throws(JSONTextError) -> [Part] {
        var reader = JSONReader(Array(text.utf8))
        var parts: [Part] = []
        try reader.readArray { reader throws(JSONTextError) in
            var part = Part()
            try reader.readObject { reader, key throws(JSONTextError) in
                switch key {
                case "path": part.path = try reader.readString()
                case "records": part.records = try reader.readInteger()
                case "last": part.last = try reader.readNull() ? nil : try reader.readString()
                case "flags": try reader.readArray { r throws(JSONTextError) in part.flags.append(try r.readBool()) }
                default: try reader.skipValue()
                }
            }
            parts.append(part)
        }
        try reader.finish()
        return parts
    }

    @Test func readsADocument() throws {
        let parts = try Self.parts(
            """
             [ { "path" : "a\\u00e9\\/\\ud83d\\ude00", "records": 12, "last": null, "flags": [ true , false ] },
               {"unknown":[{"records":1.5e3}],"records":-7,"\\u006cast":"é","flags":[]}, {} ]\n
            """)
        #expect(
            parts == [
                Part(path: "aé/😀", records: 12, last: nil, flags: [true, false]),
                Part(path: "", records: -7, last: "é", flags: []), Part()
            ])
    }

    @Test(arguments: [
        ("", JSONTextError.Reason.empty, 0), ("{}", .notAnArray, 0), ("[1]", .notAnObject, 1),
        ("[{}] x", .trailingBytes, 5),
        (#"[{"path":1}]"#, .notAString, 9), (#"[{"path":null}]"#, .notAString, 9),
        (#"[{"records":"1"}]"#, .notAnInteger, 12),
        (#"[{"records":1.0}]"#, .notAnInteger, 12), (#"[{"records":1e2}]"#, .notAnInteger, 12),
        (#"[{"records":01}]"#, .unexpectedByte(0x31), 13), (#"[{"records":-}]"#, .invalidNumber, 13),
        (#"[{"records":9223372036854775808}]"#, .integerOutOfRange, 12), (#"[{"last":7}]"#, .notAString, 9),
        (#"[{"last":nul}]"#, .unexpectedByte(0x7D), 12), (#"[{"flags":[1]}]"#, .notABoolean, 11),
        (#"[{"flags":[truth]}]"#, .unexpectedByte(0x74), 14), (#"[{"flags":{}}]"#, .notAnArray, 10),
        (#"[{"a":1,}]"#, .unexpectedByte(0x7D), 8), (#"[{"a" 1}]"#, .unexpectedByte(0x31), 6),
        ("[{},]", .unexpectedByte(0x5D), 4),
        ("[{}", .unexpectedEnd, 3), (#"[{"path":oops}]"#, .unexpectedByte(0x6F), 9),
        (#"[{"path":"a"#, .unexpectedEnd, 11),
        (#"[{"path":"\q"}]"#, .invalidEscape, 10), (#"[{"x":[1,}]"#, .unexpectedByte(0x7D), 9),
        ("[{1:2}]", .unexpectedByte(0x31), 2)
    ])
    func saysWhatAndWhere(text: String, reason: JSONTextError.Reason, offset: Int) {
        let found = fault { () throws(JSONTextError) in _ = try Self.parts(text) }
        #expect(found == JSONTextError(reason: reason, offset: offset))
    }

    @Test(arguments: [Int.max, .min, 0, -1, 42])
    func readsEveryInteger(value: Int) throws {
        var reader = JSONReader(Array(" \(value) ".utf8))
        #expect(try reader.readInteger() == value)
        try reader.finish()
    }

    @Test func leavesWhatIsNotNull() throws {
        var reader = JSONReader(Array(" 12".utf8))
        #expect(try !reader.readNull())
        #expect(reader.offset == 1)
        #expect(try reader.readInteger() == 12)
        #expect(reader.offset == 3)
    }

    @Test func refusesAMemberThatIsNotRead() {
        let found = fault { () throws(JSONTextError) in
            var reader = JSONReader(Array(#"{"a":1}"#.utf8))
            try reader.readObject { _, _ in }
        }
        #expect(found == JSONTextError(reason: .unexpectedByte(0x31), offset: 5))
    }

    @Test func passesOnErrorsOfItsCaller() {
        let own = JSONTextError(reason: .notAnObject, offset: 99)
        let found = fault { () throws(JSONTextError) in
            var reader = JSONReader(Array("[1]".utf8))
            try reader.readArray { _ throws(JSONTextError) in throw own }
        }
        #expect(found == own)
    }

    @Test(arguments: [(512, true), (513, false)])
    func limitsTheDepthOfItsCallersRecursion(depth: Int, isAccepted: Bool) {
        func descend(_ reader: inout JSONReader) throws(JSONTextError) {
            try reader.readArray { inner throws(JSONTextError) in try descend(&inner) }
        }
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let found = fault { () throws(JSONTextError) in
            var reader = JSONReader(Array(text.utf8))
            try descend(&reader)
            try reader.finish()
        }
        #expect(found == (isAccepted ? nil : JSONTextError(reason: .tooDeep, offset: 512)))
    }

    @Test(arguments: ["{}", "[]", #"{"path":"a"}"#])
    func doesNotCountNeighboursAsDepth(element: String) throws {
        let count = 600
        let text = "[" + Array(repeating: element, count: count).joined(separator: ",") + "]"
        var reader = JSONReader(Array(text.utf8))
        var seen = 0
        try reader.readArray { inner throws(JSONTextError) in
            seen += 1
            if element.hasPrefix("[") {
                try inner.readArray { element throws(JSONTextError) in try element.skipValue() }
            } else {
                try inner.readObject { member, _ throws(JSONTextError) in try member.skipValue() }
            }
        }
        try reader.finish()
        #expect(seen == count)
    }
}
