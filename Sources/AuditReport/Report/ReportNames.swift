/// What people, addresses and things are called in a report: by their names, or, where it is redacted, by numbers that
/// tell them apart and say nothing else.
struct ReportNames: Sendable {
    private let tally: EventTally
    private let isRedacted: Bool
    private let peopleNumbers, objectNumbers, addressNumbers: [String: Int]

    init(_ tally: EventTally, isRedacted: Bool) {
        self.tally = tally
        self.isRedacted = isRedacted
        guard isRedacted else {
            (peopleNumbers, objectNumbers, addressNumbers) = ([:], [:], [:])
            return
        }
        peopleNumbers = Self.numbers(tally.people.ranked.map(\.key))
        objectNumbers = Self.numbers(tally.objects.ranked.map(\.key))
        addressNumbers = Self.numbers(
            tally.addresses.sorted { ($0.value.first, $0.key) < ($1.value.first, $1.key) }.map(\.key))
    }

    private static func numbers(_ keys: [String]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0 + 1) })
    }

    /// A person, by the key of the tally.
    func person(_ key: String) -> HTMLCell {
        if key.isEmpty { return .name("(no user)") }
        if isRedacted { return .name("Person \(peopleNumbers[key] ?? 0)") }
        guard let named = tally.people[key], !named.label.isEmpty else { return .name(key) }
        return .name(named.label, named.detail)
    }

    /// A thing that was touched, by the key of the tally, with its type.
    func object(_ key: String) -> String {
        guard let named = tally.objects[key] else { return "" }
        let label = isRedacted ? "Object \(objectNumbers[key] ?? 0)" : named.label
        return [named.detail, label].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// An address.
    func address(_ ip: String) -> String { isRedacted ? "Address \(addressNumbers[ip] ?? 0)" : ip }

    /// Other text that may name somebody.
    func other(_ text: String) -> String { isRedacted ? "(redacted)" : text }
}

extension [String: EventTally.Named] {
    /// By events, most first, then by key.
    var ranked: [(key: String, value: EventTally.Named)] {
        map { ($0.key, $0.value) }.sorted { one, other in
            one.value.events != other.value.events ? one.value.events > other.value.events : one.key < other.key
        }
    }
}
