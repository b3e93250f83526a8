package import CivilTime
import SystemPackage

/// Heads that are kept, and what others say of them.
package struct EvidenceAnchors: Sendable {
    private let archive: ArchiveDirectory

    /// The anchors of the archive at `layout`, under its lock.
    package init(_ layout: ArchiveLayout, fileSystem: any FileSystem) {
        archive = ArchiveDirectory(layout, fileSystem)
    }

    /// The head of the log: the signed one where it vouches for all entries, else one that nobody has signed.
    ///
    /// - Throws: `ArchiveError` of the kind `absent` for an archive without evidence.
    package func head() throws(ArchiveError) -> Checkpoint {
        let manifest = try archive.requireManifest().manifest
        guard let head = manifest.evidence else { throw .noEvidence(archive.layout) }
        let signed = try archive.contents(ofFile: archive.layout.checkpoint).flatMap { Checkpoint(decoding: $0) }
        if let signed, signed.entries == head.entries, signed.root == head.root { return signed }
        return Checkpoint(
            origin: Checkpoint.origin(of: manifest.archiveID), entries: head.entries, root: head.root)
    }

    /// The heads that are kept in the archive, oldest first.
    func kept() throws(ArchiveError) -> [EvidenceAnchor] {
        let names = try archive.anchorNames()
        let anchors = try archive.keptHeads().compactMap { path, head in
            head.map { head in
                EvidenceAnchor(
                    path: path, entries: head.entries, isTimeStamped: names.contains("\(head.entries).tsr"),
                    cosignatures: names.count { $0.hasPrefix("\(head.entries)-") && $0.hasSuffix(".cosig") })
            }
        }
        return anchors.sorted { $0.entries < $1.entries }
    }

    /// Keeps a head, and the time stamp that someone gave it.
    package func keep(_ head: Checkpoint, timeStamp: [UInt8]?) throws(ArchiveError) {
        let layout = archive.layout
        for folder in EvidenceFolder.folders { try archive.ensureDirectory(layout.absolute(folder)) }
        try keep(head.encoded, "\(head.entries).checkpoint")
        if let timeStamp { try keep(timeStamp, "\(head.entries).tsr") }
        try archive.synchronizeDirectory(layout.absolute(ArchiveLayout.anchorsPath))
        try archive.synchronizeDirectory(layout.evidenceDirectory)
        try archive.synchronizeDirectory(layout.root)
    }

    private func keep(_ bytes: [UInt8], _ name: String) throws(ArchiveError) {
        let staged = archive.layout.staged(name)
        try archive.removeIfPresent(staged)
        do throws(ArchiveError) {
            try archive.createDurably(staged, bytes)
            try archive.rename(staged, to: archive.layout.absolute("\(ArchiveLayout.anchorsPath)/\(name)"))
        } catch {
            // Best effort: the next session empties the folder before it writes.
            try? archive.removeIfPresent(staged)
            throw error
        }
    }
}

extension ArchiveDirectory {
    /// The names of what is kept with heads in the archive.
    fileprivate func anchorNames() throws(ArchiveError) -> [String] {
        let folder = layout.absolute(ArchiveLayout.anchorsPath)
        return try kind(of: folder) == .directory ? try names(in: folder) : []
    }

    /// The files of the heads that are kept in the archive, relative to it, and what they hold; `nil` for what is no head.
    func keptHeads() throws(ArchiveError) -> [(path: String, head: Checkpoint?)] {
        var heads: [(path: String, head: Checkpoint?)] = []
        for name in try anchorNames() where name.hasSuffix(".checkpoint") {
            let path = "\(ArchiveLayout.anchorsPath)/\(name)"
            guard let bytes = try contents(ofFile: layout.absolute(path)) else { continue }
            heads.append((path, Checkpoint(decoding: bytes)))
        }
        return heads
    }
}

/// A head that is kept in the archive, for others to vouch for.
package struct EvidenceAnchor: Sendable, Equatable {
    /// Its file, relative to the archive.
    package var path: String
    /// How many entries it is of.
    package var entries: Int
    /// When the last of these entries was made; `nil` where that is not known.
    package var madeAt: Timestamp?
    /// Whether a time stamp (RFC 3161) of it is kept beside it.
    package var isTimeStamped: Bool
    /// How many others have signed it.
    package var cosignatures: Int
}

extension ArchiveError {
    /// No commit has written evidence yet.
    static func noEvidence(_ layout: ArchiveLayout) -> ArchiveError {
        ArchiveError(
            .absent, "The archive has no evidence yet", at: layout.root,
            hint: "The first commit of this version begins it: run `captivateiq-export sync`, or "
                + "`captivateiq-export evidence sign`.")
    }
}
