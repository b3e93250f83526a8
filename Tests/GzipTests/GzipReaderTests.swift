@testable import Gzip
import Testing

@Suite("GzipReader")
struct GzipReaderTests {
    @Test("The size of the pieces does not matter", arguments: SampleKind.allCases, [1, 7, 4096])
    func pieces(kind: SampleKind, pieceSize: Int) async throws {
        let input = kind.bytes(count: 300_000, seed: 21)
        let member = try await compressed(input)
        #expect(try inflated(member, pieceSize: pieceSize) == input)
    }

    @Test("A small piece may yield much")
    func expansion() async throws {
        let input = SampleKind.repetitive.bytes(count: 8 << 20, seed: 22)
        let member = try await compressed(input)
        #expect(member.count < 16 << 10)
        #expect(try inflated(member) == input)
    }

    @Test("Output is appended to what the array holds")
    func appends() async throws {
        let member = try await compressed(Array("abc".utf8))
        var reader = try GzipReader()
        var output: [UInt8] = Array("before ".utf8)
        try reader.inflate(member.span.bytes, into: &output)
        try reader.finish()
        #expect(output == Array("before abc".utf8))
    }

    @Test("Optional header fields are read over", arguments: [1, 5, Int.max])
    func optionalFields(pieceSize: Int) async throws {
        let plain = try await compressed(Array("abc".utf8))
        // FEXTRA with two bytes, FNAME, FCOMMENT.
        let header: [UInt8] = [0x1F, 0x8B, 8, 0x1C, 1, 2, 3, 4, 2, 3, 2, 0, 9, 9, 0x6E, 0, 0x63, 0]
        #expect(try inflated(header + plain.dropFirst(10), pieceSize: pieceSize) == Array("abc".utf8))
    }

    @Test("A checksum of the header is checked", arguments: [1, 5, Int.max])
    func headerChecksum(pieceSize: Int) async throws {
        let plain = try await compressed(Array("abc".utf8))
        // FHCRC with FNAME: two bytes of the CRC-32 of what comes before them.
        let header: [UInt8] = [0x1F, 0x8B, 8, 0x0A, 1, 2, 3, 4, 2, 3, 0x6E, 0]
        let checksum = CRC32.of(header.span.bytes)
        let right = header + [UInt8(checksum & 0xFF), UInt8(checksum >> 8 & 0xFF)]
        #expect(try inflated(right + plain.dropFirst(10), pieceSize: pieceSize) == Array("abc".utf8))
        for bit in 0..<16 {
            var wrong = right
            wrong[12 + bit / 8] ^= 1 << (bit % 8)
            #expect(refusal(of: wrong + plain.dropFirst(10), pieceSize: pieceSize) == .corrupt("header crc mismatch"))
        }
    }

    @Test("A bad start is refused")
    func badStart() async throws {
        let member = try await compressed(Array("abc".utf8))
        let cases: [(position: Int, byte: UInt8, error: GzipError)] = [
            (0, 0x50, .notGzip), (1, 0x8C, .notGzip), (1, 0x9E, .notGzip),
            (2, 7, .corrupt("unknown compression method")), (3, 0x20, .corrupt("unknown header flags set")),
            (3, 0x80, .corrupt("unknown header flags set"))
        ]
        for (position, byte, error) in cases {
            var bad = member
            bad[position] = byte
            #expect(refusal(of: bad) == error, "byte \(position)")
            #expect(refusal(of: bad, pieceSize: 1) == error, "byte \(position)")
        }
    }

    @Test("A wrong checksum and a wrong length are named")
    func trailer() async throws {
        let member = try await compressed(Array("abc".utf8))
        for (distance, error) in [
            (8, GzipError.corrupt("incorrect data check")), (4, .corrupt("incorrect length check"))
        ] {
            var bad = member
            bad[bad.count - distance] ^= 1
            #expect(refusal(of: bad) == error)
        }
    }

    @Test("Once failed, always failed")
    func staysFailed() async throws {
        let member = try await compressed(Array("abc".utf8))
        let nothing: [UInt8] = []
        var reader = try GzipReader()
        var output: [UInt8] = []
        #expect(throws: GzipError.notGzip) { try reader.inflate(Array("P".utf8).span.bytes, into: &output) }
        #expect(throws: GzipError.notGzip) { try reader.inflate(member.span.bytes, into: &output) }
        #expect(throws: GzipError.notGzip) { try reader.inflate(nothing.span.bytes, into: &output) }
        #expect(throws: GzipError.notGzip) { try reader.finish() }
        #expect(output.isEmpty)
    }

    @Test("Empty pieces change nothing")
    func emptyPieces() async throws {
        let member = try await compressed(Array("abc".utf8))
        let nothing: [UInt8] = []
        var reader = try GzipReader()
        var output: [UInt8] = []
        try reader.inflate(nothing.span.bytes, into: &output)
        try reader.inflate(member.span.bytes, into: &output)
        try reader.inflate(nothing.span.bytes, into: &output)
        try reader.finish()
        #expect(output == Array("abc".utf8))
    }
}
