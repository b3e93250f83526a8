import AuditArchive
import AuditRecords
import CaptivateIQAPI
import CivilTime

/// Takes pages apart into what is new, what is known and what must be kept aside.
struct EventIntake: Sendable {
    /// What is archived, on its way, or seen.
    var known = KnownEvents()

    /// What is new and not written yet.
    var buffer = EventBuffer()

    /// What cannot be archived.
    var quarantine: QuarantineBatch

    /// Whose events the archive holds; the first event tells, where nothing did before.
    private(set) var organization: ArchiveOrganization?

    /// Records received that were archived already.
    private(set) var duplicates = 0

    /// What was kept aside, and why.
    private(set) var refused = RefusedRecords()

    /// What stood in the place of records of this run and is no JSON, for the first time.
    private(set) var unsettled: [MalformedRecord] = []

    /// Whether the walks of this window met any of that.
    private(set) var hasUnsettledInWindow = false

    /// Records newly kept aside.
    var quarantined: Int { refused.kept }

    /// New events taken, written or not.
    private(set) var events = 0

    /// The newest time of an event seen that is not later than the sync may claim.
    private(set) var newestTime: Timestamp?

    private let startTimestamp: Timestamp
    private var sharedFrom = Timestamp.endOfTime
    private var odd = OddTally()
    /// Whether the values of new events are remembered rather than their texts: once one came back written otherwise, more
    /// will, before they can be read from files.
    private var keepsValues = false
    private var doubts: [Doubt] = []

    init(startTimestamp: Timestamp, organization: ArchiveOrganization?, quarantine: QuarantineBatch) {
        self.startTimestamp = startTimestamp
        self.organization = organization
        self.quarantine = quarantine
    }

    /// Different records that the current walk saw.
    var seenInWalk: SeenRows { odd.seenInWalk + known.seenInWalk }

    /// Different events of the current walk that the next window shares.
    var sharedInWalk: Int { known.sharedInWalk }

    /// Different records that all walks of the window saw.
    var seenInWindow: SeenRows { odd.seenInWindow + known.seenInWindow }

    /// A new window begins.
    mutating func beginWindow() {
        hasUnsettledInWindow = false
        known.beginWindow()
        odd.beginWindow()
    }

    /// A new walk of the window begins; `shared`: from when on the next window has the same events.
    mutating func beginWalk(shared: Timestamp = .endOfTime) {
        known.beginWalk()
        sharedFrom = shared
        odd.beginWalk()
    }

    /// Takes a page. `new`: its rows that this walk has not read before; `nil` for those that arrived since.
    ///
    /// - Throws: `foreignOrganization`, before anything of the page is taken.
    mutating func take(_ reading: PageReading, new: Range<Int>?, receivedAt: Timestamp) throws(SyncFailure) {
        try checkOrganization(reading)
        takeEvents(of: reading, receivedAt)
        odd.take(reading, new: new)
        for record in reading.odd {
            if let malformed = reading.malformed(record) {
                take(malformed, receivedAt)
            } else {
                reading.withLine(of: record) { line in
                    keepAside(line, record.reason, receivedAt, example: reading.example(of: record))
                }
            }
        }
    }

    /// Takes note of how far a page's events reach, but for those that are dated later than `limit`.
    mutating func noteTimes(of reading: PageReading, notAfter limit: Timestamp) {
        for event in reading.events where event.time <= limit && newestTime.map({ $0 < event.time }) ?? true {
            newestTime = event.time
        }
    }

    /// Keeps what stands in a record's place and is no JSON, if it was the same in an earlier run; else it is left to the
    /// next one.
    private mutating func take(_ record: MalformedRecord, _ receivedAt: Timestamp) {
        guard record.wasSeenBefore || quarantine.holds(malformed: record.bytes) else {
            hasUnsettledInWindow = true
            if !unsettled.contains(where: { $0.bytes == record.bytes }) { unsettled.append(record) }
            return
        }
        switch quarantine.keep(malformed: record.bytes, receivedAt: receivedAt) {
        case .kept: refused.note(.notJSON, example: "\(record.fault)")
        case .known, .surplus: duplicates += 1
        }
    }

    /// Learns whose events they are from elsewhere.
    mutating func learn(_ organization: ArchiveOrganization) {
        self.organization = self.organization ?? organization
    }

    private mutating func takeEvents(of reading: PageReading, _ receivedAt: Timestamp) {
        var new: [PageReading.Event] = []
        new.reserveCapacity(reading.events.count - known.probableCount(of: reading.events.lazy.map(\.key)))
        for (index, event) in reading.events.enumerated() {
            let isWanted = event.time >= startTimestamp
            let isShared = event.time >= sharedFrom
            switch known.meet(event.key, event.digest, isWanted: isWanted, isShared: isShared) {
            case .new: if isWanted { new.append(event) }
            case .duplicate: duplicates += 1
            case .repeated: break
            case .differs(let value?, let isFirst): settle(event, isFirst, value, of: reading, receivedAt)
            // What is in quarantine as it was sent was found to be other content then.
            case .differs(nil, _) where quarantine.holds(event.digest): duplicates += 1
            case .differs(nil, let isFirst):
                doubts.append(Doubt(index: index, date: event.time.day, isFirst: isFirst))
            }
        }
        if keepsValues { known.learn(new.map { EventValue(key: $0.key, digest: reading.value(of: $0)) }) }
        events += new.count
        buffer(new, of: reading)
    }

    /// A page that is mostly new events is kept as it is; of another, the new events are copied.
    private mutating func buffer(_ new: [PageReading.Event], of reading: PageReading) {
        let page = reading.page.bytes
        let number = new.reduce(0) { $0 + $1.size } >= page.count / 4 * 3 ? buffer.beginPage() : nil
        for event in new {
            if let number, let place = reading.place(of: event) {
                buffer.append(place, in: page, number: number, time: event.time, key: event.key)
            } else {
                reading.withLine(of: event) { line, id in
                    buffer.append(line: line, id: id, time: event.time, key: event.key)
                }
            }
        }
    }

    private mutating func keepAside(
        _ line: RawSpan, _ reason: QuarantineBatch.Reason, _ receivedAt: Timestamp, example: @autoclosure () -> String?
    ) {
        switch quarantine.keep(line, reason, receivedAt: receivedAt) {
        case .kept: refused.note(reason, example: example())
        case .known: duplicates += 1
        case .surplus: refused.noteSurplus()
        }
    }

    /// Tells a known event that is written otherwise from one with other content. `value`: what the known one says.
    private mutating func settle(
        _ event: PageReading.Event, _ isFirst: Bool, _ value: CanonicalDigest?, of reading: PageReading,
        _ receivedAt: Timestamp
    ) {
        if value == reading.value(of: event) {
            if isFirst { duplicates += 1 }
        } else {
            reading.withLine(of: event) { line, id in
                keepAside(line, .changed, receivedAt, example: RefusedRecords.excerpt(id.text))
            }
        }
    }

    /// Refuses a page of another organization's events, and learns whose they are.
    mutating func checkOrganization(_ reading: PageReading) throws(SyncFailure) {
        guard let expected = organization ?? reading.organizations.first else { return }
        if let foreign = reading.organizations.first(where: { $0.id != expected.id }) {
            throw SyncFailure(.foreignOrganization(expected: expected.id, found: foreign.id))
        }
        organization = expected
    }
}

extension EventIntake {
    /// The failure of a run that got new records of which none can be archived.
    var noneUsable: SyncFailure? {
        // What is no JSON was told in the run before.
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
    mutating func settleDoubts(of reading: PageReading, receivedAt: Timestamp) {
        for doubt in doubts {
            let event = reading.events[doubt.index]
            settle(event, doubt.isFirst, known.value(of: event.key), of: reading, receivedAt)
        }
        doubts = []
        keepsValues = true
    }
}

extension RawSpan {
    /// UTF-8 as text.
    fileprivate var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
