import AuditArchive
import CaptivateIQAPI
import Logging
import SystemPackage

/// Keeps the hour's requests in a file of the archive's private folder. Losing the file costs requests at most, so it is
/// not made durable, and a failure to write it is only logged.
struct RequestLedgerFile: RequestLedgerStore {
    private static let maximumSize = 1 << 20

    private let path: FilePath
    private let temporaryPath: FilePath
    private let fileSystem: any FileSystem
    private let logger: Logger

    /// The file in the archive at `layout`. `logger` gets the errors.
    init(_ layout: ArchiveLayout, fileSystem: any FileSystem, logger: Logger) {
        path = layout.hint("requests.json")
        temporaryPath = layout.hint("requests.json.new")
        self.fileSystem = fileSystem
        self.logger = logger
    }

    /// What was saved last; nil if there is nothing, or nothing that can be read.
    func load() -> [UInt8]? {
        try? fileSystem.contents(of: path, atMost: Self.maximumSize)
    }

    /// Replaces what was saved, in one step.
    func save(_ bytes: [UInt8]) {
        do throws(FileSystemError) {
            try fileSystem.removeIfPresent(temporaryPath)
            let file = try fileSystem.create(temporaryPath)
            do throws(FileSystemError) {
                try file.writeAll(bytes.span.bytes, at: temporaryPath)
            } catch {
                try? file.close()
                throw error
            }
            try file.close()
            try fileSystem.rename(temporaryPath, to: path)
        } catch {
            logger.debug("The memory of the hour's requests was not written", metadata: ["error": "\(error)"])
        }
    }
}
