import Crypto
import JSONText

/// An Ed25519 public key, as an auditor has it: PEM (SPKI) for `openssl`, or a C2SP verifier key.
package struct VerifierKey: Equatable, Hashable, Sendable {
    /// What an SPKI of an Ed25519 key in DER begins with (RFC 8410); the key's 32 bytes follow.
    private static let derPrefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    /// The algorithm's number in a verifier key and its id.
    private static let algorithm: UInt8 = 1

    /// The 32 bytes.
    let bytes: [UInt8]

    /// The name that a verifier key gives; `nil` for a key from PEM, which has none.
    let name: String?

    /// A key of these 32 bytes.
    init(_ bytes: [UInt8], name: String?) {
        self.bytes = bytes
        self.name = name
    }

    /// Reads a PEM file or a verifier key; `nil` if it is neither.
    package init?(text: String) {
        if let der = PEMText.decoded(text, label: PEMText.publicKey) {
            guard der.count == Self.derPrefix.count + 32, der.starts(with: Self.derPrefix) else { return nil }
            self.init(Array(der.dropFirst(Self.derPrefix.count)), name: nil)
            return
        }
        self.init(verifierKey: text.trimmed)
    }

    /// Reads `<name>+<id>+<base64 of 0x01 ‖ key>`.
    init?(verifierKey text: String) {
        // Only the key's base64 may hold a `+` itself.
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, !parts[0].isEmpty, let key = Base64Text.decoded(parts[2]), key.count == 33,
            key[0] == Self.algorithm
        else { return nil }
        self.init(Array(key.dropFirst()), name: parts[0])
        guard parts[1] == hexadecimalText(of: id(as: parts[0])) else { return nil }
    }

    /// Whether two keys are the same one, by whatever names.
    package func isSameKey(as other: VerifierKey) -> Bool { bytes == other.bytes }

    /// SHA-256 of the SPKI in DER, 64 hex digits: `openssl pkey -pubin -outform DER | sha256sum`.
    package var fingerprint: String { TreeHash.plain((Self.derPrefix + bytes).span.bytes).hexadecimal }

    /// The key in PEM.
    package var pem: String { PEMText.encoded(Self.derPrefix + bytes, label: PEMText.publicKey) }

    /// The key as C2SP's signed notes have it, by a name.
    func verifierKey(as name: String) -> String {
        let key = String(decoding: Base64Text.encoded([Self.algorithm] + bytes), as: UTF8.self)
        return "\(name)+\(hexadecimalText(of: id(as: name)))+\(key)"
    }

    /// The four bytes that name the key beside a signature.
    func id(as name: String) -> [UInt8] {
        let named = Array(name.utf8) + [UInt8(ascii: "\n"), Self.algorithm] + bytes
        return Array(TreeHash.plain(named.span.bytes).bytes.prefix(4))
    }

    /// Whether a signature is that of these bytes.
    func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}

/// PEM: base64 between two lines that say what it is.
enum PEMText {
    static let publicKey = "PUBLIC KEY"
    static let privateKey = "PRIVATE KEY"

    /// Bytes in 64 columns.
    static func encoded(_ bytes: [UInt8], label: String) -> String {
        let text = Base64Text.encoded(bytes)
        let lines = stride(from: 0, to: text.count, by: 64).map { start in
            String(decoding: text[start..<min(start + 64, text.count)], as: UTF8.self)
        }
        return "-----BEGIN \(label)-----\n\(lines.joined(separator: "\n"))\n-----END \(label)-----\n"
    }

    /// The bytes of the first block of this label; `nil` without one.
    static func decoded(_ text: String, label: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline).map { String($0).trimmed }
        guard let start = lines.firstIndex(of: "-----BEGIN \(label)-----"),
            let end = lines[start...].firstIndex(of: "-----END \(label)-----")
        else { return nil }
        return Base64Text.decoded(lines[(start + 1)..<end].joined())
    }
}

extension String {
    /// The text without white space around it.
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
