import JSONText

/// A head of the log as C2SP's `tlog-checkpoint` and `signed-note` have it: how many entries, their root, and who signed
/// that.
package struct Checkpoint: Equatable, Sendable {
    /// A line that begins with a dash: `— <name> <base64 of key id ‖ signature>`.
    struct Signature: Equatable, Sendable {
        /// The signer's name.
        var name: String
        /// Four bytes that name the signer's key.
        var keyID: [UInt8]
        /// The signature itself.
        var bytes: [UInt8]

        var line: String {
            "\(Checkpoint.dash)\(name) \(String(decoding: Base64Text.encoded(keyID + bytes), as: UTF8.self))\n"
        }
    }

    private static let dash = "\u{2014} "
    private static let originPrefix = "captivateiq-audit-archive/"

    /// Whose log it is.
    package let origin: String

    /// How many entries the log had.
    package let entries: Int

    /// The root over them.
    package let root: TreeHash

    /// Who signed it, in the order of the text.
    private(set) var signatures: [Signature] = []

    /// What is signed: all up to the blank line.
    private let body: String

    /// The name of an archive's log and of its key.
    static func origin(of archiveID: String) -> String { originPrefix + archiveID }

    /// A head that nobody has signed.
    package init(origin: String, entries: Int, root: TreeHash) {
        self.origin = origin
        self.entries = entries
        self.root = root
        body = "\(origin)\n\(entries)\n\(String(decoding: Base64Text.encoded(root.bytes), as: UTF8.self))\n"
    }

    /// Reads a checkpoint; `nil` if it is none. Lines between the root and the signatures belong to others and are kept.
    package init?(decoding bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let end = parts.firstIndex(of: "") ?? parts.endIndex
        guard end >= 3, end < parts.endIndex, let entries = Self.number(parts[1]),
            let root = Base64Text.decoded(parts[2]).flatMap({ TreeHash(bytes: $0) })
        else { return nil }
        origin = parts[0]
        self.entries = entries
        self.root = root
        body = parts[..<end].map { $0 + "\n" }.joined()
        for line in parts[(end + 1)...] where !line.isEmpty {
            guard let signature = Self.signature(line) else { return nil }
            signatures.append(signature)
        }
    }

    private static func number(_ text: String) -> Int? {
        guard let number = Int(text), number >= 0, String(number) == text else { return nil }
        return number
    }

    private static func signature(_ line: String) -> Signature? {
        guard line.hasPrefix(dash) else { return nil }
        let words = line.dropFirst(dash.count).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 2, let bytes = Base64Text.decoded(words[1]), bytes.count > 4 else { return nil }
        return Signature(name: words[0], keyID: Array(bytes.prefix(4)), bytes: Array(bytes.dropFirst(4)))
    }

    /// The text, with a blank line and the signatures behind it.
    package var encoded: [UInt8] { Array((body + "\n" + signatures.map(\.line).joined()).utf8) }

    /// Adds a key's signature. Says whether that went well.
    mutating func sign(with key: SigningKey) -> Bool {
        guard let bytes = key.signature(of: Array(body.utf8)) else { return false }
        signatures.append(Signature(name: origin, keyID: key.verifier.id(as: origin), bytes: bytes))
        return true
    }

    /// Whether anybody has signed it.
    package var isSigned: Bool { !signatures.isEmpty }

    /// Whether a key has signed it. Signatures of other keys say nothing.
    package func isSigned(by key: VerifierKey) -> Bool {
        let id = key.id(as: origin)
        return signatures.contains { signature in
            signature.name == origin && signature.keyID == id
                && key.isValid(signature.bytes, of: Array(body.utf8))
        }
    }
}
