import AuditArchive
import AuditRecords
import CaptivateIQAPI
import CivilTime

extension SyncRun {
    /// Tries to settle the whole sync with one request for the newest rows, or two. Says whether that did it.
    func probeTail() async throws(SyncFailure) -> Bool {
        guard let hint = remembered, await isUsable(hint) else { return false }
        let probe = TailProbe(hint, pageSize: settings.pageSize)
        let reading = ParsedPage(try await page(probe.request))
        try intake.checkOrganization(reading)
        let answer = TailProbe.Answer(reading)
        var finding = probe.judge(answer)
        if case .endOnly(let arrived) = finding {
            let far = ParsedPage(try await page(probe.farRequest(arrived: arrived)))
            try intake.checkOrganization(far)
            finding = probe.judge(TailProbe.Answer(far), after: answer, arrived: arrived)
        }
        let arrivals: [EventKey]
        switch finding {
        case .unclear, .endOnly: return false
        case .nothingNew: arrivals = []
        case .arrivals(let keys): arrivals = keys
        }
        guard await areArchived(hint.edge, in: reading) else { return false }
        intake.beginWindow()
        intake.beginWalk()
        if !arrivals.isEmpty {
            try await load(reading.dates)
            guard arrivals.allSatisfy({ !intake.known.contains($0) }) else { return false }
            try await takePage(reading, new: 0..<answer.keys.count)
        }
        intake.recordTimes(of: reading, notAfter: newestLimit)
        tail = arrivals.isEmpty ? hint : probe.successor(manifest: "", after: answer, arrived: arrivals.count)
        pending = TimeRanges()
        return true
    }

    /// Keeps what the next sync can be spared, or removes what no longer holds.
    func rememberTail() async {
        guard var hint = tail, let manifest = await context.archive.manifest else { return context.hints.save(nil) }
        hint.manifest = manifest.digest
        if hint != remembered { context.hints.save(hint) }
        // Best effort: without it the next sync reads in full once more.
        if isIndexStale { try? await context.archive.prepareIndex() }
    }

    /// Whether the hint speaks of this archive as it is, and of all that this sync has to look at. A window that fits
    /// one page is better walked, where its total is exact: that takes no more requests and proves more.
    private func isUsable(_ hint: TailFingerprint) async -> Bool {
        guard let manifest = await context.archive.manifest, hint.manifest == manifest.digest,
            hint.rows > min(settings.pageSize, hint.page) || hint.rows != hint.total,
            !hint.isStale(at: context.clock.now())
        else { return false }
        let spans = DaySpan.spans(of: plan.work)
        guard spans.count == 1, let span = spans.first, span.last == nil, manifest.pending.isEmpty else { return false }
        // A day that closes is walked once more: what is late by all of the look-back has surfaced by then.
        guard manifest.completeThrough == closingDay else { return false }
        // A wider window than is needed serves as well.
        return hint.start < span.first
    }

    /// Whether the remembered rows are in the archive, but for those that it is not to hold.
    private func areArchived(_ keys: [EventKey], in reading: ParsedPage) async -> Bool {
        let unwanted = reading.events.filter { $0.time < plan.startTimestamp }.map(\.key)
        let events = Set(reading.events.map(\.key)).subtracting(unwanted)
        let answer = await context.archive.areArchived(keys.filter(events.contains))
        isIndexStale = answer == nil
        return answer ?? false
    }
}

extension TailProbe.Answer {
    /// What a page tells the probe.
    init(_ reading: ParsedPage) {
        self.init(
            total: reading.page.totalCount, keys: reading.rows.map(\.key), hasNext: reading.page.next == .present)
    }
}
