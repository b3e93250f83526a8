import AuditRecords
import CivilTime
import Crypto
import Gzip
import JSONText
import SystemPackage

/// Reads the lines of one data file one after the other, with memory for a piece of it, and makes sure on the way that it is
/// what the manifest says. The file is opened for each piece: a date of a thousand files needs no thousand descriptors.
final class SortedLineReader {
    private static let chunkSize = 1 << 15

    private let file: DataFile
    private let path: FilePath
    private let archive: ArchiveDirectory
    private var gzip: GzipReader
    private var hash = SHA256()
    private var read = 0
    private var inflated: [UInt8] = []
    private var line = 0..<0
    private var lines = 0
    private var size = 0

    /// When the event of the line happened.
    private(set) var time: Timestamp
    /// The decoded bytes of its id.
    private(set) var id: [UInt8] = []

    /// Bytes of the line, line end counted.
    var lineSize: Int { line.count + 1 }

    /// A reader before the first line.
    init(_ file: DataFile, _ archive: ArchiveDirectory) throws(ArchiveError) {
        self.file = file
        self.archive = archive
        path = archive.layout.absolute(file.name.path)
        time = CalendarDay.first.start
        do {
            gzip = try GzipReader()
        } catch {
            throw ArchiveError(
                .inputOutput, "A data file cannot be decompressed: \(error)", at: path,
                hint: "Free some memory and run again.")
        }
    }

    /// Hands over the line, without its end.
    func withLine(_ body: (RawSpan) -> Void) {
        let bytes = inflated
        body(bytes.span.bytes.extracting(line))
    }

    /// Moves to the next line; `false` at the end of the file.
    ///
    /// - Throws: `ArchiveError` of the kind `damaged` where the file is not what the manifest says, or a line is not what
    ///   the format says.
    func advance() throws(ArchiveError) -> Bool {
        // What is behind is let go of with each piece and not with each line, which would move all the rest each time.
        var start = lines == 0 ? 0 : line.upperBound + 1
        var searched = start
        while true {
            if let end = inflated.span.bytes.firstLineEnd(from: searched) {
                line = start..<end
                break
            }
            inflated.removeFirst(start)
            start = 0
            searched = inflated.count
            if try !readPiece() {
                try checkEnd()
                return false
            }
        }
        lines += 1
        size += lineSize
        try readKey()
        return true
    }

    private func readKey() throws(ArchiveError) {
        let bytes = inflated
        let text = bytes.span.bytes.extracting(line)
        let record: RecordScan
        do {
            record = try RecordScan(line: text)
        } catch {
            throw damage("line \(lines) is not JSON: \(error)")
        }
        guard let token = record.id, let time = record.time(in: text) else {
            throw damage("line \(lines) has no readable `id` and `created_at`")
        }
        let before = (time: self.time, id: id)
        token.withDecodedBytes(in: text) { bytes in
            bytes.withUnsafeBytes { id.replaceSubrange(id.indices, with: $0) }
        }
        self.time = time
        guard lines > 1 else { return }
        guard (before.time, 0) < (time, 0) || before.time == time && before.id.lexicographicallyPrecedes(id) else {
            throw damage("line \(lines) does not come after the one above it by (time, id)")
        }
    }

    /// Reads and inflates a piece; `false` where there is none left.
    private func readPiece() throws(ArchiveError) -> Bool {
        guard read < file.size else { return false }
        var piece: [UInt8] = []
        do throws(FileSystemError) {
            let open = try archive.fileSystem.openForReading(path)
            do throws(FileSystemError) {
                _ = try open.read(upTo: Self.chunkSize, at: read, into: &piece)
            } catch {
                try? open.close()
                throw error
            }
            try open.close()
        } catch {
            throw error.errno == .noSuchFileOrDirectory
                ? .damaged("A data file is missing", at: path) : ArchiveError(error)
        }
        guard !piece.isEmpty else { throw damage("it is shorter than the manifest says") }
        read += piece.count
        piece.withUnsafeBytes { hash.update(bufferPointer: $0) }
        do {
            try gzip.inflate(piece.span.bytes, into: &inflated)
        } catch {
            throw damage("it does not decompress: \(error)")
        }
        return true
    }

    private func checkEnd() throws(ArchiveError) {
        do {
            try gzip.finish()
        } catch {
            throw damage("it does not decompress: \(error)")
        }
        let found = FileDigest(
            sha256: TreeHash(hash.finalize()), size: read, uncompressedSize: size, records: lines)
        guard inflated.isEmpty, found == file.digest else { throw damage("it is not what the manifest says") }
    }

    private func damage(_ text: String) -> ArchiveError { .damaged("A data file is damaged: \(text)", at: path) }
}
