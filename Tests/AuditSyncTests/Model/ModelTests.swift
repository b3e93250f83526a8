import Foundation
import Testing

/// A server that changes between any two requests, and syncs that are stopped anywhere: after one more sync, when all is
/// quiet, nothing is missing and nothing is there twice.
///
/// `MODEL_SEEDS` sets how many cases are run (`MODEL_FIRST_SEED` where they begin).
@Suite("Model of a moving server")
struct ModelTests {
    private static let workers = 4

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    @Test("every case ends whole", arguments: 0..<workers)
    func everyCase(worker: Int) async throws {
        let first = Self.number("MODEL_FIRST_SEED") ?? 0
        let seeds = first..<first + (Self.number("MODEL_SEEDS") ?? 40)
        for seed in seeds where Int(seed % UInt64(Self.workers)) == worker {
            let model = ModelCase(seed: seed)
            let violations = try await ModelRun.violations(of: model)
            #expect(violations == [], "\(model)")
        }
    }
}
