package import JSONText

/// Records kept aside, as lines of a quarantine file. Each record is kept once, however often it is seen again.
package struct QuarantineBatch: Sendable {
    /// Why a record is not archived.
    package enum Reason: String, Sendable {
        case notAnObject = "not an object"
        case noStringID = "no string id"
        case unreadableCreatedAt = "no readable created_at"
        case changed
    }

    private var known: Set<ContentDigest>

    /// The lines that are not written yet, without their ends.
    private(set) var lines: [[UInt8]] = []

    /// A batch that passes over the records whose digests are known.
    init(known: Set<ContentDigest>) {
        self.known = known
    }

    /// How many lines are not written yet.
    package var count: Int { lines.count }

    /// Keeps a record, given compacted. Says whether it was new.
    package mutating func insert(_ record: RawSpan, _ reason: Reason, receivedAt: Timestamp) -> Bool {
        guard known.insert(ContentDigest(line: record)).inserted else { return false }
        var line = Array(
            "{\"reason\": \"\(reason.rawValue)\", \"received_at\": \"\(receivedAt)\"\(Self.recordKey)".utf8)
        line.reserveCapacity(line.count + record.byteCount + 1)
        record.withUnsafeBytes { line.append(contentsOf: $0) }
        line.append(UInt8(ascii: "}"))
        lines.append(line)
        return true
    }

    /// Forgets the lines, which are written, but not the records.
    package mutating func removeLines() {
        lines = []
    }

    /// The digest of the record in a line of a quarantine file.
    static func digest(inLine line: RawSpan) -> ContentDigest {
        let key = Array(recordKey.utf8)
        for start in 0..<max(0, line.byteCount - key.count) where line.holds(key, at: start) {
            return ContentDigest(line: line.extracting(start + key.count..<line.byteCount - 1))
        }
        return ContentDigest(line: line)
    }

    /// No reason and no timestamp holds this, so its first place in a line is before the record.
    private static let recordKey = ", \"record\": "
}

extension RawSpan {
    fileprivate func holds(_ bytes: [UInt8], at start: Int) -> Bool {
        bytes.indices.allSatisfy { unsafeLoad(fromByteOffset: start + $0, as: UInt8.self) == bytes[$0] }
    }
}
