import Gzip

/// Gzip in one piece.
enum Gunzip {
    /// What a file of one member holds.
    static func bytes(_ compressed: [UInt8]) throws -> [UInt8] {
        var reader = try GzipReader()
        var output: [UInt8] = []
        try reader.inflate(compressed.span.bytes, into: &output)
        try reader.finish()
        return output
    }

    /// A file of one member.
    static func member(_ bytes: [UInt8]) async throws -> [UInt8] {
        var writer = GzipWriter(level: 6, parallelism: 1)
        writer.append(bytes.span.bytes)
        try writer.finish()
        var output: [UInt8] = []
        while writer.hasOutput { output += try await writer.nextOutput() }
        return output
    }
}
