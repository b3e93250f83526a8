@testable import Gzip
import TestSupport
import Testing

@Suite("CRC-32")
struct CRC32Tests {
    /// The checksum bit by bit, as RFC 1952 describes it.
    private static func reference(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { checksum, byte in
            (0..<8).reduce(checksum ^ UInt32(byte)) { state, _ in state >> 1 ^ (state & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }

    private static func both(_ bytes: ArraySlice<UInt8>) -> [UInt32] {
        [true, false].map { CRC32.of(bytes.span.bytes, folding: $0) }
    }

    @Test func checksTheNumbersFromOneToNine() {
        #expect(Self.both(Array("123456789".utf8)[...]) == [0xCBF4_3926, 0xCBF4_3926])
    }

    @Test func everyLengthAndPlace() {
        var random = SeededRandom(seed: 1)
        let bytes = (0..<400).map { _ in UInt8.random(in: 0...255, using: &random) }
        for start in 0..<17 {
            for end in start...start + 300 {
                let expected = Self.reference(bytes[start..<end])
                #expect(Self.both(bytes[start..<end]) == [expected, expected], "\(start)..<\(end)")
            }
        }
    }

    @Test(arguments: [UInt8(0), 0xFF, 0x80, 0x01], [64, 4_096, 524_288, 524_303])
    func uniformBytes(byte: UInt8, count: Int) {
        let bytes = [UInt8](repeating: byte, count: count)
        let expected = Self.reference(bytes[...])
        #expect(Self.both(bytes[...]) == [expected, expected])
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func theChecksumOfTwoPartsIsThatOfTheWhole(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bytes = (0..<Int.random(in: 0...3_000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
        }
        let cut = Int.random(in: 0...bytes.count, using: &random)
        let parts = [bytes[..<cut], bytes[cut...]]
        let second = parts[1]
        for folding in [true, false] {
            let sums = parts.map { CRC32.of($0.span.bytes, folding: folding) }
            let continued = CRC32.of(second.span.bytes, after: sums[0], folding: folding)
            #expect(continued == Self.reference(bytes[...]), "seed \(seed)")
            let combined = CRC32.combine(sums[0], sums[1], secondSize: parts[1].count)
            #expect(combined == Self.reference(bytes[...]), "seed \(seed)")
        }
    }
}
