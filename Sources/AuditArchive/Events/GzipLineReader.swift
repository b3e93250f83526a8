import Crypto
import Gzip
import JSONText
import SystemPackage

/// Reads a gzip NDJSON file line by line with bounded memory, and measures it on the way.
struct GzipLineReader: ~Copyable {
    /// Why a file could not be read to its end.
    enum Failure: Error {
        case file(FileSystemError)
        case gzip(GzipError)
    }

    /// Small, for one chunk can inflate to a thousand times its size.
    static let chunkSize = 1 << 15

    /// Where one way through a file is.
    struct Pass: ~Copyable {
        fileprivate var reader: GzipReader
        fileprivate var inflated: [UInt8] = []
        /// How many of these hold no line end.
        fileprivate var searched = 0

        /// At the start of a file.
        init() throws(Failure) {
            do {
                reader = try GzipReader()
            } catch {
                throw .gzip(error)
            }
        }
    }

    private let path: FilePath
    private let fileSystem: any FileSystem
    private var hash = SHA256()

    private var size = 0
    private var uncompressedSize = 0
    private var lines = 0

    /// Bytes after the last line end.
    private(set) var unendedBytes = 0

    init(_ path: FilePath, _ fileSystem: any FileSystem) {
        self.path = path
        self.fileSystem = fileSystem
    }

    /// What was read so far, whether or not it is the whole file.
    var digest: FileDigest {
        FileDigest(
            sha256: TreeHash(hash.finalize()), size: size, uncompressedSize: uncompressedSize, records: lines)
    }

    /// Reads the file and hands over each line without its end, numbered from 1. After a fault in the compression the
    /// rest is still read, for size and checksum.
    mutating func read(_ line: (_ number: Int, _ bytes: RawSpan) -> Void) throws(Failure) {
        let file = try open()
        do throws(Failure) {
            try read(file, line)
        } catch {
            try? file.close()
            throw error
        }
        do {
            try file.close()
        } catch {
            throw .file(error)
        }
    }

    private mutating func read(_ file: any OpenFile, _ line: (Int, RawSpan) -> Void) throws(Failure) {
        var pass = try Pass()
        var compressed: [UInt8] = []
        while try Self.next(file, &compressed) { take(compressed.span.bytes, &pass, line) }
        try finish(&pass)
    }

    /// Replaces `compressed` by the next bytes of a file. Says whether there were any.
    static func next(_ file: any OpenFile, _ compressed: inout [UInt8]) throws(Failure) -> Bool {
        compressed.removeAll(keepingCapacity: true)
        do {
            return try file.read(upTo: Self.chunkSize, into: &compressed) > 0
        } catch {
            throw .file(error)
        }
    }

    /// Takes the next bytes of the file, and hands over the lines that end in them.
    mutating func take(_ compressed: RawSpan, _ pass: inout Pass, _ line: (Int, RawSpan) -> Void) {
        compressed.withUnsafeBytes { hash.update(bufferPointer: $0) }
        size += compressed.byteCount
        // A reader that has failed takes nothing more, and says why at the end.
        try? pass.reader.inflate(compressed, into: &pass.inflated)
        let taken = takeLines(pass.inflated.span.bytes, searched: pass.searched, line)
        pass.inflated.removeFirst(taken)
        pass.searched = pass.inflated.count
    }

    /// Makes sure that the file was read to its end.
    mutating func finish(_ pass: inout Pass) throws(Failure) {
        unendedBytes = pass.inflated.count
        uncompressedSize += pass.inflated.count
        do {
            try pass.reader.finish()
        } catch {
            throw .gzip(error)
        }
    }

    /// Opens the file.
    func open() throws(Failure) -> any OpenFile {
        do {
            return try fileSystem.openForReading(path)
        } catch {
            throw .file(error)
        }
    }
}

extension GzipLineReader {
    /// Hands over the whole lines, the first `searched` bytes being known to hold no line end, and says how many bytes
    /// those lines are.
    private mutating func takeLines(_ bytes: RawSpan, searched: Int, _ line: (Int, RawSpan) -> Void) -> Int {
        var start = 0
        while let end = bytes.firstLineEnd(from: max(start, searched)) {
            lines += 1
            line(lines, bytes.extracting(start..<end))
            start = end + 1
        }
        uncompressedSize += start
        return start
    }
}

extension RawSpan {
    /// Where the next LF stands, from `start` on.
    func firstLineEnd(from start: Int) -> Int? {
        let end = end(ofLineAt: start)
        return end < byteCount ? end : nil
    }
}
