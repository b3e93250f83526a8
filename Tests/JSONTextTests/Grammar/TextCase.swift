import Testing

/// One row of a table of JSON texts.
struct TextCase: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]

    init(_ name: String, _ text: String) {
        self.name = name
        bytes = Array(text.utf8)
    }

    init(_ name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// `bytes` as the contents of a string in an array.
    init(_ name: String, inString bytes: [UInt8]) {
        self.name = name
        self.bytes = Array("[\"".utf8) + bytes + Array("\"]".utf8)
    }

    var testDescription: String { name }
}
