import JSONText

/// A member of the manifest that this program does not know: it belongs to later writers, and is written again as it was
/// read.
struct UnknownMember: Equatable, Sendable {
    /// The decoded key.
    var key: String

    /// The value's JSON, as it stood in the text.
    var text: String
}

extension UnknownMember {
    /// Reads the value that comes next. `bytes`: the text that `reader` reads.
    init(_ reader: inout JSONReader, key: String, of bytes: [UInt8]) throws(JSONTextError) {
        let start = reader.offset
        try reader.skipValue()
        self.key = key
        text = String(decoding: bytes[start..<reader.offset], as: UTF8.self)
    }

    var encoded: String { "\(JSONOutput.quoted(key)): \(text)" }
}
