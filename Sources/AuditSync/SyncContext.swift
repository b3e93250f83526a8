import AuditArchive
import CaptivateIQAPI
import CivilTime
import Logging

/// What a sync or a comparison works with.
struct SyncContext: Sendable {
    let client: any PageSource
    let archive: ArchiveSession
    let resume: ResumeStore
    let clock: any TimeSource
    let logger: Logger
    var progress: @Sendable (SyncProgress) -> Void = { _ in }
    var begun: @Sendable (NewArchive) -> Void = { _ in }

    /// Reads pages of `client` so that records which are no JSON do not spoil the others of their page.
    init(
        client: any PageSource, archive: ArchiveSession, layout: ArchiveLayout, fileSystem: any FileSystem,
        clock: any TimeSource, logger: Logger
    ) {
        resume = ResumeStore(fileSystem: fileSystem, layout: layout)
        self.client = NarrowingSource(client, memory: MalformedMemory(resume))
        self.archive = archive
        self.clock = clock
        self.logger = logger
    }
}
