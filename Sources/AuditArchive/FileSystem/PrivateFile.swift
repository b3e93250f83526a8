package import SystemPackage

/// A small file that the program keeps for itself and replaces as a whole. It may be lost at any time.
package struct PrivateFile: Sendable {
    private let fileSystem: any FileSystem
    private let path: FilePath
    private let givenDraft: FilePath?
    private let largestSize: Int
    private let isDurable: Bool

    /// Describes a file.
    ///
    /// - Parameters:
    ///   - largestSize: Bytes. A larger file is not read.
    ///   - isDurable: Whether it is worth an `fsync` each time that a power cut leaves what was there before or what
    ///     replaced it, and never a part. Which of the two it leaves is no matter, so the folder is not synchronized.
    ///   - draft: Where a replacement is written first; beside the file where that is `nil`.
    package init(
        _ path: FilePath, _ fileSystem: any FileSystem, largestSize: Int, isDurable: Bool = false,
        draft: FilePath? = nil
    ) {
        self.path = path
        self.fileSystem = fileSystem
        self.largestSize = largestSize
        self.isDurable = isDurable
        givenDraft = draft
    }

    /// Made where it is needed: most files are only read.
    private var draft: FilePath {
        givenDraft ?? path.removingLastComponent().appending("\(path.lastComponent?.string ?? "").new")
    }

    /// What was written last; `nil` if there is nothing, or nothing that can be read. Links are not followed.
    package func read() -> [UInt8]? {
        guard let status = try? fileSystem.status(of: path), status.kind == .file else { return nil }
        return (try? fileSystem.contents(of: path, upTo: largestSize)).flatMap(\.self)
    }

    /// Replaces the file in one step: whatever happens, its name has the old bytes or the new ones.
    package func replace(with bytes: [UInt8]) throws(FileSystemError) {
        let draft = draft
        try fileSystem.removeIfPresent(draft)
        try fileSystem.create(draft, bytes, isDurable: isDurable)
        try fileSystem.rename(draft, to: path)
    }

    /// Removes the file and what is left of a replacement, if they are there.
    package func remove() throws(FileSystemError) {
        try fileSystem.removeIfPresent(draft)
        try fileSystem.removeIfPresent(path)
    }
}
