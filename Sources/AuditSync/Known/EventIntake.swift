import AuditArchive
import CaptivateIQAPI
import JSONText

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

    /// Records newly kept aside.
    private(set) var quarantined = 0

    /// New events taken, written or not.
    private(set) var events = 0

    private let startTimestamp: Timestamp
    private var sharedFrom = Timestamp.endOfTime
    private var odd = OddTally()

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
            reading.withLine(of: record) { keepAside($0, record.reason, receivedAt) }
        }
    }

    /// Learns whose events they are from elsewhere.
    mutating func learn(_ organization: ArchiveOrganization) {
        self.organization = self.organization ?? organization
    }

    private mutating func takeEvents(of reading: PageReading, _ receivedAt: Timestamp) {
        var new: [PageReading.Event] = []
        new.reserveCapacity(reading.events.count - known.probableCount(of: reading.events.lazy.map(\.key)))
        for event in reading.events {
            let isWanted = event.time >= startTimestamp
            let isShared = event.time >= sharedFrom
            switch known.meet(event.key, event.digest, isWanted: isWanted, isShared: isShared) {
            case .new: if isWanted { new.append(event) }
            case .duplicate: duplicates += 1
            case .repeated: break
            case .changed: reading.withLine(of: event) { line, _ in keepAside(line, .changed, receivedAt) }
            }
        }
        events += new.count
        buffer(new, of: reading)
    }

    /// A page that is mostly new events is kept as it is; of another, the new events are copied.
    private mutating func buffer(_ new: [PageReading.Event], of reading: PageReading) {
        let page = reading.page.bytes
        let number = new.reduce(0) { $0 + $1.size } >= page.capacity / 4 * 3 ? buffer.beginPage() : nil
        for event in new {
            if let number, let place = reading.place(of: event) {
                buffer.append(place, in: page, number: number, time: event.time)
            } else {
                reading.withLine(of: event) { line, id in buffer.append(line: line, id: id, time: event.time) }
            }
        }
    }

    private mutating func keepAside(_ line: RawSpan, _ reason: QuarantineBatch.Reason, _ receivedAt: Timestamp) {
        if quarantine.insert(line, reason, receivedAt: receivedAt) { quarantined += 1 } else { duplicates += 1 }
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
