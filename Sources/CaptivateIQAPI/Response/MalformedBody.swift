package import JSONText

/// An answer that was to be JSON and is not. Holds none of the token, and is part of no message.
package struct MalformedBody: Sendable, Equatable {
    /// The body, the token redacted where it was echoed.
    package let bytes: [UInt8]

    /// Larger ones are not kept.
    private static let mostBytes = 64 << 20

    /// The body of an answer; nil for one too large to be kept.
    init?(_ body: [UInt8], token: APIToken) {
        guard body.count <= Self.mostBytes else { return nil }
        bytes = token.redacted(body)
    }

    /// Whether it begins as a list does.
    var isList: Bool {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return bytes[start...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
    }

    /// The printable characters around a byte.
    func excerpt(around offset: Int, token: APIToken) -> String {
        let start = offset - BodySnippet.length / 2
        guard start > 0, start < bytes.count else { return BodySnippet.text(of: bytes, token: token) }
        return "…" + BodySnippet.text(of: Array(bytes[start...].prefix(4 * BodySnippet.length)), token: token)
    }
}

/// A row of a page in whose place something stands that is no JSON.
package struct MalformedRecord: Sendable, Equatable {
    /// Its place among the page's rows.
    package var row: Int
    /// The events asked for.
    package var query: EventQuery
    /// Its place in the list of those events.
    package var offset: Int
    /// What stands there, as far as it can be told from what stands around it.
    package var bytes: [UInt8]
    /// What is wrong with it; its offset counts from the first of ``bytes``.
    package var fault: JSONTextError
    /// Whether an earlier run got the same bytes.
    package var wasSeenBefore: Bool

    /// Describes a row.
    package init(
        row: Int, query: EventQuery, offset: Int, bytes: [UInt8], fault: JSONTextError, wasSeenBefore: Bool
    ) {
        self.row = row
        self.query = query
        self.offset = offset
        self.bytes = bytes
        self.fault = fault
        self.wasSeenBefore = wasSeenBefore
    }
}
