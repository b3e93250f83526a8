import SystemPackage

/// The lines of one archived file, a piece at a time, for a reader that may stand beside a sync: it needs no lock, and
/// tells a file that compaction or pruning took away from one that is damaged.
package struct ArchivedLines: ~Copyable {
    /// Why a file cannot be read.
    package enum Failure: Error {
        /// There is no file of that name: the manifest has to be read again.
        case vanished
        /// It is damaged, or a call failed.
        case failed(ArchiveError)
    }

    /// Smaller files are read at once: a busy day may have more of them than a process may have open.
    private static let largestWhole = 1 << 17

    private let file: DataFile
    private let path: FilePath
    private var lines: GzipLineReader
    private var pass: GzipLineReader.Pass
    private let source: Source
    private var compressed: [UInt8]
    private var isAtEnd = false

    /// Opens a file that a manifest names.
    package init(_ file: DataFile, in layout: ArchiveLayout, _ fileSystem: any FileSystem) throws(Failure) {
        let path = layout.absolute(file.name.path)
        let isSmall = file.size <= Self.largestWhole
        let compressed = isSmall ? try Self.contents(of: path, fileSystem) : []
        let pass = try Self.begin(path)
        let source = Source(file: isSmall ? nil : try Self.open(GzipLineReader(path, fileSystem), path))
        self.file = file
        self.path = path
        self.compressed = compressed
        self.pass = pass
        self.source = source
        lines = GzipLineReader(path, fileSystem)
    }

    private static func open(_ lines: borrowing GzipLineReader, _ path: FilePath) throws(Failure) -> any OpenFile {
        do {
            return try lines.open()
        } catch {
            throw failure(error, at: path)
        }
    }

    private static func begin(_ path: FilePath) throws(Failure) -> GzipLineReader.Pass {
        do {
            return try GzipLineReader.Pass()
        } catch {
            throw failure(error, at: path)
        }
    }

    /// Hands over the lines that end in the next piece of the file, without their ends. Returns whether there is more;
    /// once there is not, the file is known to be what the manifest says.
    package mutating func next(_ body: (RawSpan) -> Void) throws(Failure) -> Bool {
        guard !isAtEnd else { return false }
        do {
            if let file = source.file {
                isAtEnd = !(try GzipLineReader.next(file, &compressed))
            } else {
                isAtEnd = compressed.isEmpty
            }
            if !isAtEnd {
                let bytes = compressed
                lines.take(bytes.span.bytes, &pass) { _, line in body(line) }
                if source.file == nil { compressed = [] }
                return true
            }
            try lines.finish(&pass)
        } catch {
            throw Self.failure(error, at: path)
        }
        guard lines.digest == file.digest, lines.unendedBytes == 0 else {
            throw .failed(.damaged("A data file is damaged: it is not the one that the manifest names", at: path))
        }
        return false
    }

    private static func contents(of path: FilePath, _ fileSystem: any FileSystem) throws(Failure) -> [UInt8] {
        do {
            if let bytes = try fileSystem.contents(of: path, upTo: 2 * largestWhole) { return bytes }
        } catch {
            throw failure(.file(error), at: path)
        }
        throw .vanished
    }

    private static func failure(_ error: GzipLineReader.Failure, at path: FilePath) -> Failure {
        switch error {
        case .file(let failure) where failure.errno == .noSuchFileOrDirectory: .vanished
        case .file(let failure) where failure.errno == .fileTooLarge:
            .failed(.damaged("A data file is damaged: it is larger than the manifest says", at: path))
        case .file(let failure): .failed(ArchiveError(failure))
        case .gzip(let failure):
            .failed(.damaged("A data file is damaged: it does not decompress: \(failure)", at: path))
        }
    }
}

/// A file that is closed when it is no longer needed; nil for one that was read as a whole.
private final class Source: Sendable {
    let file: (any OpenFile)?

    init(file: (any OpenFile)?) { self.file = file }

    deinit {
        // It was only read, so there is nothing that could be lost.
        try? file?.close()
    }
}

extension ArchivedLines {
    /// What it means that a file is still not there once the manifest was read again: damage, or a commit that was begun
    /// and not ended.
    package static func absence(
        of file: DataFile, in layout: ArchiveLayout, _ fileSystem: any FileSystem
    ) -> ArchiveError {
        let commit = CommitInProgress(ArchiveDirectory(layout, fileSystem))
        guard commit.explains(ArchiveFault(.missingFile, file.name.path, "")) else {
            return .damaged("A data file is missing", at: layout.absolute(file.name.path))
        }
        return .unfinishedCommit(
            at: layout.journal,
            hint: "Try again in a moment. If no other command is running, run `captivateiq-export sync`, which "
                + "finishes it.")
    }
}
