@testable import AuditArchive
import CivilTime

extension ArchiveSession {
    /// The events of all files of these dates.
    func archivedEvents(of dates: Set<CalendarDay>) throws(ArchiveError) -> [ArchivedEvent] {
        var events: [ArchivedEvent] = []
        for file in files(of: dates) { events += try archivedEvents(in: file) }
        return events
    }
}
