import SystemPackage
import TestSupport
import Testing

/// `sha256sum`: a judge that shares no code with the archive.
enum SHA256Program {
    /// The checksum of a file.
    static func sum(of path: FilePath) async throws -> String {
        let outcome = try await CommandRunner(directory: "/").run("sha256sum", path.string)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        return String(outcome.text.prefix(64))
    }
}
