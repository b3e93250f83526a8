package import AuditRecords
package import CivilTime
import JSONText

/// Records kept aside, as lines of a quarantine file. Each record is kept once, however often it is seen again and in
/// whatever order its members come; of an event that comes back with ever other content, so many versions are kept.
package struct QuarantineBatch: Sendable {
    /// Why a record is not archived.
    package enum Reason: String, Sendable, CaseIterable {
        case notAnObject = "not an object"
        case noStringID = "no string id"
        case unreadableCreatedAt = "no readable created_at"
        /// The id is archived with other content.
        case changed
        /// What stands in the record's place is no JSON.
        case notJSON = "not JSON"
    }

    /// What became of a record.
    package enum Outcome: Sendable {
        /// It is kept aside.
        case kept
        /// It was kept aside before.
        case known
        /// So many versions of its event are kept that this one is not.
        case surplus
    }

    /// Other versions of an event that are kept at most.
    package static let mostVersions = 8

    private struct Line {
        var id: [UInt8]
        var bytes: [UInt8]
    }

    private var known: QuarantineContents
    private var waiting: [Line] = []

    /// A batch that passes over the records that are known.
    init(known: QuarantineContents) {
        self.known = known
    }

    /// How many lines are not written yet.
    package var count: Int { waiting.count }

    /// The lines that are not written yet, without their ends: by the UTF-8 bytes of the record's id, those without one
    /// first, else as they came.
    var lines: [[UInt8]] {
        let sorted = waiting.enumerated().sorted { one, other in
            if one.element.id.lexicographicallyPrecedes(other.element.id) { return true }
            if other.element.id.lexicographicallyPrecedes(one.element.id) { return false }
            return one.offset < other.offset
        }
        return sorted.map(\.element.bytes)
    }

    /// Keeps a record, given compacted, unless it was kept before or is one version too many.
    package mutating func keep(_ record: RawSpan, _ reason: Reason, receivedAt: Timestamp) -> Outcome {
        let isVersion = reason == .changed
        if isVersion && known.versions(of: record) >= Self.mostVersions {
            return known.contains(record) ? .known : .surplus
        }
        guard known.insert(record, isVersion: isVersion) else { return .known }
        var line = Self.start(of: reason, receivedAt, QuarantineLine.recordKey)
        record.withUnsafeBytes { line.append(contentsOf: $0) }
        line.append(UInt8(ascii: "}"))
        waiting.append(Line(id: Self.id(of: record), bytes: line))
        return .kept
    }

    /// Keeps a record as ``keep(_:_:receivedAt:)`` does. Says whether it was new.
    package mutating func insert(_ record: RawSpan, _ reason: Reason, receivedAt: Timestamp) -> Bool {
        keep(record, reason, receivedAt: receivedAt) == .kept
    }

    /// Keeps the bytes that stand in a record's place and are no JSON.
    package mutating func keep(malformed bytes: some Sequence<UInt8>, receivedAt: Timestamp) -> Outcome {
        let text = Self.text(ofMalformed: bytes)
        guard known.insert(text.span.bytes, isVersion: false) else { return .known }
        let line = Self.start(of: .notJSON, receivedAt, QuarantineLine.rawKey) + text + [UInt8(ascii: "}")]
        waiting.append(Line(id: [], bytes: line))
        return .kept
    }

    /// Whether such bytes were kept aside before.
    package func holds(malformed bytes: some Sequence<UInt8>) -> Bool {
        let text = Self.text(ofMalformed: bytes)
        return known.contains(text.span.bytes)
    }

    /// Whether a record, given compacted, was kept aside before.
    package func holds(record: RawSpan) -> Bool { known.contains(record) }

    private static func text(ofMalformed bytes: some Sequence<UInt8>) -> [UInt8] {
        [UInt8(ascii: "\"")] + Base64Text.encoded(bytes) + [UInt8(ascii: "\"")]
    }

    /// Whether a record was kept aside before just as it is sent.
    package func holds(_ digest: ContentDigest) -> Bool { known.records.contains(digest) }

    /// Forgets the lines, which are written, but not the records.
    package mutating func removeLines() {
        waiting = []
    }

    private static func start(of reason: Reason, _ time: Timestamp, _ key: String) -> [UInt8] {
        Array("\(QuarantineLine.start)\(reason.rawValue)\(QuarantineLine.timeKey)\(time)\(key)".utf8)
    }

    private static func id(of record: RawSpan) -> [UInt8] {
        guard let scan = try? RecordScan(line: record) else { return [] }
        return scan.id?.bytes(in: record) ?? []
    }
}
