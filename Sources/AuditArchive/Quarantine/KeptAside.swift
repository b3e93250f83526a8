package import AuditRecords
package import CivilTime
import JSONText

/// The records that were kept aside, as far as a statement about some dates has to know them.
package struct KeptAside: Sendable {
    /// One of them.
    package struct Entry: Sendable {
        /// Why it was kept aside, such as `changed`.
        package var reason: String
        /// The event that it is a version of, where it has an id.
        package var key: EventKey?
        /// Its event time, where that can be read.
        package var time: Timestamp?
        /// The dates that it names, else the one on which it came.
        package var dates: Set<CalendarDay>

        /// Whether it is another version of an event that is archived.
        package var isChange: Bool { reason == QuarantineBatch.Reason.changed.rawValue }
    }

    /// All of them, in the order of their files.
    package private(set) var entries: [Entry] = []

    /// Reads what a manifest names.
    /// - Throws: `ArchiveError` where a file is missing, damaged, or cannot be read.
    package init(
        _ manifest: Manifest, _ layout: ArchiveLayout, _ fileSystem: any FileSystem
    ) throws(ArchiveError) {
        let reader = QuarantineReader(archive: ArchiveDirectory(layout, fileSystem))
        try reader.read(manifest.quarantine) { line in
            guard let aside = QuarantinedRecord(line: line) else { return }
            let record = aside.record.span.bytes
            let scan = try? RecordScan(line: record)
            let named = QuarantinedDays.days(namedBy: aside.record)
            entries.append(
                Entry(
                    reason: aside.reason,
                    key: scan?.id?.withDecodedBytes(in: record) { EventKey(id: $0) },
                    time: scan?.time(in: record),
                    dates: named.isEmpty ? Set([aside.receivedAt?.day].compactMap(\.self)) : named))
        }
    }
}
