/// What may stand in the folder of the evidence.
enum EvidenceFolder {
    /// The folders.
    static let folders = [
        ArchiveLayout.evidenceDirectoryName, ArchiveLayout.logDirectoryPath, ArchiveLayout.anchorsPath
    ]

    /// Whether a path, relative to the archive, is one that a file of the evidence may have.
    static func isKnown(_ path: String) -> Bool {
        switch path {
        case ArchiveLayout.checkpointPath, ArchiveLayout.publicKeyPath, ArchiveLayout.verifierKeyPath: return true
        default: break
        }
        let name = String(path.drop { $0 != "/" }.dropFirst().drop { $0 != "/" }.dropFirst())
        switch ArchiveLayout.folder(of: path) {
        case ArchiveLayout.logDirectoryPath: return EvidenceHead.day(ofFile: name) != nil
        case ArchiveLayout.anchorsPath: return isAnchor(name)
        default: return false
        }
    }

    /// `<entries>.checkpoint`, `<entries>.tsr`, `<entries>-<n>.cosig`.
    private static func isAnchor(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        switch parts[1] {
        case "checkpoint", "tsr": return isNumber(parts[0])
        case "cosig":
            let numbers = parts[0].split(separator: "-", omittingEmptySubsequences: false)
            return numbers.count == 2 && numbers.allSatisfy(isNumber)
        default: return false
        }
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
    }
}

/// What a verification is told by those who ask for it, from places that who holds the archive cannot change.
package struct EvidenceTrust: Sendable {
    /// The key that must have signed the head.
    package var publicKey: VerifierKey?

    /// Older heads, each of which must be the beginning of the log, with the names of their files.
    package var anchors: [(name: String, checkpoint: Checkpoint)] = []

    /// Nothing but the archive itself.
    package init() {}
}

/// What a verification found of the evidence beside its faults.
package struct EvidenceSummary: Sendable, Equatable {
    /// Entries in the log; `nil` for an archive without evidence.
    package var entries: Int?

    /// How many of them a signed head vouches for.
    package var signedEntries = 0

    /// The root over all of them.
    package var root: TreeHash?

    /// Whether the signed head is one of the log as it stands, beyond what the manifest knows of: a commit publishes both
    /// before the manifest.
    var isHeadAhead = false

    /// The fingerprint of the key that has signed.
    package var fingerprint: String?

    /// Nothing found.
    package init() {}
}
