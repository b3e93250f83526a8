/// Why bytes are not the JSON that was expected, and where.
@usableFromInline package struct JSONTextError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong. The first group breaks RFC 8259; the second is valid JSON of another type than was asked for.
    package enum Reason: Equatable, Sendable {
        /// No bytes, or nothing but white space.
        case empty
        /// The text ends inside a value.
        case unexpectedEnd
        /// A byte that cannot stand where it stands.
        case unexpectedByte(UInt8)
        /// The text starts with a byte order mark.
        case byteOrderMark
        /// A byte below 0x20 inside a string.
        case controlCharacter(UInt8)
        /// A backslash followed by something RFC 8259 does not name.
        case invalidEscape
        /// A sequence inside a string that is no UTF-8.
        case invalidUTF8
        /// A number without the digit that must come here.
        case invalidNumber
        /// More nested arrays and objects than allowed.
        case tooDeep
        /// Something other than white space after the value.
        case trailingBytes

        /// Another type than the one asked for.
        case notAnObject, notAnArray, notAString, notAnInteger, notABoolean
        /// An integer that does not fit `Int`.
        case integerOutOfRange
    }

    /// What is wrong.
    package var reason: Reason
    /// Where: bytes from the start of the text.
    package var offset: Int

    /// The fault of kind `reason` at byte `offset`.
    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// For people: `byte 17: control character 0x0A in a string`.
    @usableFromInline package var description: String { "byte \(offset): \(reason.summary)" }
}

extension JSONTextError.Reason {
    /// For people, without anything of the text itself: `a character cannot stand`.
    package var kind: String {
        switch self {
        case .unexpectedByte: "a character cannot stand"
        case .controlCharacter: "a string has a control character"
        default: summary
        }
    }

    fileprivate var summary: String {
        switch self {
        case .empty: "no JSON value, the text is empty"
        case .unexpectedEnd: "the JSON text ends in the middle of a value"
        case .unexpectedByte(let byte): "\(Self.name(of: byte)) is not JSON here"
        case .byteOrderMark: "a byte order mark is not part of JSON"
        case .controlCharacter(let byte): "control character \(Self.hex(byte)) in a string"
        case .invalidEscape: "unknown escape in a string"
        case .invalidUTF8: "invalid UTF-8 in a string"
        case .invalidNumber: "malformed number"
        case .tooDeep: "nested too deeply"
        case .trailingBytes: "something follows the end of the JSON value"
        case .notAnObject: "an object was expected"
        case .notAnArray: "an array was expected"
        case .notAString: "a string was expected"
        case .notAnInteger: "an integer was expected"
        case .notABoolean: "true or false was expected"
        case .integerOutOfRange: "the integer is too large"
        }
    }

    private static func name(of byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7F ? "'\(Unicode.Scalar(byte))'" : "byte \(hex(byte))"
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "0x" + (digits.utf8.count < 2 ? "0" : "") + digits
    }
}
