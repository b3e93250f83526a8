import AuditArchive
import CaptivateIQAPI
import CivilTime
import Logging

/// What a sync or a comparison works with.
struct SyncContext: Sendable {
    let client: NarrowingClient
    let archive: ArchiveSession
    let resume: ResumeStore
    let clock: any TimeSource
    let logger: Logger
    let progress: @Sendable (SyncProgress) -> Void
    let begun: @Sendable (NewArchive) -> Void

    /// Reads pages of `client` so that records which are no JSON do not spoil the others of their page.
    init(
        client: APIClient, archive: ArchiveSession, layout: ArchiveLayout, fileSystem: any FileSystem,
        clock: any TimeSource, logger: Logger, progress: @escaping @Sendable (SyncProgress) -> Void = { _ in },
        begun: @escaping @Sendable (NewArchive) -> Void = { _ in }
    ) {
        resume = ResumeStore(fileSystem: fileSystem, layout: layout)
        self.client = NarrowingClient(client, memory: MalformedMemory(resume))
        self.archive = archive
        self.clock = clock
        self.logger = logger
        self.progress = progress
        self.begun = begun
    }
}

extension SyncContext {
    /// The organization that the token is for. `nil` where the API does not say, or names several: the first event will
    /// tell as well.
    func onlyOrganization() async throws(SyncFailure) -> ArchiveOrganization? {
        do {
            let organizations = try await client.organizations()
            guard organizations.count == 1, let only = organizations.first else { return nil }
            return ArchiveOrganization(id: only.id, name: only.name)
        } catch {
            if error.kind == .cancelled { throw SyncFailure(.cancelled) }
            logger.debug("the organization could not be asked for", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
