import AuditRecords
import CivilTime
import JSONText

/// What the events of some files come to. Tallies of different files are added up in any order to the same sum.
struct EventTally: Sendable {
    /// Somebody or something that events name, by its id.
    struct Named: Sendable {
        var events = 0
        /// What it was called last, and when.
        var label = ""
        var detail = ""
        var labelledAt = Timestamp(microseconds: .min)

        mutating func name(_ label: String, _ detail: String, at time: Timestamp) {
            guard (time, label, detail) > (labelledAt, self.label, self.detail) else { return }
            (labelledAt, self.label, self.detail) = (time, label, detail)
        }

        mutating func add(_ other: Named) {
            events += other.events
            name(other.label, other.detail, at: other.labelledAt)
        }
    }

    /// Who acted as whom.
    struct Pair: Hashable, Sendable {
        var loggedIn: String
        var effective: String
    }

    /// How often, and when first and last.
    struct Span: Sendable {
        var events: Int
        var first: Timestamp
        var last: Timestamp

        mutating func add(_ other: Span) {
            events += other.events
            first = min(first, other.first)
            last = max(last, other.last)
        }
    }

    /// An address, and who used it first.
    struct Address: Sendable {
        var events: Int
        var first: Timestamp
        var person: String

        mutating func add(_ other: Address) {
            events += other.events
            if (other.first, other.person) < (first, person) { (first, person) = (other.first, other.person) }
        }
    }

    /// Kinds of event that a reviewer looks at one by one.
    enum Notable: Int, CaseIterable, Sendable {
        case deletion, export, approval

        /// The part of an event type that tells.
        var mark: String { ["delete", "export", "approv"][rawValue] }
        var title: String { ["Deletions", "Exports", "Approvals"][rawValue] }

        init?(_ type: String) {
            let lowercased = type.lowercased()
            guard let kind = Self.allCases.first(where: { lowercased.contains($0.mark) }) else { return nil }
            self = kind
        }
    }

    /// One of them.
    struct Note: Sendable {
        var time: Timestamp
        var id: String
        var type: String
        var object: String
        var person: String

        var order: (Timestamp, String) { (time, id) }
    }

    static let mostNotes = 20

    var events = 0
    var impersonated = 0
    var days: [CalendarDay: Int] = [:]
    /// Events of the hours of the week, from Monday 00:00 UTC on.
    var hours = [Int](repeating: 0, count: 168)
    var people: [String: Named] = [:]
    var types: [String: Int] = [:]
    var objects: [String: Named] = [:]
    var pairs: [Pair: Span] = [:]
    /// Of all events up to the range's end.
    var addresses: [String: Address] = [:]
    var notable: [String: [Int]] = [:]
    /// The newest ones, newest first.
    var notes: [Note] = []
    var lateness = LatenessTally()

    /// Adds an event. `isCounted` is false for one before the range, of which only the address counts.
    mutating func add(_ fields: EventFields, _ line: RawSpan, _ time: Timestamp, isCounted: Bool) {
        let user = Identity(fields.user, line)
        if let ip = fields.ipAddress?.string(in: line), !ip.isEmpty {
            let address = Address(events: isCounted ? 1 : 0, first: time, person: user.key)
            if addresses[ip]?.add(address) == nil { addresses[ip] = address }
            if !isCounted { people[user.key, default: Named()].name(user.label, user.detail, at: time) }
        }
        guard isCounted else { return }
        events += 1
        days[time.day, default: 0] += 1
        let minuteOfDay = (time.microseconds - time.day.start.microseconds) / 60_000_000
        hours[time.day.weekday * 24 + Int(minuteOfDay / 60)] += 1
        people[user.key, default: Named()].events += 1
        people[user.key, default: Named()].name(user.label, user.detail, at: time)
        let type = fields.eventType?.string(in: line) ?? ""
        types[type, default: 0] += 1
        let object = Identity(fields.object, line)
        if let object {
            objects[object.key, default: Named()].events += 1
            objects[object.key, default: Named()].name(object.label, object.detail, at: time)
        }
        if fields.isImpersonated(in: line) { addPair(Identity(fields.loggedInUser, line), user, time) }
        guard let kind = Notable(type) else { return }
        notable[user.key, default: [0, 0, 0]][kind.rawValue] += 1
        add(
            Note(
                time: time, id: fields.id?.string(in: line) ?? "", type: type, object: object?.key ?? "",
                person: user.key))
    }

    private mutating func addPair(_ loggedIn: Identity, _ user: Identity, _ time: Timestamp) {
        impersonated += 1
        people[loggedIn.key, default: Named()].name(loggedIn.label, loggedIn.detail, at: time)
        let span = Span(events: 1, first: time, last: time)
        let pair = Pair(loggedIn: loggedIn.key, effective: user.key)
        if pairs[pair]?.add(span) == nil { pairs[pair] = span }
    }

    private mutating func add(_ note: Note) {
        if notes.count == Self.mostNotes, let last = notes.last, note.order <= last.order { return }
        let place = notes.firstIndex { $0.order < note.order } ?? notes.endIndex
        notes.insert(note, at: place)
        if notes.count > Self.mostNotes { notes.removeLast() }
    }

    /// Adds what the events of other files come to.
    mutating func add(_ other: EventTally) {
        events += other.events
        impersonated += other.impersonated
        days.merge(other.days, uniquingKeysWith: +)
        for index in hours.indices { hours[index] += other.hours[index] }
        people.merge(other.people) { $0.adding($1) }
        types.merge(other.types, uniquingKeysWith: +)
        objects.merge(other.objects) { $0.adding($1) }
        pairs.merge(other.pairs) { $0.adding($1) }
        addresses.merge(other.addresses) { $0.adding($1) }
        notable.merge(other.notable) { zip($0, $1).map(+) }
        for note in other.notes { add(note) }
        lateness.add(other.lateness)
    }
}

extension EventTally.Named {
    fileprivate func adding(_ other: Self) -> Self {
        var sum = self
        sum.add(other)
        return sum
    }
}

extension EventTally.Span {
    fileprivate func adding(_ other: Self) -> Self {
        var sum = self
        sum.add(other)
        return sum
    }
}

extension EventTally.Address {
    fileprivate func adding(_ other: Self) -> Self {
        var sum = self
        sum.add(other)
        return sum
    }
}

/// Who or what an event names: its id, else what it has, and what to call it.
private struct Identity {
    var key: String
    var label: String
    var detail: String

    init(_ person: EventFields.Person, _ line: RawSpan) {
        let (id, name) = (Self.text(person.id, line), Self.text(person.name, line))
        let email = Self.text(person.email, line)
        key = [id, email, name].first { !$0.isEmpty } ?? ""
        label = [name, email, id].first { !$0.isEmpty } ?? ""
        detail = email == label ? "" : email
    }

    init?(_ object: EventFields.Object, _ line: RawSpan) {
        let (id, name) = (Self.text(object.id, line), Self.text(object.name, line))
        detail = Self.text(object.type, line)
        key = id.isEmpty ? "\(detail) \(name)" : id
        label = name.isEmpty ? id : name
        if label.isEmpty, detail.isEmpty { return nil }
    }

    private static func text(_ string: JSONString?, _ line: RawSpan) -> String { string?.string(in: line) ?? "" }
}

/// How long after they happened events were archived.
struct LatenessTally: Sendable, Equatable {
    /// The end of each class, in hours, and its name.
    static let classes: [(hours: Int, title: String)] = [
        (1, "up to 1 hour"), (6, "1 to 6 hours"), (24, "6 to 24 hours"), (48, "1 to 2 days"), (168, "2 to 7 days"),
        (.max, "more than 7 days")
    ]

    /// Events of each class.
    var counts = [Int](repeating: 0, count: classes.count)
    /// Events from before the archive's first commit, which came with a backfill.
    var backfilled = 0
    /// Events whose files do not say when they came: compacted, or made anew.
    var unknown = 0
    /// Events dated later than they were archived.
    var ahead = 0

    /// Adds an event. `archivedAt` is when its file came, where that is known; `begin` when the archive's first one did.
    mutating func add(_ time: Timestamp, archivedAt: Timestamp?, begin: Timestamp?) {
        if let begin, time < begin {
            backfilled += 1
        } else if let archivedAt {
            guard time <= archivedAt else { return ahead += 1 }
            let hours = (archivedAt.microseconds - time.microseconds + 3_599_999_999) / 3_600_000_000
            counts[Self.classes.firstIndex { hours <= $0.hours } ?? counts.count - 1] += 1
        } else {
            unknown += 1
        }
    }

    mutating func add(_ other: LatenessTally) {
        for index in counts.indices { counts[index] += other.counts[index] }
        backfilled += other.backfilled
        unknown += other.unknown
        ahead += other.ahead
    }
}
