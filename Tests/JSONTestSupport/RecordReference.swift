package import AuditRecords
import JSONText

/// What the slow reference says about a record.
package enum RecordReference {
    /// In what `record`, found in `bytes`, is not what `reference` says; nil if it agrees.
    package static func disagreement(
        of record: RecordScan, with reference: ReferenceJSON, in bytes: [UInt8]
    ) -> String? {
        let found = Array(bytes[record.range])
        guard ReferenceJSON(found) == reference else { return "other value" }
        guard let first = found.first, let last = found.last, first > 0x20, last > 0x20 else { return "white space" }
        guard record.insignificantBytes == found.count - reference.compact.count else { return "insignificantBytes" }
        guard record.isObject == (first == 0x7B) else { return "isObject" }
        let members = [
            ("id", record.id), ("created_at", record.createdAt), ("organization_id", record.organizationID),
            ("organization_name", record.organizationName)
        ]
        for (name, member) in members where !agrees(member, with: reference.member(name), in: bytes) { return name }
        return nil
    }

    private static func agrees(_ found: JSONString?, with reference: ReferenceJSON?, in bytes: [UInt8]) -> Bool {
        guard case .string(let contents) = reference else { return found == nil }
        guard let found else { return false }
        return Array(bytes[found.range]) == contents && found.hasEscapes == contents.contains(0x5C)
            && found.string(in: bytes.span.bytes)
                == String(decoding: ReferenceJSON.decoded(contents), as: UTF16.self)
    }
}
