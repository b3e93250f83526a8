import AuditArchive
import CaptivateIQAPI
import CivilTime

/// An event of the page that was just taken whose id is known with another text: the same members in another order, or
/// other content. To tell, what the known one says has to be found out.
struct Doubt: Sendable {
    /// The event's place among the page's events.
    var index: Int
    /// Its date. What is known under another date has another `created_at`, and so other content.
    var date: CalendarDay
    /// Whether the walk meets the event for the first time.
    var isFirst: Bool
}

extension PageRun {
    /// Settles what ``Ingest/take(_:new:receivedAt:)`` left in doubt about a page: reads what is known of the dates,
    /// in memory, staged or archived, once for each date. Nothing is committed for it.
    func settleDoubts(of reading: ParsedPage) async throws(SyncFailure) {
        guard intake.isInDoubt else { return }
        for date in intake.datesInDoubt.sorted() {
            intake.learnFromBuffer(date)
            do {
                for values in try await context.archive.values(of: date) { intake.known.learn(values) }
            } catch {
                throw SyncFailure(.archive(error))
            }
            intake.known.recordValues(of: date)
        }
        intake.settleDoubts(of: reading, receivedAt: context.clock.now())
    }
}
