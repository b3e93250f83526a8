import AuditArchive
import AuditRecords
import CaptivateIQAPI
import CivilTime

/// Settles a sync with one request for the newest rows, or two, where the sync before left a fingerprint of the list.
final class TailCheck {
    /// What the next sync can be spared, once this one has found it out.
    var fingerprint: TailFingerprint?

    private let remembered: TailFingerprint?
    private let pageSize: Int
    private let archive: ArchiveSession
    /// Whether the archive could not tell without reading whether it has an event.
    private var isIndexStale = false

    /// A check by what the last sync remembered.
    init(_ remembered: TailFingerprint?, pageSize: Int, _ archive: ArchiveSession) {
        self.remembered = remembered
        self.pageSize = pageSize
        self.archive = archive
    }

    /// The newest event time that the last whole reading of the look-back had seen, if that was of this very archive.
    func seenTo(_ manifest: Manifest?) -> Timestamp? {
        remembered.flatMap { $0.manifest == manifest?.digest ? $0.seenTo : nil }
    }

    /// Whether the fingerprint speaks of this archive as it is, and of all that a sync has to look at. A window that leaves room
    /// on one page is better read, where its total is exact: that takes no more requests and proves more.
    func isUsable(for plan: SyncPlan, _ claims: SyncClaims, at now: Timestamp) async -> Bool {
        // Where the archive is to begin earlier, events are wanted that no sync has taken.
        guard let remembered, let manifest = await archive.manifest, remembered.manifest == manifest.digest,
            plan.startTimestamp == manifest.startTimestamp,
            remembered.rows >= min(pageSize, remembered.page) || remembered.rows != remembered.total
                || remembered.isEndless,
            !remembered.isStale(at: now)
        else { return false }
        let spans = plan.work.daySpans
        guard spans.count == 1, let span = spans.first, span.isOpenEnded, manifest.pending.isEmpty else { return false }
        // A day that closes is read once more: what is late by all of the look-back has surfaced by then. Where nothing but
        // the system's clock says that it closes, once is enough.
        let closing = claims.likelyClosingDay
        guard manifest.completeThrough == closing || claims.closingDay(at: remembered.walkedAt) == closing else {
            return false
        }
        // A wider window than is needed serves as well.
        return remembered.start < span.lowerBound
    }

    /// Asks for the newest rows, and takes those that arrived. Returns their page, or `nil` where that settles nothing.
    func settle(
        _ reader: WindowReader, _ ingest: Ingest,
        take: (_ page: ParsedPage, _ isLookedUp: Bool) async throws(SyncFailure) -> Void
    ) async throws(SyncFailure) -> ParsedPage? {
        guard let remembered else { return nil }
        let probe = TailProbe(remembered, pageSize: pageSize)
        let page = ParsedPage(try await reader.page(probe.request))
        try ingest.checkOrganization(page)
        let answer = TailProbe.Answer(page)
        var finding = probe.judge(answer)
        if case .endOnly(let arrived) = finding {
            let far = ParsedPage(try await reader.page(probe.farRequest(after: answer, arrived: arrived)))
            try ingest.checkOrganization(far)
            finding = probe.judge(TailProbe.Answer(far), after: answer, arrived: arrived)
        }
        let arrivals: [EventKey]
        switch finding {
        case .unclear, .endOnly: return nil
        case .nothingNew: arrivals = []
        case .arrivals(let keys): arrivals = keys
        }
        guard try await areArchived(remembered.edge, in: page, ingest) else { return nil }
        ingest.beginWindow()
        ingest.beginPass()
        guard !arrivals.isEmpty else {
            fingerprint = remembered
            return page
        }
        let texts = RowTexts(page)
        let known = probe.knownRows(of: answer, arrived: arrivals.count)
        let unchanged = unchangedEvents(of: page, known, texts, ingest)
        if let unchanged {
            // Whatever is added to a file's day, the file is looked at; and what was erased is not taken for archived.
            try await ingest.checkContents(of: page.dates)
            try await ingest.loadErased()
            ingest.insert(unchanged)
            try await ingest.lookUp(arrivals)
        } else {
            try await ingest.load(page.dates)
        }
        // What moves up behind a row that went is no arrival, and may hide one.
        let kept = try await keptRecords(in: page, ingest).union(ingest.erasedKeys(in: page))
        guard arrivals.allSatisfy({ !ingest.contains($0) && !kept.contains($0) }) else { return nil }
        try await take(page, unchanged != nil)
        fingerprint = probe.successor(manifest: "", after: answer, arrived: arrivals.count, texts: texts)
        return page
    }

    /// Keeps what the next sync can be spared, or removes what no longer holds.
    func save(to store: ResumeStore) async {
        guard var fingerprint, let manifest = await archive.manifest else { return store.save(nil) }
        fingerprint.manifest = manifest.digest
        if fingerprint != remembered { store.save(fingerprint) }
        // Best effort: without it the next sync reads in full once more.
        if isIndexStale { try? await archive.prepareIndex() }
    }

    /// The events in these rows of a page that are archived, if all rows have the texts that were compared with the archive;
    /// then its files need not be read for it.
    private func unchangedEvents(
        of page: ParsedPage, _ rows: Range<Int>?, _ texts: RowTexts, _ ingest: Ingest
    ) -> [ArchivedEvent]? {
        guard let remembered, let rows, remembered.texts.begin(with: rows, of: texts) else { return nil }
        return page.events[rows].filter { ingest.isWanted($0.time) }
            .map { ArchivedEvent(key: $0.key, digest: $0.digest) }
    }

    /// What stands for the records of a page that are no events, and are in quarantine already.
    private func keptRecords(in page: ParsedPage, _ ingest: Ingest) async throws(SyncFailure) -> Set<EventKey> {
        guard !page.unusable.isEmpty else { return [] }
        try await ingest.loadErased()
        let unkept = ingest.unkeptRecords(in: page).map(page.key(standingFor:))
        return Set(page.unusable.map(page.key(standingFor:))).subtracting(unkept)
    }

    /// Whether the remembered rows are in the archive, but for those that it is not to hold.
    private func areArchived(
        _ keys: [EventKey], in page: ParsedPage, _ ingest: Ingest
    ) async throws(SyncFailure) -> Bool {
        let unwanted = page.events.filter { !ingest.isWanted($0.time) }.map(\.key)
        let events = Set(page.events.map(\.key)).subtracting(unwanted)
        let wanted = keys.filter(events.contains)
        var answer = await archive.areArchived(wanted)
        if answer == false {
            let erased = Set(try await ingest.erasedKeys(in: page))
            answer = await archive.areArchived(wanted.filter { !erased.contains($0) })
        }
        isIndexStale = answer == nil
        return answer ?? false
    }
}

extension TailProbe.Answer {
    /// What a page tells the probe.
    init(_ page: ParsedPage) {
        self.init(total: page.page.totalCount, keys: page.rows.map(\.key), hasNext: page.page.next == .present)
    }
}
