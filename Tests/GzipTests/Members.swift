@testable import Gzip

/// Writes `input` as one member, appended in pieces of `pieceSizes` over and over.
func compressed(
    _ input: [UInt8], level: Int = 6, parallelism: Int = 1, pieceSizes: [Int] = [Int.max]
) async throws(GzipError) -> [UInt8] {
    var writer = GzipWriter(level: level, parallelism: parallelism)
    var output: [UInt8] = []
    for piece in pieces(of: input, sizes: pieceSizes) {
        writer.append(input.span.extracting(piece).bytes)
        while writer.mustDrain {
            output += try await writer.nextOutput()
        }
    }
    try writer.finish()
    while writer.hasOutput {
        output += try await writer.nextOutput()
    }
    return output
}

/// Reads `member` to its end, in pieces of `pieceSize`.
func inflated(_ member: [UInt8], pieceSize: Int = Int.max) throws(GzipError) -> [UInt8] {
    var reader = try GzipReader()
    var output: [UInt8] = []
    for piece in pieces(of: member, sizes: [pieceSize]) {
        try reader.inflate(member.span.extracting(piece).bytes, into: &output)
    }
    try reader.finish()
    return output
}

/// What reading `member` fails with, or nil if it is accepted.
func refusal(of member: [UInt8], pieceSize: Int = Int.max) -> GzipError? {
    do throws(GzipError) {
        _ = try inflated(member, pieceSize: pieceSize)
        return nil
    } catch {
        return error
    }
}

private func pieces(of input: [UInt8], sizes: [Int]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    while start < input.count {
        let end = start + min(sizes[ranges.count % sizes.count], input.count - start)
        ranges.append(start..<end)
        start = end
    }
    return ranges
}
