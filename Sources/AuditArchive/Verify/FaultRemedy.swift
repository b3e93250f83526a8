/// What a person does about a fault.
enum FaultRemedy {
    /// The way out of a fault, as a sentence or a few.
    static func text(for fault: ArchiveFault) -> String {
        switch fault.kind {
        case .unfinishedCopy: "Delete it, or run the copy again."
        case .straySystemFile: "It does no harm; delete it if you like."
        case .strayFile where isArchiveFile(fault.path):
            "Run `captivateiq-export rebuild`, which takes it in, or move it out of the archive."
        case .strayFile, .strayFolder: "Move it out of the archive: readers may take it for a part of the table."
        case .notAFile, .notAFolder: "Put what it stands for in its place: links are not followed."
        case .unreadable: "Check its owner and rights, and the disk (`dmesg`), then verify again."
        case .duplicateID: "Run `captivateiq-export rebuild`, which keeps the older of the two events."
        case .journal: "Run `captivateiq-export rebuild`, which ends the commit."
        case .organization: "Move the files of the other organization away, then run `captivateiq-export rebuild`."
        case .totals, .partition, .partitionRecords, .lastEventTimestamp:
            "Run `captivateiq-export rebuild`, which makes the manifest anew from the data files."
        case .notSigned: "If what was done was in order, sign it: `captivateiq-export evidence sign`."
        case .wrongKey:
            "Check that the key is this archive's. If it is, restore `evidence` and `manifest.json` of one copy."
        case .historyRewritten where fault.path == ArchiveLayout.manifestName:
            "Restore it from a copy, or run `captivateiq-export rebuild`, which goes by the evidence log."
        case .supersededHead: "It shows what was before, and may stay or be taken away."
        case .historyCut,
            .historyRewritten where DataFileName(path: fault.path) == nil && !isQuarantine(fault.path):
            "Check that the head is one of this archive. If it is, restore `evidence` and `manifest.json` of one copy "
                + "that has it. Without one, `captivateiq-export evidence sign --adopt` goes on from the log."
        case .missingFile where isQuarantine(fault.path):
            "Restore it from a copy, or run `captivateiq-export rebuild`: what it held is kept aside once more when it comes."
        case .missingFile:
            "Restore it from a copy. Without one, run `captivateiq-export rebuild`, and then \(fetching)."
        case _ where isQuarantine(fault.path):
            "Restore it from a copy. Without one, move it out of the archive and run `captivateiq-export rebuild`."
        default:
            "Restore it from a copy. Without one, move it out of the archive, run `captivateiq-export rebuild`, and then "
                + "\(fetching)."
        }
    }

    private static let fetching =
        "`sync` or `reconcile --repair`, which fetch its events again as far as the API still has them"

    private static func isArchiveFile(_ path: String) -> Bool {
        DataFileName(path: path) != nil || QuarantineFileName(path: path) != nil
    }

    private static func isQuarantine(_ path: String) -> Bool {
        path.hasPrefix("\(ArchiveLayout.quarantineDirectoryName)/")
    }
}

extension ArchiveFault {
    /// What a person does about it.
    package var remedy: String { FaultRemedy.text(for: self) }
}
