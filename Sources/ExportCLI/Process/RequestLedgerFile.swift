import AuditArchive
import CaptivateIQAPI
import Logging

/// Keeps the hour's requests in a file of the archive's private folder. Losing the file costs requests at most, so it is
/// not made durable, and a failure to write it is only logged.
struct RequestLedgerFile: RequestLedgerStore {
    private static let maximumSize = 1 << 20

    private let file: PrivateFile
    private let logger: Logger

    /// The memory in the archive at `layout`; `logger` hears what could not be written.
    init(_ layout: ArchiveLayout, fileSystem: any FileSystem, logger: Logger) {
        file = PrivateFile(layout.requests, fileSystem, largestSize: Self.maximumSize)
        self.logger = logger
    }

    /// What was saved last; nil if there is nothing, or nothing that can be read.
    func load() -> [UInt8]? { file.read() }

    /// Replaces what was saved, in one step.
    func save(_ bytes: [UInt8]) {
        do {
            try file.replace(with: bytes)
        } catch {
            logger.debug("The memory of the hour's requests was not written", metadata: ["error": "\(error)"])
        }
    }
}
