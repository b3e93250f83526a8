package import CivilTime
import JSONText

/// How many records were kept aside, by reason.
package struct QuarantineReasons: Sendable, Equatable {
    /// The records of one reason.
    package struct Reason: Sendable, Equatable {
        /// The reason, such as `changed`.
        package var reason: String
        /// How many.
        package var records: Int
        /// When the newest of them came; nil where that cannot be read.
        package var newest: Timestamp?
    }

    /// The reasons, by name.
    package private(set) var reasons: [Reason] = []

    /// Counts the records that a manifest names.
    /// - Throws: `ArchiveError` where a file is missing, damaged, or cannot be read.
    package init(
        _ manifest: Manifest, _ layout: ArchiveLayout, _ fileSystem: any FileSystem
    ) throws(ArchiveError) {
        var found: [String: Reason] = [:]
        try QuarantineReader(archive: ArchiveDirectory(layout, fileSystem)).read(manifest.quarantine) { line in
            let (reason, time) = Self.head(of: line)
            var entry = found[reason] ?? Reason(reason: reason, records: 0, newest: nil)
            entry.records += 1
            if let time { entry.newest = max(entry.newest ?? time, time) }
            found[reason] = entry
        }
        reasons = found.values.sorted { $0.reason < $1.reason }
    }

    private static func head(of line: RawSpan) -> (reason: String, receivedAt: Timestamp?) {
        var (reason, time) = ("", nil as Timestamp?)
        var reader = JSONReader(line.withUnsafeBytes { Array($0) })
        try? reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "reason": reason = try reader.readString()
            case "received_at": time = Timestamp(rfc3339: try reader.readString())
            default: try reader.skipValue()
            }
        }
        return (reason, time)
    }
}
