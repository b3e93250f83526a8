package import AuditRecords
package import CivilTime

extension ArchiveSession {
    /// The dates whose archived files may hold events with one of these ids, whatever their event time was when they
    /// came. Mostly none. Each one named has to be looked at: an index of fingerprints tells, and it tells of what was
    /// committed alone.
    ///
    /// The first call brings the index up to date; where it is lost or speaks of other files, it is made anew from all
    /// of the archive. A thousand ids at once cost much less than one after the other.
    ///
    /// - Throws: where a data file that has to be read for it is damaged or cannot be read.
    package func dates(thatMayHold keys: [EventKey]) async throws(ArchiveError) -> Set<CalendarDay> {
        try index.dates(thatMayHold: keys, in: manifest?.files ?? [])
    }

    /// Whether all of these ids are archived, by the index alone; `nil` where it is lost or speaks of other files.
    /// Cheap: it never reads more than the few events that a commit just before may have left to be read.
    package func areArchived(_ keys: [EventKey]) -> Bool? {
        index.areArchived(keys, in: manifest?.files ?? [])
    }

    /// Makes the index anew unless it speaks of just the archive's files, so that ``areArchived(_:)`` knows.
    ///
    /// - Throws: where a data file that has to be read for it is damaged or cannot be read.
    package func prepareIndex() async throws(ArchiveError) {
        try index.prepare(manifest?.files ?? [])
    }
}
