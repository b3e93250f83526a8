package import AuditArchive
import CaptivateIQAPI
package import Logging

/// Remembers the hour's requests in the archive's private folder. Losing it costs requests at most, so that it is not
/// made durable and no failure stops anything.
package struct RequestLedgerFile: RequestLedgerStore {
    private static let maximumSize = 1 << 20

    private let file: PrivateFile
    private let logger: Logger

    /// The memory in the archive at `layout`; `logger` hears what could not be written.
    package init(_ layout: ArchiveLayout, fileSystem: any FileSystem, logger: Logger) {
        file = PrivateFile(layout.requests, fileSystem, largestSize: Self.maximumSize)
        self.logger = logger
    }

    /// What was saved last; nil if there is nothing, or nothing that can be read.
    package func load() -> [UInt8]? { file.read() }

    /// Replaces what was saved, in one step.
    package func save(_ bytes: [UInt8]) {
        do {
            try file.replace(with: bytes)
        } catch {
            logger.debug("The memory of the hour's requests was not written", metadata: ["error": "\(error)"])
        }
    }
}
