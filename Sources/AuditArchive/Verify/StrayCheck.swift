import SystemPackage

/// Looks for files and folders that an archive has no place for, and for folders that are something else.
struct StrayCheck {
    private let archive: ArchiveDirectory
    private let files: Set<String>
    private let folders: Set<String>
    private let copy: CopyInProgress
    private var faults: [ArchiveFault] = []

    /// A call that failed, so that not all was seen.
    private(set) var failure: FileSystemError?

    /// Knows the files that the manifest names, and so their folders.
    init(_ archive: ArchiveDirectory, files: Set<String>) {
        self.archive = archive
        copy = CopyInProgress(archive)
        self.files = files.union([ArchiveLayout.manifestName, ArchiveLayout.freshnessName])
        folders = files.reduce(into: Set(EvidenceFolder.folders + [ArchiveLayout.dataDirectoryName])) {
            $0.insert(ArchiveLayout.folder(of: $1))
        }
    }

    /// What is there and should not be.
    mutating func run() -> [ArchiveFault] {
        let others = [ArchiveLayout.privateDirectoryName]
        for name in names(in: "") where !others.contains(name) { check(name, in: "") }
        return faults
    }

    private mutating func check(_ name: String, in folder: String) {
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        let kind: FileStatus.Kind?
        do {
            kind = try archive.fileSystem.status(of: archive.layout.absolute(path))?.kind
            // Gone by now, or with a name that is no UTF-8.
            if kind == nil, !names(in: folder).contains(name) { return }
        } catch {
            failure = error
            // What is wrong with a file of the manifest is for the check of that file to say.
            if !files.contains(path) { faults.append(ArchiveFault(.unreadable, path, "\(error)")) }
            return
        }
        let isFolder = folders.contains(path)
        let isFile = files.contains(path) || EvidenceFolder.isKnown(path)
        switch kind {
        case let kind? where !isFolder && !isFile && SystemFile.isKnown(Self.name(of: path)):
            faults.append(
                ArchiveFault(.straySystemFile, path, "is a \(kind.name) that a system left, and no part of the archive")
            )
        case .directory? where isFolder:
            checkContents(of: path)
        case .directory? where !isFile:
            let fault = ArchiveFault(.strayFolder, path, "is a folder that does not belong here")
            faults.append(copy.note(on: path, .directory) ?? fault)
            if Self.mayHoldTable(path) { checkContents(of: path) }
        case _ where isFolder:
            faults.append(ArchiveFault(.notAFolder, path, "is a \(kind?.name ?? "file"), not a folder"))
        case .file? where !isFile && ArchiveLayout.probePaths.contains(path):
            break  // A commit beside this removes it, or the next session.
        case .file? where !isFile && Self.isUnfinishedCopy(path):
            faults.append(ArchiveFault(.unfinishedCopy, path, "is a copy that was not finished, as rsync leaves it"))
        case _ where !isFile:
            let fault = ArchiveFault(.strayFile, path, "is a \(kind?.name ?? "file") that does not belong here")
            faults.append(kind.flatMap { copy.note(on: path, $0) } ?? fault)
        case let other? where other != .file && path == ArchiveLayout.manifestName:
            faults.append(ArchiveFault(.notAFile, path, "is a \(other.name), not a file"))
        default: break  // What else may be wrong with a file is for the check of that file to say.
        }
    }

    /// Every file that a reader of the table would pick up is to be named, also in a folder that should not be there.
    private static func mayHoldTable(_ path: String) -> Bool {
        path == ArchiveLayout.quarantineDirectoryName || path.hasPrefix("\(ArchiveLayout.dataDirectoryName)/date=")
    }

    private static func name(of path: String) -> Substring {
        path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    }

    /// A dot, the name, a dot and six letters or digits: so rsync calls a file until it has it whole.
    private static func isUnfinishedCopy(_ path: String) -> Bool {
        let parts = name(of: path).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].isEmpty, let last = parts.last, last.utf8.count == 6 else { return false }
        return last.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
    }

    private mutating func checkContents(of folder: String) {
        for name in names(in: folder) { check(name, in: folder) }
    }

    private mutating func names(in folder: String) -> [String] {
        do {
            return try archive.fileSystem.names(
                in: folder.isEmpty ? archive.layout.root : archive.layout.absolute(folder))
        } catch  where error.errno == .noSuchFileOrDirectory {
            // Gone by now; whose files are missing then is for the check of those to say.
            return []
        } catch {
            failure = error
            faults.append(ArchiveFault(.unreadable, folder.isEmpty ? "." : folder, "\(error)"))
            return []
        }
    }
}

extension FileStatus.Kind {
    /// For messages.
    var name: String {
        switch self {
        case .file: "file"
        case .directory: "folder"
        case .link: "link"
        case .other: "device, socket or pipe"
        }
    }
}
