import SystemPackage

/// An archive on a disk: where its files stand, and the calls that are made for them.
///
/// Each call does what the one of ``FileSystem`` does that has its name. It fails with the ``ArchiveError`` that says what
/// to do about it.
struct ArchiveDirectory: Sendable {
    /// Where everything stands.
    let layout: ArchiveLayout

    /// What it stands on, for those who judge a failure by its `errno`.
    let fileSystem: any FileSystem

    /// The archive at `layout`, which need not be there yet.
    init(_ layout: ArchiveLayout, _ fileSystem: any FileSystem) {
        self.layout = layout
        self.fileSystem = fileSystem
    }

    /// Makes sure that the archive's folder is one, or a link to one, or not there yet.
    func checkRoot() throws(ArchiveError) {
        switch try kind(of: layout.root) {
        case nil, .directory: return
        case .link:
            // Through the link; a failure says that it does not lead to a folder.
            if (try? kind(of: layout.rootItself)) == .directory { return }
            throw .linkToNoFolder(at: layout.root)
        case .file, .other:
            throw ArchiveError(
                .absent, "The archive is not a folder", at: layout.root,
                hint: "Check the setting `archive` (flag `--archive`).")
        }
    }
}

// MARK: Looking

extension ArchiveDirectory {
    func status(of path: FilePath) throws(ArchiveError) -> FileStatus? { try call(fileSystem.status, path) }

    /// What stands at a path, links not followed; `nil` where nothing does.
    func kind(of path: FilePath) throws(ArchiveError) -> FileStatus.Kind? { try status(of: path)?.kind }

    /// Whether anything stands at a path.
    func exists(_ path: FilePath) throws(ArchiveError) -> Bool { try status(of: path) != nil }

    func names(in directory: FilePath) throws(ArchiveError) -> [String] { try call(fileSystem.names, directory) }

    /// The whole of a file; `nil` where there is none.
    func contents(of path: FilePath) throws(ArchiveError) -> [UInt8]? {
        do {
            return try fileSystem.contents(of: path)
        } catch {
            throw ArchiveError(error)
        }
    }

    /// The whole of a file; `nil` where there is none, and where something else has its name.
    func contents(ofFile path: FilePath) throws(ArchiveError) -> [UInt8]? {
        try kind(of: path) == .file ? try contents(of: path) : nil
    }
}

// MARK: Changing

extension ArchiveDirectory {
    func create(_ path: FilePath) throws(ArchiveError) -> any OpenFile { try call(fileSystem.create, path) }

    /// Closes a file.
    func close(_ file: any OpenFile) throws(ArchiveError) {
        do {
            try file.close()
        } catch {
            throw ArchiveError(error)
        }
    }

    func createDurably(_ path: FilePath, _ bytes: [UInt8]) throws(ArchiveError) {
        try call(fileSystem.createDurably, path, bytes)
    }

    func createDirectory(_ path: FilePath) throws(ArchiveError) { try call(fileSystem.createDirectory, path) }

    func ensureDirectory(_ path: FilePath) throws(ArchiveError) { _ = try call(fileSystem.ensureDirectory, path) }

    func rename(_ source: FilePath, to target: FilePath) throws(ArchiveError) {
        try call(fileSystem.rename, source, target)
    }

    /// Exchanges two folders in one step.
    ///
    /// - Throws: `ArchiveError` of the kind `noExchange` where the file system cannot do that.
    func exchange(_ first: FilePath, _ second: FilePath) throws(ArchiveError) {
        do {
            try fileSystem.exchange(first, second)
        } catch {
            throw error.meansNoExchange ? .noExchange(error) : ArchiveError(error)
        }
    }

    /// Removes a file, or a folder with all that is in it. Links are removed, not followed.
    func removeTree(_ path: FilePath) throws(ArchiveError) {
        guard try kind(of: path) == .directory else { return try removeIfPresent(path) }
        for name in try names(in: path) { try removeTree(path.appending(name)) }
        try removeDirectory(path)
    }

    func remove(_ path: FilePath) throws(ArchiveError) { try call(fileSystem.remove, path) }

    func removeIfPresent(_ path: FilePath) throws(ArchiveError) { try call(fileSystem.removeIfPresent, path) }

    func removeDirectory(_ path: FilePath) throws(ArchiveError) { try call(fileSystem.removeDirectory, path) }

    func synchronizeDirectory(_ path: FilePath) throws(ArchiveError) { try call(fileSystem.synchronizeDirectory, path) }
}

// MARK: Failures

extension ArchiveDirectory {
    private func call<Result>(
        _ body: (FilePath) throws(FileSystemError) -> Result, _ path: FilePath
    ) throws(ArchiveError) -> Result {
        do {
            return try body(path)
        } catch {
            throw ArchiveError(error)
        }
    }

    private func call<Other>(
        _ body: (FilePath, Other) throws(FileSystemError) -> Void, _ path: FilePath, _ other: Other
    ) throws(ArchiveError) {
        do {
            try body(path, other)
        } catch {
            throw ArchiveError(error)
        }
    }
}
