@testable import Gzip
import TestSupport
import Testing

@Suite("GzipWriter")
struct GzipWriterTests {
    @Test("What is written is read back", arguments: SampleKind.allCases, boundarySizes)
    func roundTrip(kind: SampleKind, size: Int) async throws {
        let input = kind.bytes(count: size, seed: 11)
        let member = try await compressed(input, parallelism: 2)
        #expect(try inflated(member) == input)
    }

    @Test("Every level gives a readable member", arguments: 1...9)
    func levels(level: Int) async throws {
        let input = SampleKind.events.bytes(count: 300_000, seed: 12)
        #expect(try inflated(await compressed(input, level: level)) == input)
    }

    @Test("Random inputs, levels, parallelism and pieces", arguments: UInt64(0)..<60)
    func randomRoundTrip(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let kind = try #require(SampleKind.allCases.randomElement(using: &random))
        let input = kind.bytes(count: Int.random(in: 0...500_000, using: &random), seed: seed)
        let sizes = (0..<7).map { _ in Int.random(in: 1...200_000, using: &random) }
        let level = Int.random(in: 1...9, using: &random)
        let member = try await compressed(
            input, level: level, parallelism: Int.random(in: 1...4, using: &random), pieceSizes: sizes)
        #expect(try inflated(member) == input, "seed \(seed)")
        #expect(try await compressed(input, level: level) == member, "seed \(seed)")
    }

    @Test("The bytes depend on the input alone", arguments: [1, 2, 5], [[Int.max], [512 * 1024], [1000, 7, 524_289]])
    func sameBytes(parallelism: Int, pieceSizes: [Int]) async throws {
        let input = SampleKind.events.bytes(count: 9 * 512 * 1024 + 5, seed: 13)
        let expected = try await compressed(input)
        #expect(try await compressed(input, parallelism: parallelism, pieceSizes: pieceSizes) == expected)
    }

    @Test("The bytes do not depend on single-byte appends")
    func singleBytes() async throws {
        let input = SampleKind.events.bytes(count: 140_000, seed: 14)
        #expect(try await compressed(input, pieceSizes: [1]) == compressed(input))
    }

    @Test("The header has no time and no name, the trailer the length", arguments: [0, 1, 200_000])
    func frame(size: Int) async throws {
        let member = try await compressed(SampleKind.events.bytes(count: size, seed: 15))
        #expect(Array(member.prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
        let length = member.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length == size)
    }

    @Test("No input gives the well-known empty member")
    func empty() async throws {
        let member = try await compressed([])
        #expect(member == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test("Empty appends change nothing")
    func emptyAppends() async throws {
        let nothing: [UInt8] = []
        let letter = Array("a".utf8)
        var writer = GzipWriter(level: 6, parallelism: 1)
        writer.append(nothing.span.bytes)
        writer.append(letter.span.bytes)
        writer.append(nothing.span.bytes)
        #expect(writer.uncompressedSize == 1)
        #expect(writer.hasOutput == false)
        try writer.finish()
        #expect(try await writer.nextOutput() == compressed(letter))
        #expect(writer.hasOutput == false)
    }

    @Test("Draining is due once more than parallelism + 1 blocks wait", arguments: [1, 2, 5])
    func draining(parallelism: Int) async throws {
        let block = [UInt8](repeating: 0x62, count: 512 * 1024)
        var writer = GzipWriter(level: 1, parallelism: parallelism)
        for _ in 0..<(parallelism + 2) {
            writer.append(block.span.bytes)
            #expect(writer.mustDrain == false)
        }
        // A full block waits only once a byte follows it.
        writer.append(block.span.bytes)
        #expect(writer.mustDrain == true)
        _ = try await writer.nextOutput()
        #expect(writer.mustDrain == false)
        #expect(writer.hasOutput == true)
        #expect(writer.uncompressedSize == (parallelism + 3) * block.count)
    }

    @Test("A cancelled caller still gets the whole member")
    func cancellation() async throws {
        let input = SampleKind.events.bytes(count: 700_000, seed: 16)
        let task = Task {
            while !Task.isCancelled {
                await Task.yield()
            }
            return try await compressed(input, parallelism: 2)
        }
        task.cancel()
        #expect(try await task.value == compressed(input))
    }
}
