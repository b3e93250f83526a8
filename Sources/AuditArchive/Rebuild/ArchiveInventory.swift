/// The files that an archive's folders hold, whatever a manifest says.
struct ArchiveInventory: Sendable {
    /// Data files, sorted.
    private(set) var data: [DataFileName] = []

    /// Quarantine files, sorted by path.
    private(set) var quarantine: [QuarantineFileName] = []

    /// What does not belong in an archive.
    private(set) var strays: [ArchiveFault] = []

    /// Folders of dates without any file, as the loss of their files leaves them.
    private(set) var emptyFolders: [String] = []

    /// Looks through the folders.
    init(_ fileSystem: any FileSystem, _ layout: ArchiveLayout) throws(ArchiveError) {
        for folder in try Self.names(in: ArchiveLayout.dataDirectoryName, fileSystem, layout) {
            let folder = "\(ArchiveLayout.dataDirectoryName)/\(folder)"
            for name in try Self.names(in: folder, fileSystem, layout) {
                if let name = DataFileName(path: "\(folder)/\(name)") { data.append(name) }
            }
        }
        for name in try Self.names(in: ArchiveLayout.quarantineDirectoryName, fileSystem, layout) {
            let path = "\(ArchiveLayout.quarantineDirectoryName)/\(name)"
            if let name = QuarantineFileName(path: path) { quarantine.append(name) }
        }
        data.sort()
        quarantine.sort { $0.path < $1.path }
        var check = StrayCheck(fileSystem, layout, files: Set(data.map(\.path) + quarantine.map(\.path)))
        // What a copy program left is nobody's file, and no reason to refuse what else is there.
        for fault in check.run() where fault.kind != .unfinishedCopy {
            if try Self.isEmptyPartition(fault, fileSystem, layout) {
                emptyFolders.append(fault.path)
            } else {
                strays.append(fault)
            }
        }
        if let failure = check.failure { throw ArchiveError(failure) }
    }

    /// Whether a fault is only that a date's folder has no file.
    private static func isEmptyPartition(
        _ fault: ArchiveFault, _ fileSystem: any FileSystem, _ layout: ArchiveLayout
    ) throws(ArchiveError) -> Bool {
        guard fault.kind == .strayFolder, fault.path.hasPrefix("\(ArchiveLayout.dataDirectoryName)/date=") else {
            return false
        }
        return try names(in: fault.path, fileSystem, layout).isEmpty
    }

    /// The newest generation of a file; 0 without files.
    var newestGeneration: Int { (data.map(\.generation) + quarantine.map(\.generation)).max() ?? 0 }

    /// None where there is no such folder: what else has its name is for the check of strays to say.
    private static func names(
        in folder: String, _ fileSystem: any FileSystem, _ layout: ArchiveLayout
    ) throws(ArchiveError) -> [String] {
        let path = layout.absolute(folder)
        return try archiveCalls { () throws(FileSystemError) in
            try fileSystem.status(of: path)?.kind == .directory ? try fileSystem.names(in: path) : []
        }
    }
}
