import Crypto

/// The checksum that guards every byte of a manifest: its last member, on a line of its own.
package enum ManifestSeal {
    static let key = "sha256_above"
    /// The member before it, which names the head of the evidence log.
    static let evidenceKey = "evidence"
    private static let evidenceOpening = Array("  \"evidence\": ".utf8)
    private static let opening = Array("  \"sha256_above\": \"".utf8)
    private static let closing = Array("\"\n}\n".utf8)

    /// The text of a manifest up to its checksum, with that, and the checksum itself.
    package static func sealed(_ above: String) -> (bytes: [UInt8], digest: String) {
        var bytes = Array(above.utf8)
        let digest = seal(&bytes)
        return (bytes, digest)
    }

    /// Ends the text of a manifest with its checksum, which it returns. `hash`: that of the first `hashed` bytes.
    static func seal(_ text: inout [UInt8], after hash: SHA256 = SHA256(), hashed: Int = 0) -> String {
        var hash = hash
        text.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[hashed...])) }
        let digest = hexadecimalText(of: hash.finalize())
        text += opening
        text += digest.utf8
        text += closing
        return digest
    }

    /// The line of the head of the evidence log.
    static func line(_ head: EvidenceHead) -> String { "  \"\(evidenceKey)\": \(head.encoded),\n" }

    /// The checksum that a text ends with, if it is that of all bytes before its line; and the checksum of all bytes before
    /// the line of the evidence, if that is the one above.
    ///
    /// - Parameter hash: of what stands before `bytes`, which begin before those two lines.
    static func check(
        _ bytes: [UInt8], after hash: SHA256 = SHA256()
    ) throws(ManifestError) -> (digest: String, aboveEvidence: TreeHash?) {
        let (start, end) = (bytes.count - closing.count - 64, bytes.count - closing.count)
        let line = start - opening.count
        guard line > 0, bytes[line - 1] == UInt8(ascii: "\n"), bytes[line..<start].elementsEqual(opening),
            bytes[end...].elementsEqual(closing)
        else { throw .invalid(key: key, reason: "is not the last member, on a line of its own") }
        // One pass for both: a manifest can have many megabytes.
        var hash = hash
        let evidence = startOfEvidence(bytes, before: line)
        bytes.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<(evidence ?? 0)])) }
        let aboveEvidence = evidence == nil ? nil : TreeHash(hash.finalize())
        bytes.withUnsafeBytes {
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[(evidence ?? 0)..<line]))
        }
        let digest = hexadecimalText(of: hash.finalize())
        guard bytes[start..<end].elementsEqual(digest.utf8) else {
            throw .invalid(key: key, reason: "is not the checksum of what stands above it: something was altered")
        }
        return (digest, aboveEvidence)
    }

    /// Where the line of the evidence begins, if it is the one before `line`.
    private static func startOfEvidence(_ bytes: [UInt8], before line: Int) -> Int? {
        let start = bytes[..<(line - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return bytes[start..<line].starts(with: evidenceOpening) ? start : nil
    }

    /// What names the very state that these bytes of a manifest are: their checksum if they end with the right one, else
    /// that of all of them. So a damaged manifest and one of version 1 can be told from others as well.
    static func identity(of bytes: [UInt8]) -> String {
        (try? check(bytes).digest) ?? TreeHash.plain(bytes.span.bytes).hexadecimal
    }
}
