import SystemPackage

/// Compares the heads that were signed, here and elsewhere, with the log, and the keys with the one that signs.
struct HeadCheck {
    let archive: ArchiveDirectory
    let trust: EvidenceTrust
    /// The name of the archive's log.
    let origin: String

    private var layout: ArchiveLayout { archive.layout }

    /// A head, and where it stands.
    struct Found {
        var path: String
        var checkpoint: Checkpoint
        /// Whether it is kept in the archive itself.
        var isKept = false
    }

    /// What is wrong with heads.
    struct Findings {
        var faults: [ArchiveFault] = []
        /// Heads that are kept here and were put aside on record: by a restored copy or an adoption.
        var notes: [ArchiveFault] = []
    }

    /// The heads that stand somewhere.
    struct Heads {
        /// The newest signed one.
        var newest: Checkpoint?
        /// Those that others keep or vouch for.
        var anchors: [Found] = []
        /// Those that cannot be read.
        var faults: [ArchiveFault] = []

        /// The counts of entries whose roots are to be compared.
        var marks: Set<Int> { Set(anchors.map(\.checkpoint.entries) + [newest?.entries].compactMap(\.self)) }
    }

    /// Reads the heads that are there.
    func heads() throws(ArchiveError) -> Heads {
        var heads = Heads()
        heads.anchors = trust.anchors.map { Found(path: $0.name, checkpoint: $0.checkpoint) }
        if let bytes = try archive.contents(ofFile: layout.checkpoint) {
            heads.newest = Checkpoint(decoding: bytes)
            if heads.newest == nil { heads.faults.append(unreadable(ArchiveLayout.checkpointPath)) }
        }
        for (path, checkpoint) in try archive.keptHeads() {
            if let checkpoint {
                heads.anchors.append(Found(path: path, checkpoint: checkpoint, isKept: true))
            } else {
                heads.faults.append(unreadable(path))
            }
        }
        return heads
    }

    private func unreadable(_ path: String) -> ArchiveFault {
        ArchiveFault(.historyRewritten, path, "is no head that could be signed")
    }

    /// What is wrong with heads of a log that has so many entries and these roots.
    ///
    /// - Parameters:
    ///   - cuts: what the log says that it has no more.
    ///   - adopted: how many entries it had when it was last adopted as it is.
    func findings(
        _ heads: Heads, entries: Int, roots: [Int: TreeHash], cuts: [HistoryCut] = [], adopted: Int = 0
    ) -> Findings {
        var findings = Findings(faults: heads.faults)
        let newest = heads.newest.map { [Found(path: ArchiveLayout.checkpointPath, checkpoint: $0)] } ?? []
        for found in newest + heads.anchors {
            let head = found.checkpoint
            guard head.origin == origin else {
                let detail = "is a head of \(head.origin), and this is \(origin)"
                findings.faults.append(ArchiveFault(.historyRewritten, found.path, detail))
                continue
            }
            let isCut = cuts.contains { $0.covers(head.entries) }
            guard var fault = fault(found, entries, roots, isCut: isCut) else { continue }
            guard isCut || head.entries <= adopted else {
                findings.faults.append(fault)
                continue
            }
            fault.detail += "; it is on record that a copy from before was put back, or a log adopted"
            if found.isKept {
                fault.kind = .supersededHead
                findings.notes.append(fault)
            } else {
                findings.faults.append(fault)
            }
        }
        return findings
    }

    private func fault(
        _ found: Found, _ entries: Int, _ roots: [Int: TreeHash], isCut: Bool
    ) -> ArchiveFault? {
        let head = found.checkpoint
        guard roots[head.entries] != head.root else { return nil }
        if isCut {
            return ArchiveFault(
                .historyCut, found.path, "is a head of \(head.entries) entries that the log has no more")
        }
        guard head.entries <= entries else {
            return ArchiveFault(
                .historyCut, found.path, "is a head of \(head.entries) entries, and the log has \(entries)")
        }
        return ArchiveFault(
            .historyRewritten, found.path,
            "has the root \(head.root.hexadecimal), which the first \(head.entries) entries of the log do not have")
    }

    // MARK: Keys

    /// What is wrong with the keys, and with the signatures of the newest head.
    ///
    /// - Parameters:
    ///   - key: the one that signs, as the log has it up to the manifest's head.
    ///   - signers: those that have to have signed the newest head: others than `key` where another one begins with a commit
    ///     that the manifest does not know of yet. Its files may be there then.
    func keyFaults(
        _ newest: Checkpoint?, key: VerifierKey?, signers: [VerifierKey], entries: Int
    ) throws(ArchiveError) -> [ArchiveFault] {
        var faults: [ArchiveFault] = []
        let keys = [key].compactMap(\.self) + signers
        if !keys.isEmpty { faults += try fileFaults(keys, mayBeMissing: key == nil) }
        if let wanted = trust.publicKey {
            if let name = wanted.name, name != origin {
                faults.append(wrong("the key that was given is that of \(name), and this is \(origin)"))
            } else if let newest {
                if !newest.isSigned(by: wanted) { faults.append(wrong("is not signed by the key that was given")) }
                if newest.entries < entries { faults.append(notSigned(entries - newest.entries)) }
            } else {
                faults.append(notSigned(entries))
            }
        } else if let newest, signers.isEmpty || !signers.allSatisfy(newest.isSigned) {
            faults.append(wrong("is not signed by the key that the log names"))
        }
        return faults
    }

    private func fileFaults(_ keys: [VerifierKey], mayBeMissing: Bool) throws(ArchiveError) -> [ArchiveFault] {
        var faults: [ArchiveFault] = []
        for path in [ArchiveLayout.publicKeyPath, ArchiveLayout.verifierKeyPath] {
            let bytes = try archive.contents(ofFile: layout.absolute(path))
            if bytes == nil && mayBeMissing { continue }
            let found = bytes.flatMap { VerifierKey(text: String(decoding: $0, as: UTF8.self)) }
            guard let found, keys.contains(where: found.isSameKey), found.name.map({ $0 == origin }) ?? true else {
                faults.append(ArchiveFault(.wrongKey, path, "is not the key that the log names"))
                continue
            }
        }
        return faults
    }

    private func wrong(_ detail: String) -> ArchiveFault {
        ArchiveFault(.wrongKey, ArchiveLayout.checkpointPath, detail)
    }

    /// What so many entries without a signature are: a fault where the signer is asked for, else a note.
    func notSigned(_ count: Int) -> ArchiveFault {
        ArchiveFault(
            .notSigned, ArchiveLayout.checkpointPath,
            "\(count) \(count == 1 ? "entry" : "entries") of the log \(count == 1 ? "is" : "are") not signed")
    }
}
