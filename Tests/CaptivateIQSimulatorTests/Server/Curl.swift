import Foundation

/// Runs curl, a client that shares no code with the server.
struct Curl {
    /// curl's exit code (28 time-out, 52 empty reply, 18 cut short, 56 reset) and what it wrote.
    let code: Int32
    let output: Data

    /// - Parameter arguments: as on the command line; the token header is added.
    static func run(_ arguments: [String]) async throws -> Curl {
        try await withCheckedThrowingContinuation { continuation in
            // Waiting for a process blocks; Dispatch's threads, which Swift's concurrency shares, must not.
            Thread.detachNewThread {
                continuation.resume(with: Result { try runBlocking(arguments) })
            }
        }
    }

    private static func runBlocking(_ arguments: [String]) throws -> Curl {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let token = ["-H", "Authorization: Token simulator-token"]
        process.arguments = ["curl", "-sS", "--noproxy", "*", "--max-time", "60"] + token + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Drained before the wait: a full pipe would hold curl up for ever.
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Curl(code: process.terminationStatus, output: data)
    }
}
