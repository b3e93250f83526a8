package import AuditArchive
package import CivilTime

/// What an auditor is told of a period: the population, how complete and how exact it is, and what speaks against that.
package struct Statement: Sendable {
    /// What can be said of the population.
    package enum Conclusion: String, Sendable, CaseIterable {
        /// Every date is closed, was read to its end, and has what the API has.
        case complete
        /// The same, but for events that were erased on record.
        case completeButErased = "complete_but_erased"
        /// Something speaks against it, or nothing proves it.
        case notProven = "not_proven"
    }

    /// A reason for which nothing is called complete.
    package struct Reason: Sendable, Equatable {
        /// What kind of reason: that of a ``Completeness/Gap``, or `unchecked`.
        package var kind: String
        /// The same as a sentence.
        package var text: String
    }

    /// The events of the period, as they were written to a file.
    package struct Population: Sendable, Equatable {
        /// The file.
        package var digest: FileDigest
        /// The first event's time; nil for no events.
        package var first: Timestamp?
        /// The last event's time; nil for no events.
        package var last: Timestamp?
    }

    /// Where the population came from.
    package struct Source: Sendable, Equatable {
        /// The hosts that were asked.
        package var hosts: [String] = []
        /// The programs that asked, with their versions.
        package var writers: [String] = []
        /// The first and the last date that were asked for, over all runs.
        package var asked: ClosedRange<CalendarDay>?
        /// When the first file came.
        package var from: Timestamp?
        /// When the last one came.
        package var to: Timestamp?
        /// Files that came.
        package var files = 0
        /// Those of them that were there before the evidence was begun, or that a rebuild has taken in.
        package var adopted = 0
    }

    /// Which state of the archive it speaks of.
    package struct State: Sendable, Equatable {
        /// The archive's name.
        package var archiveID: String
        /// The commit.
        package var generation: Int
        /// When that was made.
        package var writtenAt: Timestamp
        /// Events before it are not wanted.
        package var startTimestamp: Timestamp
        /// The checksum of the manifest above its last member.
        package var digest: String
        /// Whose events these are; nil where that is not known.
        package var organization: ArchiveOrganization?
    }

    /// What vouches for the log of what was done to the archive.
    package struct Evidence: Sendable {
        /// Its newest signed head; nil where no key has signed it.
        package var checkpoint: Checkpoint?
        /// The heads that are kept in the archive, oldest first.
        package var anchors: [EvidenceAnchor]
    }

    /// What it is made of and for.
    package var settings: ArchiveStatement.Settings
    /// The population.
    package var population: Population
    /// Where that came from.
    package var source: Source
    /// The dates of the period, in order.
    package var days: [StatementDay]
    /// What may be missing of the period.
    package var completeness: Completeness
    /// What is to be said of single events.
    package var exceptions: StatementExceptions
    /// What the verification found.
    package var verification: Verification
    /// Which state of the archive it speaks of.
    package var state: State
    /// What vouches for its evidence; nil where there is none yet.
    package var evidence: Evidence?
    /// The archive's files that hold the population.
    package var files: [DataFile]

    /// What can be said of the population.
    package var conclusion: Conclusion {
        if !reasons.isEmpty { return .notProven }
        return exceptions.erased.isEmpty ? .complete : .completeButErased
    }

    /// Why nothing is called complete; empty where it is.
    package var reasons: [Reason] {
        // An erased event is on record with its hash, so that it is known what is missing.
        let gaps = completeness.gaps.filter { $0.kind != .erased }
            .map { Reason(kind: $0.kind.rawValue, text: $0.text) }
        let unchecked = days.filter { $0.state == .closed || $0.state == .erased }.filter { !$0.isProven }.map(\.date)
        guard !unchecked.isEmpty else { return gaps }
        return gaps + [Reason(kind: "unchecked", text: "Not compared with the API: \(Completeness.name(unchecked)).")]
    }
}
