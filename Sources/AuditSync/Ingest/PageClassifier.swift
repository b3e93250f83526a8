import AuditArchive
import AuditRecords
import CaptivateIQAPI
import CivilTime
import JSONText

/// Takes pages apart into new events, known events and records that cannot be archived.
struct PageClassifier {
    /// An event of a page whose id is known with another text: the same members in another order, or other content. To
    /// tell, the content of the known event has to be found out.
    private struct Doubt {
        /// The event's place among the page's events.
        var index: Int
        /// Its date. What is known under another date has another `created_at`, and so other content.
        var date: CalendarDay
        /// Whether the pass meets the event for the first time.
        var isFirst: Bool
    }

    /// Events that are archived, on their way, or seen.
    var known = KnownEvents()

    /// SHA-256 of the ids of events that were erased: they are known, whatever their records say now.
    var erased: Set<TreeHash> = []

    /// New events that are not written yet.
    var buffer = EventBuffer()

    /// Records that cannot be archived and are not written yet.
    var quarantineBatch: QuarantineBatch

    /// Whose events the archive holds; the first event tells, where nothing did before.
    private(set) var organization: ArchiveOrganization?

    /// Whether an event of this run has told whose it is.
    private(set) var hasMetOrganization = false

    /// Records received that were archived already.
    private(set) var duplicates = 0

    /// What was put in quarantine, and why.
    private(set) var refused = RefusedRecords()

    /// What stood in the place of records for the first time, and is no JSON.
    private var unsettled: [MalformedRecord] = []

    /// Whether the passes of this window met any of that.
    private(set) var hasUnsettledInWindow = false

    /// Records newly put in quarantine.
    var quarantined: Int { refused.kept }

    /// New events taken, written or not.
    private(set) var events = 0

    /// The newest time of an event seen that is not later than the sync may claim.
    private(set) var newestTime: Timestamp?

    private let startTimestamp: Timestamp
    private let pruned: RangeSet<Timestamp>
    private var sharedFrom = Timestamp.endOfTime
    private var unusable = UnusableTally()
    /// Whether the values of new events are remembered rather than their texts: once one came back written otherwise, more
    /// will, before they can be read from files.
    private var keepsValues = false
    private var doubts: [Doubt] = []

    /// Events before `startTimestamp`, and those of times that were pruned, are not wanted.
    init(
        startTimestamp: Timestamp, pruned: RangeSet<Timestamp> = RangeSet(), organization: ArchiveOrganization?,
        quarantine: QuarantineBatch
    ) {
        self.startTimestamp = startTimestamp
        self.pruned = pruned
        self.organization = organization
        quarantineBatch = quarantine
    }

    /// Different records that the current pass saw.
    var seenInPass: SeenRows { unusable.seenInPass + known.seenInPass }

    /// Different events of the current pass that the next window shares.
    var sharedInPass: Int { known.sharedInPass }

    /// Different records that all passes of the window saw.
    var seenInWindow: SeenRows { unusable.seenInWindow + known.seenInWindow }

    /// Records that are no events, as the current pass saw them.
    var unusableInPass: Int { unusable.seenInPass.most }

    /// A new window begins.
    mutating func beginWindow() {
        hasUnsettledInWindow = false
        known.beginWindow()
        unusable.beginWindow()
    }

    /// A new pass over the window begins; `shared`: from when on the next window has the same events.
    mutating func beginPass(shared: Timestamp = .endOfTime) {
        known.beginPass()
        sharedFrom = shared
        unusable.beginPass()
    }

    /// Takes a page apart. `new`: its rows that this pass has not read before; `nil` for those that arrived since.
    ///
    /// - Throws: `foreignOrganization`, before anything of the page is taken.
    mutating func classify(_ page: ParsedPage, new: Range<Int>?, receivedAt: Timestamp) throws(SyncFailure) {
        try checkOrganization(page)
        classifyEvents(of: page, receivedAt)
        unusable.count(page, new: new)
        for record in page.unusable {
            if let malformed = page.malformed(record) {
                quarantine(malformed, receivedAt)
            } else {
                page.withLine(of: record) { line in
                    if isErased(line) { return duplicates += 1 }
                    quarantine(line, record.reason, receivedAt, example: page.example(of: record))
                }
            }
        }
    }

    /// Counts a page's rows as seen, and takes nothing.
    mutating func count(_ page: ParsedPage, new: Range<Int>?) {
        unusable.count(page, new: new)
        for event in page.events { _ = known.classify(event.key, event.digest, isWanted: false, isShared: false) }
    }

    /// Whether an event of this time is to be archived.
    func isWanted(_ time: Timestamp) -> Bool {
        time >= startTimestamp && (pruned.isEmpty || !pruned.contains(time))
    }

    /// Takes note of how far a page's events reach, but for those that are dated later than `limit`.
    mutating func recordTimes(of page: ParsedPage, notAfter limit: Timestamp) {
        for event in page.events where event.time <= limit && newestTime.map({ $0 < event.time }) ?? true {
            newestTime = event.time
        }
    }

    /// Puts what is no JSON in quarantine, if it was the same in an earlier run; else it is left to the next one.
    private mutating func quarantine(_ record: MalformedRecord, _ receivedAt: Timestamp) {
        guard record.wasSeenBefore || quarantineBatch.holds(malformed: record.bytes) else {
            hasUnsettledInWindow = true
            if !unsettled.contains(where: { $0.bytes == record.bytes }) { unsettled.append(record) }
            return
        }
        switch quarantineBatch.keep(malformed: record.bytes, receivedAt: receivedAt) {
        case .kept: refused.record(.notJSON, example: "\(record.fault)")
        case .known, .surplus: duplicates += 1
        }
    }

    /// Learns whose events they are from elsewhere.
    mutating func learn(_ organization: ArchiveOrganization) {
        self.organization = self.organization ?? organization
    }

    /// Whether an event was erased.
    func isErased(_ event: ParsedPage.Event, of page: ParsedPage) -> Bool {
        !erased.isEmpty && page.withLine(of: event) { _, id in erased.contains(.plain(id)) }
    }

    /// The records of a page that are no events, and in quarantine neither.
    func unkeptRecords(in page: ParsedPage) -> [ParsedPage.UnusableRecord] {
        page.unusable.filter { record in
            if let malformed = page.malformed(record) { return !quarantineBatch.holds(malformed: malformed.bytes) }
            return page.withLine(of: record) { line in !quarantineBatch.holds(record: line) && !isErased(line) }
        }
    }

    /// Whether a record has the id of an event that was erased.
    private func isErased(_ line: RawSpan) -> Bool {
        guard !erased.isEmpty, let id = (try? RecordScan(line: line))?.id else { return false }
        return id.withDecodedBytes(in: line) { erased.contains(.plain($0)) }
    }

    private mutating func classifyEvents(of page: ParsedPage, _ receivedAt: Timestamp) {
        var new: [ParsedPage.Event] = []
        new.reserveCapacity(page.events.count - known.probableCount(of: page.events.lazy.map(\.key)))
        for (index, event) in page.events.enumerated() {
            let isWanted = isWanted(event.time)
            let isShared = event.time >= sharedFrom
            let isErased = isErased(event, of: page)
            switch known.classify(event.key, event.digest, isWanted: isWanted && !isErased, isShared: isShared) {
            case _ where isErased: duplicates += 1
            case .new: if isWanted { new.append(event) }
            case .duplicate: duplicates += 1
            case .repeated: break
            case .differs(let value?, let isFirst): settle(event, isFirst, value, of: page, receivedAt)
            // What is in quarantine as it was sent was found to be other content then.
            case .differs(nil, _) where quarantineBatch.holds(event.digest): duplicates += 1
            case .differs(nil, let isFirst):
                doubts.append(Doubt(index: index, date: event.time.day, isFirst: isFirst))
            }
        }
        if keepsValues { known.learn(new.map { EventValue(key: $0.key, digest: page.value(of: $0)) }) }
        events += new.count
        buffer(new, of: page)
    }

    /// A page that is mostly new events is kept as it is; of another, the new events are copied.
    private mutating func buffer(_ new: [ParsedPage.Event], of page: ParsedPage) {
        let bytes = page.page.bytes
        let number = new.reduce(0) { $0 + $1.size } >= bytes.count / 4 * 3 ? buffer.beginPage() : nil
        for event in new {
            if let number, let place = page.place(of: event) {
                buffer.append(place, in: bytes, number: number, time: event.time, key: event.key)
            } else {
                page.withLine(of: event) { line, id in
                    buffer.append(line: line, id: id, time: event.time, key: event.key)
                }
            }
        }
    }

    private mutating func quarantine(
        _ line: RawSpan, _ reason: QuarantineBatch.Reason, _ receivedAt: Timestamp, example: @autoclosure () -> String?
    ) {
        switch quarantineBatch.keep(line, reason, receivedAt: receivedAt) {
        case .kept: refused.record(reason, example: example())
        case .known: duplicates += 1
        case .surplus: refused.recordSurplus()
        }
    }

    /// Tells a known event that is written otherwise from one with other content. `value`: what the known one says.
    private mutating func settle(
        _ event: ParsedPage.Event, _ isFirst: Bool, _ value: CanonicalDigest?, of page: ParsedPage,
        _ receivedAt: Timestamp
    ) {
        if value == page.value(of: event) {
            if isFirst { duplicates += 1 }
        } else {
            page.withLine(of: event) { line, id in
                quarantine(line, .changed, receivedAt, example: RefusedRecords.excerpt(id.text))
            }
        }
    }

    /// Refuses a page of another organization's events, and learns whose they are.
    mutating func checkOrganization(_ page: ParsedPage) throws(SyncFailure) {
        guard let expected = organization ?? page.organizations.first else { return }
        if !page.organizations.isEmpty { hasMetOrganization = true }
        if let foreign = page.organizations.first(where: { $0.id != expected.id }) {
            throw SyncFailure(.foreignOrganization(expected: expected.id, found: foreign.id))
        }
        organization = expected
    }
}

extension PageClassifier {
    /// Why a run cannot count as whole although it read everything, if so.
    var failure: SyncFailure? { malformedRecords ?? noneUsable }

    /// The failure of a run that got new records of which none can be archived.
    private var noneUsable: SyncFailure? {
        // The run before has reported what is no JSON.
        guard events == 0, refused.refusedJSON > 0 else { return nil }
        return SyncFailure(.noneUsable(count: refused.refused, reasons: refused.reasons))
    }

    /// The failure of a run that got what is no JSON in the place of records, for the first time.
    var malformedRecords: SyncFailure? {
        guard !unsettled.isEmpty else { return nil }
        let places = unsettled.prefix(4).map { record in
            let days =
                "\(record.query.startDate?.description ?? "the beginning") to "
                + "\(record.query.endDate?.description ?? "now")"
            return "\(days), offset \(record.offset), in the record at \(record.fault)"
        }
        let more = unsettled.count > places.count ? "; and \(unsettled.count - places.count) more" : ""
        return SyncFailure(.malformedRecords(places.joined(separator: "; ") + more))
    }

    /// Whether something is in doubt about the page that was taken last.
    var isInDoubt: Bool { !doubts.isEmpty }

    /// The dates to find out about for that.
    var datesInDoubt: Set<CalendarDay> { known.datesWithoutValues(Set(doubts.map(\.date))) }

    /// Finds out what the events of a date say that are in memory.
    mutating func learnFromBuffer(_ date: CalendarDay) { known.learn(buffer.values(of: date)) }

    /// Settles what was in doubt about a page, after all that is known of its dates was found out.
    mutating func settleDoubts(of page: ParsedPage, receivedAt: Timestamp) {
        for doubt in doubts {
            let event = page.events[doubt.index]
            settle(event, doubt.isFirst, known.value(of: event.key), of: page, receivedAt)
        }
        doubts = []
        keepsValues = true
    }
}

/// Counts the records without an id that the passes over a window saw. Only their content tells them apart, and two can have
/// the same.
private struct UnusableTally {
    private var pass: [CanonicalDigest: Int] = [:]
    /// The most that any earlier pass over the window saw of each.
    private var window: [CanonicalDigest: Int] = [:]

    /// Records that the current pass saw.
    var seenInPass: SeenRows { Self.rows(pass) }

    /// Different records that all passes over the window saw.
    var seenInWindow: SeenRows { Self.rows(window.merging(pass, uniquingKeysWith: max)) }

    private static func rows(_ records: [CanonicalDigest: Int]) -> SeenRows {
        var rows = SeenRows(records.count)
        rows.most = records.values.reduce(0, +)
        return rows
    }

    /// A new window begins.
    mutating func beginWindow() {
        pass = [:]
        window = [:]
    }

    /// A new pass over the window begins.
    mutating func beginPass() {
        window.merge(pass, uniquingKeysWith: max)
        pass = [:]
    }

    /// Counts the records of a page that are among the rows `new`, which the pass had not read before. Without `new`, where
    /// it cannot be told which rows were read before, those that no page of the pass had.
    mutating func count(_ page: ParsedPage, new: Range<Int>?) {
        for record in page.unusable {
            if new?.contains(record.row) ?? (pass[record.value] == nil) { pass[record.value, default: 0] += 1 }
        }
    }
}

extension RawSpan {
    /// UTF-8 as text.
    fileprivate var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
