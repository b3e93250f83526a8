import AuditArchive
import CaptivateIQAPI

/// Makes sure, once in a run, that the answers are of the archive's organization where no event has told: the token of
/// another one that has no events would agree with all that is empty, and miss all that is not.
struct OrganizationCheck {
    private let known: ArchiveOrganization?
    private let client: NarrowingClient
    private var isDone = false

    /// A check that has not asked yet; nothing is to be known of an archive whose organization is not.
    init(_ known: ArchiveOrganization?, _ client: NarrowingClient) {
        self.known = known
        self.client = client
    }

    /// Whether nothing has told yet whose the answers are.
    func isOpen(_ ingest: Ingest) -> Bool { known != nil && !isDone && !ingest.hasMetOrganization }

    /// Asks whose the token is, if nothing has told. A token that may not ask, or an API that cannot answer, is taken at its
    /// word.
    ///
    /// - Throws: `foreignOrganization`; and the API's failure, where a later run may be told.
    mutating func run(_ ingest: Ingest) async throws(SyncFailure) {
        guard let known, isOpen(ingest) else { return }
        let seen: [Organization]
        do {
            seen = try await client.organizations()
        } catch {
            switch error.kind {
            case .forbidden, .unusable: seen = []
            case .unreachable, .unauthorized, .firewall, .rateLimited, .resources, .cancelled: throw SyncFailure(error)
            }
        }
        if let first = seen.first, !seen.contains(where: { $0.id == known.id }) {
            throw SyncFailure(.foreignOrganization(expected: known.id, found: first.id))
        }
        isDone = true
    }
}
