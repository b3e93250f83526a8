import Gzip
import SystemPackage

/// Where the first gzip member of a file ends, and whether another one begins there. Only asked for a file that is
/// known to go on after its member.
struct MemberEnd {
    /// Bytes of the file up to the end of the member.
    private(set) var offset = 0

    /// Whether the gzip signature comes next.
    private(set) var isMember = false

    private static let chunkSize = 1 << 15
    private static let signature: [UInt8] = [0x1F, 0x8B]

    /// Reads the file up to the end of its first member.
    ///
    /// - Throws: `FileSystemError` or `GzipError`.
    init(_ path: FilePath, _ fileSystem: any FileSystem) throws {
        let file = try fileSystem.openForReading(path)
        defer { try? file.close() }
        // The reader takes no byte after the member and says nothing of where that was: a scout finds the chunk, and a
        // second reader, one chunk behind, the byte.
        var scout = try GzipReader()
        var follower = try GzipReader()
        var chunk: [UInt8] = []
        while try file.read(upTo: Self.chunkSize, into: &chunk) > 0 {
            guard try Self.takes(chunk.span.bytes, &scout) else { break }
            guard try Self.takes(chunk.span.bytes, &follower) else { break }
            offset += chunk.count
            chunk.removeAll(keepingCapacity: true)
        }
        let end = try Self.end(in: chunk.span.bytes, &follower)
        offset += end
        _ = try file.read(upTo: Self.signature.count, into: &chunk)
        isMember = chunk.dropFirst(end).starts(with: Self.signature)
    }

    private static func end(in chunk: RawSpan, _ reader: inout GzipReader) throws(GzipError) -> Int {
        for offset in 0..<chunk.byteCount {
            let isTaken = try takes(chunk.extracting(offset..<offset + 1), &reader)
            if !isTaken { return offset }
        }
        return chunk.byteCount
    }

    /// Whether the bytes belong to the member; those of one piece do or the piece is refused as a whole.
    private static func takes(_ bytes: RawSpan, _ reader: inout GzipReader) throws(GzipError) -> Bool {
        var inflated: [UInt8] = []
        do {
            try reader.inflate(bytes, into: &inflated)
            return true
        } catch {
            guard error == .trailingBytes else { throw error }
            return false
        }
    }
}
