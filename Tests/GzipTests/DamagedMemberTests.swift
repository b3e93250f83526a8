@testable import Gzip
import TestSupport
import Testing

@Suite("Damaged members")
struct DamagedMemberTests {
    private let text = Array(#"{"id":"a","created_at":"2025-02-23T14:30:00Z"}"#.utf8) + [0x0A]

    /// Bits that gzip lets vary: FTEXT, the time, the extra flags, the operating system.
    private static let freeHeaderBits = Set([3 * 8] + Array(4 * 8..<10 * 8))

    @Test("Every bit counts, but those that carry nothing", arguments: [1, Int.max])
    func bitFlips(pieceSize: Int) async throws {
        let member = try await compressed(text)
        // The last byte of deflate data is filled up with bits that nothing reads, highest first.
        let lastDataByte = member.count - 9
        var padding: [Int] = []
        for bit in 0..<(member.count * 8) {
            var bad = member
            bad[bit / 8] ^= 1 << (bit % 8)
            let refused = refusal(of: bad, pieceSize: pieceSize) != nil
            if Self.freeHeaderBits.contains(bit) {
                #expect(!refused, "bit \(bit)")
            } else if bit / 8 == lastDataByte, !refused {
                padding.append(bit % 8)
            } else {
                #expect(refused, "bit \(bit)")
            }
        }
        #expect(padding.count < 8)
        #expect(padding == Array((8 - padding.count)..<8))
    }

    @Test("Random damage to a member of several blocks is refused or harmless", arguments: UInt64(0)..<40)
    func randomDamage(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let input = SampleKind.events.bytes(count: 300_000, seed: 31)
        var bad = try await compressed(input)
        let position = Int.random(in: 10..<bad.count, using: &random)
        bad[position] ^= UInt8.random(in: 1...255, using: &random)
        do {
            #expect(try inflated(bad, pieceSize: 4096) == input, "seed \(seed), byte \(position)")
        } catch {
            #expect(error != .notGzip, "seed \(seed), byte \(position)")
        }
    }

    @Test("Every truncation of a small member is refused", arguments: [1, Int.max])
    func truncations(pieceSize: Int) async throws {
        let member = try await compressed(text)
        for length in 0..<member.count {
            #expect(refusal(of: Array(member.prefix(length)), pieceSize: pieceSize) == .truncated, "\(length) bytes")
        }
    }

    @Test("A truncation between or inside blocks is refused")
    func blockTruncations() async throws {
        let member = try await compressed(SampleKind.events.bytes(count: 3 * 512 * 1024, seed: 32))
        for length in stride(from: 0, to: member.count, by: 997) {
            #expect(refusal(of: Array(member.prefix(length)), pieceSize: 4096) == .truncated, "\(length) bytes")
        }
    }

    @Test("Nothing may follow the member", arguments: [[0], [0x0A], [0x1F], [0x1F, 0x8B], [0, 0, 0, 0]] as [[UInt8]])
    func trailingBytes(extra: [UInt8]) async throws {
        let member = try await compressed(text)
        for pieceSize in [1, 7, member.count, Int.max] {
            #expect(refusal(of: member + extra, pieceSize: pieceSize) == .trailingBytes)
        }
    }

    @Test("A second member is refused, also an empty one")
    func secondMember() async throws {
        let member = try await compressed(text)
        for second in [member, try await compressed([])] {
            for pieceSize in [1, member.count, Int.max] {
                #expect(refusal(of: member + second, pieceSize: pieceSize) == .trailingBytes)
            }
        }
    }
}
