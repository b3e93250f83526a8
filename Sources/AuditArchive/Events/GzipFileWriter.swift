import Crypto
import Gzip
package import SystemPackage

/// Writes one gzip file, with its checksum on the way. A writer that goes away before ``finish()`` leaves the file to
/// whoever empties its folder.
package struct GzipFileWriter: ~Copyable {
    private let path: FilePath
    private let file: any OpenFile
    private var gzip: GzipWriter
    private var hash = SHA256()
    private var size = 0
    private var records = 0
    private var isOpen = true
    private let hashesLines: Bool

    /// The tree of the lines, where they are hashed.
    private(set) var tree = LineTree()

    /// Makes the file. `hashesLines`: whether the root over the lines is wanted.
    init(
        _ path: FilePath, _ archive: ArchiveDirectory, _ settings: CompressionSettings, hashesLines: Bool = false
    ) throws(ArchiveError) {
        self.init(path, try archive.create(path), settings, hashesLines: hashesLines)
    }

    /// Makes a file outside of any archive.
    package init(
        _ path: FilePath, fileSystem: any FileSystem, _ settings: CompressionSettings
    ) throws(ArchiveError) {
        let file: any OpenFile
        do {
            file = try fileSystem.create(path)
        } catch {
            throw ArchiveError(error)
        }
        self.init(path, file, settings, hashesLines: false)
    }

    private init(_ path: FilePath, _ file: any OpenFile, _ settings: CompressionSettings, hashesLines: Bool) {
        self.hashesLines = hashesLines
        self.path = path
        self.file = file
        gzip = GzipWriter(level: settings.level, parallelism: settings.parallelism)
    }

    deinit {
        // Only after a failure, which is what gets reported.
        if isOpen { try? file.close() }
    }

    /// Bytes of NDJSON so far.
    var uncompressedSize: Int { gzip.uncompressedSize }

    /// Adds a line and its end. When ``mustDrain`` says so, ``drain()`` comes before the next.
    mutating func append(line: RawSpan) {
        gzip.append(line)
        gzip.append(Self.lineEnd.span.bytes)
        records += 1
        if hashesLines { tree.append(line) }
    }

    /// Adds so many lines that have their ends. When ``mustDrain`` says so, ``drain()`` comes before the next.
    package mutating func append(lines: RawSpan, count: Int) {
        gzip.append(lines)
        records += count
    }

    private static let lineEnd: [UInt8] = [UInt8(ascii: "\n")]

    /// Whether enough is compressed for ``drain()`` to be due.
    package var mustDrain: Bool { gzip.mustDrain }

    /// Writes what is compressed, as long as too much of it waits.
    package mutating func drain() async throws(ArchiveError) {
        while gzip.mustDrain { try await writeNext() }
    }

    /// Writes the rest, makes the file durable and says what it is.
    package mutating func finish() async throws(ArchiveError) -> FileDigest {
        do {
            try gzip.finish()
        } catch {
            throw failure(error)
        }
        while gzip.hasOutput { try await writeNext() }
        do throws(FileSystemError) {
            try file.synchronize()
            isOpen = false
            try file.close()
        } catch {
            throw ArchiveError(error)
        }
        return FileDigest(
            sha256: TreeHash(hash.finalize()), size: size, uncompressedSize: gzip.uncompressedSize, records: records)
    }

    private mutating func writeNext() async throws(ArchiveError) {
        let bytes: [UInt8]
        do {
            bytes = try await gzip.nextOutput()
        } catch {
            throw failure(error)
        }
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        size += bytes.count
        do {
            try file.writeAll(bytes.span.bytes, at: path)
        } catch {
            throw ArchiveError(error)
        }
    }

    private func failure(_ error: GzipError) -> ArchiveError {
        ArchiveError(
            .inputOutput, "The events could not be compressed: \(error)", at: path,
            hint: "Free some memory and run again.")
    }
}

/// How data files are compressed.
package struct CompressionSettings: Sendable {
    /// zlib's level, 1 to 9.
    package var level: Int

    /// Blocks that are compressed at once.
    package var parallelism: Int

    /// Chooses a level and the cores to use.
    package init(level: Int, parallelism: Int) {
        self.level = level
        self.parallelism = parallelism
    }
}
