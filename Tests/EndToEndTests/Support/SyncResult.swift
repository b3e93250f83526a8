import Foundation
import TestSupport

/// What `sync --json` prints.
struct SyncResult: Decodable {
    var outcome: String
    var events: Int
    var duplicates: Int
    var quarantined: Int
    var files: Int
    var requests: Int
    var retries: Int
    var generation: Int
}

extension RunningProgram.Outcome {
    /// Standard output as the summary of a sync.
    func syncResult() throws -> SyncResult {
        try JSONDecoder().decode(SyncResult.self, from: Data(output))
    }

    /// All that was written, for messages of failed tests.
    var everything: String { "exit \(exitCode)\n\(text)\(errors)" }
}
