package import AuditArchive
package import CaptivateIQAPI
package import CivilTime

/// What a sync would ask for now, found out with few requests and without changing anything.
package struct SyncEstimate: Sendable, Equatable {
    /// Requests that it would make, about.
    package var requests: Int
    /// Events that the API counts in the times to be read.
    package var events: Int
    /// Whether these are new ones alone; else those that are archived already may be among them.
    package var isExact = false
    /// Where the times to be read begin; `nil` where no past events are asked for.
    package var from: Timestamp?
    /// What a person should know about the plan.
    package var warnings: [String]

    /// More spans of days than this are counted as one, from the first to the last.
    private static let mostSpans = 3

    /// Asks the API for the counts.
    ///
    /// - Parameter manifest: the archive's; `nil` for one that is yet to begin.
    /// - Throws: `APIError` of any kind.
    package static func make(
        _ settings: SyncSettings, manifest: Manifest?, layout: ArchiveLayout, fileSystem: any FileSystem,
        client: APIClient, now: Timestamp
    ) async throws(APIError) -> SyncEstimate {
        let resume = ResumeStore(fileSystem: fileSystem, layout: layout)
        // What was remembered of another manifest, such as that of a copy put back, counts for nothing.
        let tail = resume.tail.flatMap { $0.manifest == manifest?.digest ? $0 : nil }
        let plan = SyncPlan(manifest: manifest, settings: settings, now: now, walkedTo: tail?.seenTo)
        var estimate = SyncEstimate(
            requests: 0, events: 0, from: plan.work.ranges.first?.lowerBound, warnings: plan.warnings)
        guard !plan.isFirstWithoutBackfill else {
            // Whether the token works, and whose it is.
            estimate.requests = 2
            return estimate
        }
        let spans = plan.work.daySpans
        if let tail, spans.count == 1, manifest?.pending.isEmpty == true, !tail.isStale(at: now) {
            let query = EventQuery(startDate: tail.start)
            let total = try await client.page(PageRequest(query: query, offset: 0, limit: 1)).totalCount
            // One request shows what is new where it fits a page; else the times are read.
            if total >= tail.total, total - tail.total < settings.pageSize / 2 {
                estimate.events = total - tail.total
                estimate.isExact = true
                estimate.requests = 1
                return estimate
            }
        }
        for query in queries(of: spans) {
            let total = try await client.page(PageRequest(query: query, offset: 0, limit: 1)).totalCount
            estimate.events += total
            estimate.requests += pages(total, settings, resume)
        }
        return estimate
    }

    private static func queries(of spans: [ClosedRange<CalendarDay>]) -> [EventQuery] {
        guard spans.count > mostSpans, let first = spans.first, let last = spans.last else {
            return spans.map(\.window.query)
        }
        return [(first.lowerBound...last.upperBound).window.query]
    }

    /// Requests for a list of so many events. Neighbouring pages share a row.
    private static func pages(_ total: Int, _ settings: SyncSettings, _ resume: ResumeStore) -> Int {
        let rows = min(settings.pageSize, resume.backfill?.rows ?? settings.pageSize)
        let step = max(1, rows - 1)
        return max(1, total / step + (total % step > 0 ? 1 : 0))
    }
}
