import AuditRecords
import JSONText

/// What is known of the records that were kept aside before, so that each is kept once however often it is seen again.
struct QuarantineContents: Sendable {
    /// The records as they were sent, for a quick answer.
    private(set) var records: Set<ContentDigest> = []
    /// The records whatever the order of their members.
    private(set) var values: Set<CanonicalDigest> = []
    /// How many other versions of an event's content were kept.
    private(set) var versions: [EventKey: Int] = [:]

    /// Notes a record that is kept aside. Says whether it was new.
    mutating func insert(_ record: RawSpan, isVersion: Bool) -> Bool {
        guard records.insert(ContentDigest(line: record)).inserted else { return false }
        guard values.insert(CanonicalDigest(of: record)).inserted else { return false }
        if isVersion, let key = Self.key(of: record) { versions[key, default: 0] += 1 }
        return true
    }

    /// Whether a record was kept before, in this or another order of its members.
    func contains(_ record: RawSpan) -> Bool {
        records.contains(ContentDigest(line: record)) || values.contains(CanonicalDigest(of: record))
    }

    /// How many other versions of the event that a record is of were kept.
    func versions(of record: RawSpan) -> Int { Self.key(of: record).flatMap { versions[$0] } ?? 0 }

    /// Learns what is kept in a line of a quarantine file.
    mutating func learn(line: RawSpan) {
        guard let place = Self.record(of: line) else { return }
        _ = insert(line.extracting(place), isVersion: QuarantineLine.isChange(line))
    }

    /// Whether what is kept in a line of a quarantine file was kept before.
    func knows(line: RawSpan) -> Bool { Self.record(of: line).map { contains(line.extracting($0)) } ?? false }

    /// Where the record is in a line of a quarantine file.
    private static func record(of line: RawSpan) -> Range<Int>? {
        let end = line.byteCount - 1
        guard let start = line.end(of: QuarantineLine.rawKey) ?? line.end(of: QuarantineLine.recordKey), start <= end
        else { return nil }
        return start..<end
    }

    private static func key(of record: RawSpan) -> EventKey? {
        guard let scan = try? RecordScan(line: record) else { return nil }
        return scan.id?.withDecodedBytes(in: record) { EventKey(id: $0) }
    }
}

/// The parts of a line of a quarantine file. None of them can stand in a reason or a timestamp, so the first place that
/// holds one is before the record.
enum QuarantineLine {
    static let start = "{\"reason\": \""
    static let changedStart = "\(start)\(QuarantineBatch.Reason.changed.rawValue)\","
    static let timeKey = "\", \"received_at\": \""
    static let recordKey = "\", \"record\": "
    static let rawKey = "\(recordKey)null, \"raw_base64\": "

    /// Whether a line holds another version of an archived event.
    static func isChange(_ line: RawSpan) -> Bool { line.end(of: changedStart) != nil }
}

extension RawSpan {
    /// Behind the first place, before any record, that holds `text`.
    fileprivate func end(of text: String) -> Int? {
        let bytes = Array(text.utf8)
        // What comes before a record is shorter than this by far.
        for start in 0..<max(0, min(256, byteCount - bytes.count + 1)) where holds(bytes, at: start) {
            return start + bytes.count
        }
        return nil
    }

    private func holds(_ bytes: [UInt8], at start: Int) -> Bool {
        bytes.indices.allSatisfy { unsafeLoad(fromByteOffset: start + $0, as: UInt8.self) == bytes[$0] }
    }
}
