/// Makes audit-log events: the same seed, number and time give the same bytes on every machine.
///
/// The fields and their order are those of the product's sample record; `data` follows `version`.
struct EventGenerator: Sendable {
    private let seed: UInt64
    private let traits: EventTraits
    private let odds: [(kind: OddRecord, share: Double)]
    private let organization: [UInt8]
    private let foreignOrganization: [UInt8]

    /// What is known of an event whose bytes were just appended.
    struct Facts {
        let id: EventID
        /// Microseconds since 1970, as a reader of the bytes finds them (cut to the fraction that was written).
        let createdAt: Int64
        /// Index into ``Vocabulary/people`` of the effective user.
        let person: Int
        let oddity: OddRecord?
    }

    /// A generator of events of the organization in `traits`.
    init(seed: UInt64, traits: EventTraits = EventTraits()) {
        self.seed = seed
        self.traits = traits
        odds = traits.odds
        organization = Self.organizationText(id: traits.organizationID, name: traits.organizationName)
        foreignOrganization = Self.organizationText(id: "org_foreign", name: "Somebody Else Ltd")
    }

    /// Event number `number` as compact JSON text.
    ///
    /// - Parameters:
    ///   - number: which of the seed's events; each has an id of its own.
    ///   - time: when it happened, microseconds since 1970; cut down to what the event's fraction can hold.
    func event(number: UInt64, at time: Int64) -> SimulatedEvent {
        var bytes: [UInt8] = []
        let facts = append(number: number, at: time, finest: false, to: &bytes)
        return SimulatedEvent(id: facts.id.text, createdAt: facts.createdAt, json: bytes)
    }

    /// Appends event number `number` to `out`.
    ///
    /// - Parameter finest: write at least microseconds, so that the time is exactly the one asked for.
    func append(number: UInt64, at time: Int64, finest: Bool, to out: inout [UInt8]) -> Facts {
        var random = SeededGenerator(seed: seed, stream: number)
        let id = EventID(randomHigh: random.next(), randomLow: random.next())
        let digits = fractionDigits(&random, finest: finest)
        let createdAt = Self.cut(time, to: digits)
        let person = random.below(Vocabulary.people.count)
        let facts = Facts(id: id, createdAt: createdAt, person: person, oddity: oddity(&random))
        var writer = EventWriter(random: random, allowsLoneSurrogates: traits.loneSurrogates)
        if facts.oddity == .notAnObject {
            notAnObject(&writer, into: &out)
        } else {
            object(facts, digits: digits, &writer, into: &out)
        }
        return facts
    }

    private func object(_ facts: Facts, digits: Int, _ writer: inout EventWriter, into out: inout [UInt8]) {
        out.append(UInt8(ascii: "{"))
        identity(facts, &writer, into: &out)
        out.append(contentsOf: #""object":"audit_log","#.utf8)
        let foreign = traits.foreignShare > 0 && writer.random.chance(traits.foreignShare)
        out.append(contentsOf: foreign ? foreignOrganization : organization)
        users(facts.person, &writer, into: &out)
        createdAt(facts, digits: digits, &writer, into: &out)
        out.append(contentsOf: #""event_type":""#.utf8)
        writer.pick(Vocabulary.eventTypes, into: &out)
        out.append(contentsOf: #"","version":0,"#.utf8)
        if writer.random.chance(0.9) {
            out.append(contentsOf: #""data":"#.utf8)
            writer.data(into: &out)
            out.append(UInt8(ascii: ","))
        }
        writer.object(into: &out)
        out.append(UInt8(ascii: ","))
        writer.parents(into: &out)
        if writer.random.chance(0.05) {
            // Fields the documentation does not know may appear at any time.
            out.append(contentsOf: #","trace_id":"#.utf8)
            out.append(contentsOf: String(writer.random.next()).utf8)
        }
        out.append(UInt8(ascii: "}"))
    }

    private func identity(_ facts: Facts, _ writer: inout EventWriter, into out: inout [UInt8]) {
        switch facts.oddity {
        case .noID: break
        case .idNotAString:
            let values = ["12345", "null", #"{"uuid":"x"}"#, "true"]
            out.append(contentsOf: #""id":\#(values[writer.random.below(values.count)]),"#.utf8)
        default:
            out.append(contentsOf: #""id":""#.utf8)
            facts.id.append(to: &out)
            out.append(contentsOf: #"","#.utf8)
        }
    }

    private func users(_ person: Int, _ writer: inout EventWriter, into out: inout [UInt8]) {
        let impersonated = writer.random.chance(0.03)
        let actor = impersonated ? writer.random.below(Vocabulary.people.count) : person
        user("user", Vocabulary.people[person], into: &out)
        user("logged_in_user", Vocabulary.people[actor], into: &out)
        out.append(contentsOf: #""ip_address":"203.0.113.\#(writer.random.below(256))","#.utf8)
    }

    private func user(_ role: String, _ person: Vocabulary.Person, into out: inout [UInt8]) {
        for (field, value) in [("id", person.id), ("name", person.name), ("email", person.email)] {
            out.append(UInt8(ascii: "\""))
            out.append(contentsOf: role.utf8)
            out.append(UInt8(ascii: "_"))
            out.append(contentsOf: field.utf8)
            out.append(contentsOf: #"":""#.utf8)
            out.append(contentsOf: value)
            out.append(contentsOf: #"","#.utf8)
        }
    }

    private func createdAt(_ facts: Facts, digits: Int, _ writer: inout EventWriter, into out: inout [UInt8]) {
        switch facts.oddity {
        case .noCreatedAt: break
        case .unreadableCreatedAt:
            let values = ["null", "1740321000", #""yesterday""#, #""2025-02-30T10:00:00Z""#, #""2025-02-23 14:30""#]
            out.append(contentsOf: #""created_at":\#(values[writer.random.below(values.count)]),"#.utf8)
        default:
            out.append(contentsOf: #""created_at":""#.utf8)
            let zones: [Int?] = [0, 330, -480, 60]
            let offset = writer.random.chance(0.06) ? zones[writer.random.below(zones.count)] : nil
            let nanoseconds = digits == 9 ? writer.random.below(1_000) : 0
            TimestampText.appendRFC3339(
                facts.createdAt, digits: digits, offsetMinutes: offset, nanoseconds: nanoseconds, to: &out)
            out.append(contentsOf: #"","#.utf8)
        }
    }

    private func notAnObject(_ writer: inout EventWriter, into out: inout [UInt8]) {
        switch writer.random.below(4) {
        case 0: out.append(contentsOf: "[1,2,[3]]".utf8)
        case 1: out.append(contentsOf: "null".utf8)
        case 2: out.append(contentsOf: String(writer.random.next()).utf8)
        default: writer.text(into: &out)
        }
    }

    private func oddity(_ random: inout SeededGenerator) -> OddRecord? {
        guard !odds.isEmpty else { return nil }
        var draw = random.unit()
        for odd in odds {
            if draw < odd.share { return odd.kind }
            draw -= odd.share
        }
        return nil
    }

    private func fractionDigits(_ random: inout SeededGenerator, finest: Bool) -> Int {
        switch random.below(20) {
        case 0..<8: finest ? 6 : 0
        case 8..<11: finest ? 6 : 3
        case 11..<19: 6
        default: 9
        }
    }

    private static func cut(_ time: Int64, to digits: Int) -> Int64 {
        let step: Int64 = digits == 0 ? CivilTime.second : digits == 3 ? 1_000 : 1
        return CivilTime.flooredDivision(time, by: step).quotient * step
    }

    private static func organizationText(id: String, name: String) -> [UInt8] {
        Array(#""organization_id":"#.utf8) + JSONFragment.string(id) + Array(#","organization_name":"#.utf8)
            + JSONFragment.string(name) + Array(",".utf8)
    }
}

/// What kind of events an ``EventGenerator`` makes.
package struct EventTraits: Equatable, Sendable {
    /// Id of the tenant every event names.
    package var organizationID = "org_123456"
    /// Name of that tenant, unescaped.
    package var organizationName = "Acme Corp"
    /// Share of events, 0 to 1, that name another organization (`org_foreign`).
    package var foreignShare = 0.0
    /// Share of events, 0 to 1, for each kind of odd record; together at most 1.
    package var oddShares: [OddRecord: Double] = [:]
    /// Whether texts may hold the escape of half a surrogate pair: legal JSON grammar that many parsers refuse.
    package var loneSurrogates = false

    /// Kinds in one fixed order, so that a draw does not depend on hashing.
    var odds: [(kind: OddRecord, share: Double)] {
        OddRecord.allCases.compactMap { kind in oddShares[kind].map { (kind, $0) } }
    }
}

/// One event as the simulated API holds it.
package struct SimulatedEvent: Equatable, Sendable {
    /// Lower-case UUID text.
    package let id: String
    /// Microseconds since 1970-01-01T00:00:00Z, cut to the microsecond as a reader of `json` finds it.
    package let createdAt: Int64
    /// Compact JSON text in UTF-8.
    package let json: [UInt8]
}

/// A way in which a record of a page can be unlike the documented one.
package enum OddRecord: String, CaseIterable, Hashable, Sendable {
    /// An object without the key `id`.
    case noID = "no-id"
    /// `id` is a number, null or an object.
    case idNotAString = "id-not-a-string"
    /// The record is a string, number, array or null.
    case notAnObject = "not-an-object"
    /// An object without the key `created_at`.
    case noCreatedAt = "no-created-at"
    /// `created_at` is null, a number, or text that is no RFC 3339 timestamp.
    case unreadableCreatedAt = "unreadable-created-at"
}
