package import CivilTime

/// What a commit says beside the files it adds.
package struct CommitMetadata: Sendable {
    /// Events before this are not wanted.
    package var startTimestamp: Timestamp

    /// Whose events these are, once that is known.
    package var organization: ArchiveOrganization?

    /// Event times that are still to be read.
    package var pending: RangeSet<Timestamp>

    /// The moment of the commit.
    package var now: Timestamp

    /// The newest event time that a sync which ended whole has seen. `nil` leaves what is known; it never moves back.
    package var syncedTo: Timestamp?

    /// The newest date that a sync which ended whole closes, with all dates before it; `nil` closes none. It is the
    /// newest one whose end plus the look-back is before the sync's beginning.
    package var closesThrough: CalendarDay?

    /// What the API said about closed dates since the last commit. `archiveCount` is what the archive has of these dates
    /// after this commit; a run of which that is not true is dropped.
    package var checks: [CheckedRun] = []

    /// What the API was asked for; `nil` where the events came otherwise.
    package var asked: AskedDates?

    /// Gathers what a commit says.
    package init(
        startTimestamp: Timestamp, organization: ArchiveOrganization?, pending: RangeSet<Timestamp>, now: Timestamp
    ) {
        self.startTimestamp = startTimestamp
        self.organization = organization
        self.pending = pending
        self.now = now
    }

    /// What a commit says that changes nothing but files: all that the manifest says, at a moment that is not before its
    /// own.
    init(keeping manifest: Manifest, now: Timestamp) {
        self.init(
            startTimestamp: manifest.startTimestamp, organization: manifest.organization, pending: manifest.pending,
            now: max(now, manifest.writtenAt))
    }
}
