package import AuditArchive
package import CaptivateIQAPI

/// Why a sync did not reach its end. What it had received is archived nevertheless, unless the archive itself failed or
/// belongs to another organization.
package struct SyncFailure: Error, Sendable, CustomStringConvertible {
    /// The kinds, each with an exit code of its own.
    package enum Kind: Sendable {
        /// The archive cannot be used or written.
        case archive(ArchiveError)
        /// The API did not give what was asked for.
        case api(APIError)
        /// Events of an organization that the archive does not belong to.
        case foreignOrganization(expected: String, found: String)
        /// A window could not be read in full; the text names it.
        case incomplete(String)
        /// The task was cancelled.
        case cancelled
    }

    /// What failed.
    package var kind: Kind

    /// Wraps a kind of failure.
    package init(_ kind: Kind) {
        self.kind = kind
    }

    package var description: String {
        switch kind {
        case .archive(let error): error.description
        case .api(let error): error.description
        case .foreignOrganization(let expected, let found):
            "The archive belongs to organization \(expected), and the API answered with events of \(found). "
                + "Nothing of them was written. Use another `archive` for this token, or the token that belongs to it."
        case .incomplete(let windows):
            "The API's pages did not add up for \(windows). What was received is archived; the next sync reads it again."
        case .cancelled: "Stopped; what was received is archived."
        }
    }
}
