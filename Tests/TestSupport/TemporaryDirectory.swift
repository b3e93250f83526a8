import Foundation

/// Makes an empty folder, hands over its path, and removes it with all it holds, whatever happens in `body`.
///
/// A call with a body, not a value: a value could be gone, and the folder with it, before the last use of the path.
package func withTemporaryDirectory<Result>(
    _ body: (_ path: String) async throws -> Result
) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("captivateiq-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.resolvingSymlinksInPath().path)
}
