/// The files that an archive's folders hold, whatever a manifest says.
struct ArchiveInventory: Sendable {
    /// Data files, sorted.
    private(set) var data: [DataFileName] = []

    /// Quarantine files, sorted by path.
    private(set) var quarantine: [QuarantineFileName] = []

    /// What does not belong in an archive.
    private(set) var strays: [ArchiveFault] = []

    /// Folders without any file, as the loss of their files leaves them.
    private(set) var emptyFolders: [String] = []

    /// Looks through the folders.
    init(_ archive: ArchiveDirectory) throws(ArchiveError) {
        for folder in try Self.names(in: ArchiveLayout.dataDirectoryName, archive) {
            let folder = "\(ArchiveLayout.dataDirectoryName)/\(folder)"
            for name in try Self.names(in: folder, archive) {
                if let name = DataFileName(path: "\(folder)/\(name)") { data.append(name) }
            }
        }
        for name in try Self.names(in: ArchiveLayout.quarantineDirectoryName, archive) {
            let path = "\(ArchiveLayout.quarantineDirectoryName)/\(name)"
            if let name = QuarantineFileName(path: path) { quarantine.append(name) }
        }
        data.sort()
        quarantine.sort { $0.path < $1.path }
        var check = StrayCheck(archive, files: Set(data.map(\.path) + quarantine.map(\.path)))
        // What a copy program or a system left is nobody's file, and no reason to refuse what else is there.
        for fault in check.run() where !fault.kind.isNote {
            if try Self.isEmptyFolder(fault, archive) {
                emptyFolders.append(fault.path)
            } else {
                strays.append(fault)
            }
        }
        if let failure = check.failure { throw ArchiveError(failure) }
    }

    /// Whether a fault is only that a date's folder, or that of the quarantine, has no file.
    private static func isEmptyFolder(
        _ fault: ArchiveFault, _ archive: ArchiveDirectory
    ) throws(ArchiveError) -> Bool {
        guard fault.kind == .strayFolder,
            fault.path.hasPrefix("\(ArchiveLayout.dataDirectoryName)/date=")
                || fault.path == ArchiveLayout.quarantineDirectoryName
        else { return false }
        return try names(in: fault.path, archive).isEmpty
    }

    /// The newest generation of a file; 0 without files.
    var newestGeneration: Int { (data.map(\.generation) + quarantine.map(\.generation)).max() ?? 0 }

    /// None where there is no such folder: what else has its name is for the check of strays to say.
    private static func names(in folder: String, _ archive: ArchiveDirectory) throws(ArchiveError) -> [String] {
        let path = archive.layout.absolute(folder)
        return try archive.kind(of: path) == .directory ? try archive.names(in: path) : []
    }
}
