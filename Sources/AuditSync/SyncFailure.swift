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
        /// New records came, so many, and none of them can be archived; they are in quarantine. The text says why.
        case noneUsable(count: Int, reasons: String)
        /// In the place of records came what is no JSON, for the first time; the text says where. All others are archived.
        case malformedRecords(String)
        /// A window could not be read in full; the text names it.
        case incomplete(String)
        /// The same, of a window that could not be read in full by the sync before either.
        case contradictory(String)
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
            "The archive belongs to organization \(expected), and the API answers for \(found). "
                + "Nothing of them was written. Use another `archive` for this token, or the token that belongs to it."
        case .noneUsable(let count, let reasons):
            "None of the \(count) new records from the API can be archived: \(reasons). They are kept in quarantine."
        case .malformedRecords(let places):
            "The API sent records that are not JSON: \(places). All others are archived; those are asked for again."
        case .incomplete(let windows):
            "The API's pages did not add up for \(windows). What was received is archived; the next sync reads it again."
        case .contradictory(let windows):
            "The API's pages did not add up for \(windows), as in the sync before. What was received is archived. Ask the "
                + "vendor why pages, `next` and `total_count` contradict each other; `--log-level debug` shows each request."
        case .cancelled: "Stopped; what was received is archived."
        }
    }
}

extension SyncFailure {
    init(_ error: APIError) {
        self.init(error.kind == .cancelled ? .cancelled : .api(error))
    }

    /// Whether what was received before it may be committed.
    var leavesProgress: Bool {
        switch kind {
        case .archive, .foreignOrganization: false
        case .api, .incomplete, .contradictory, .noneUsable, .malformedRecords, .cancelled: true
        }
    }

    /// Whether it ended the run before it came to the end of what it had to read.
    var isInterruption: Bool {
        switch kind {
        case .api, .cancelled: true
        case .archive, .foreignOrganization, .incomplete, .contradictory, .noneUsable, .malformedRecords: false
        }
    }

    var outcome: SyncReport.Outcome {
        switch kind {
        case .archive, .foreignOrganization, .noneUsable: .failed
        case .malformedRecords: .incomplete
        case .api(let error): error.kind == .rateLimited ? .stopped : .failed
        case .incomplete, .contradictory: .incomplete
        case .cancelled: .interrupted
        }
    }
}
