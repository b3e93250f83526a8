import AuditArchive
import CaptivateIQAPI
import JSONText

extension SyncRun {
    /// Tries to settle the whole sync with one request for the newest rows. Says whether that did it.
    func probeTail() async throws(SyncFailure) -> Bool {
        guard let hint = context.hints.tail, await isUsable(hint) else { return false }
        let probe = TailProbe(hint, pageSize: settings.pageSize)
        let reading = PageReading(try await page(probe.request))
        try intake.checkOrganization(reading)
        let keys = reading.events.map(\.key)
        guard reading.odd.isEmpty else { return false }
        intake.beginWalk()
        switch probe.judge(total: reading.page.totalCount, keys: keys) {
        case .unclear: return false
        case .nothingNew: tail = hint
        case .arrivals(let arrivals):
            try await load(reading.dates)
            guard arrivals.allSatisfy({ !intake.known.contains($0) }) else { return false }
            try await takeAndCommit(reading, new: 0..<keys.count)
            tail = probe.successor(generation: 0, total: reading.page.totalCount, keys: keys)
        }
        pending = TimeRanges()
        return true
    }

    /// Keeps what the next sync can be spared, or removes what no longer holds.
    func rememberTail() async {
        guard var hint = tail, let manifest = await context.archive.manifest else { return }
        hint.generation = manifest.generation
        context.hints.save(hint)
    }

    /// Whether the hint speaks of this archive as it is, and of all that this sync has to look at. A window that fits
    /// one page is better walked: that takes no more requests and proves more.
    private func isUsable(_ hint: TailHint) async -> Bool {
        guard let manifest = await context.archive.manifest, hint.generation == manifest.generation,
            hint.total > settings.pageSize
        else { return false }
        let spans = DaySpan.spans(of: plan.work)
        guard spans.count == 1, let span = spans.first, span.last == nil, manifest.pending.isEmpty else { return false }
        // A wider window than is needed serves as well.
        return hint.start < span.first && !hint.isStale(at: context.clock.now())
    }
}
