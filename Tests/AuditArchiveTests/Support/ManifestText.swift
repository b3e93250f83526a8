@testable import AuditArchive

/// Manifests whose text a test changes.
enum ManifestText {
    /// The text with the checksum that it now needs; as it is where it ends with none.
    static func sealed(_ text: String) -> [UInt8] {
        guard text.hasSuffix("\"\n}\n"),
            let line = text.ranges(of: "\n  \"sha256_above\": \"").last?.lowerBound
        else { return Array(text.utf8) }
        return ManifestSeal.sealed(String(text[...line])).bytes
    }
}
