@testable import Gzip
import Testing

@Suite("With the gzip program")
struct InteroperabilityTests {
    @Test("gzip tests our members and reads them back", arguments: SampleKind.allCases, [0, 1, 131_073, 700_000])
    func gzipReadsOurs(kind: SampleKind, size: Int) async throws {
        let input = kind.bytes(count: size, seed: 41)
        let member = try await compressed(input, parallelism: 2)
        let test = try await runGzip(["--test"], input: member)
        #expect(test.status == 0, "\(test.errors)")
        #expect(test.errors.isEmpty)
        let read = try await runGzip(["--decompress", "--stdout"], input: member)
        #expect(read.status == 0, "\(read.errors)")
        #expect(read.output == input)
    }

    @Test("We read what gzip writes", arguments: SampleKind.allCases, ["-1", "-6", "-9"])
    func weReadTheirs(kind: SampleKind, level: String) async throws {
        let input = kind.bytes(count: 400_000, seed: 42)
        let theirs = try await runGzip([level, "--stdout"], input: input)
        #expect(theirs.status == 0, "\(theirs.errors)")
        #expect(try inflated(theirs.output, pieceSize: 4096) == input)
    }

    @Test("Blocks cost next to no size")
    func size() async throws {
        let input = SampleKind.events.bytes(count: 2_000_000, seed: 43)
        let theirs = try await runGzip(["-6", "--stdout"], input: input)
        let ours = try await compressed(input)
        #expect(Double(ours.count) < 1.01 * Double(theirs.output.count))
    }
}
