package import AuditRecords
import JSONText

/// Notes which organizations events name: more than one only if something is wrong.
package struct OrganizationSet: Sendable {
    /// The organizations, in the order they were met.
    package private(set) var organizations: [ArchiveOrganization] = []

    private var last: [UInt8] = []

    /// Before the first event.
    package init() {}

    /// Notes the organization of a record, if it names one. Nearly all records name the same one, so the bytes are
    /// compared before a string is made.
    package mutating func record(_ record: RecordScan, in text: RawSpan) {
        guard let token = record.organizationID else { return }
        let isSame = token.withDecodedBytes(in: text) { bytes in
            bytes.byteCount == last.count
                && last.indices.allSatisfy { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) == last[$0] }
        }
        guard !isSame || organizations.isEmpty else { return }
        last = token.bytes(in: text)
        let id = token.string(in: text)
        guard !organizations.contains(where: { $0.id == id }) else { return }
        organizations.append(ArchiveOrganization(id: id, name: record.organizationName?.string(in: text) ?? ""))
    }
}
