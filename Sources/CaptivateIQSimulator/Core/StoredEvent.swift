/// What the catalog knows of an event; its bytes lie in the arena.
struct StoredEvent: Sendable {
    /// As it is listed.
    var version: EventVersion
    let id: EventID
    /// From when on it is seen, microseconds since 1970.
    let visibleAt: Int64
    let person: Int16
    /// Whether it is unlike the documented record, so that no archive would hold it.
    let isOdd: Bool
    /// Whether its content differs from the second time it is served.
    let changes: Bool
    /// As it was when it was first served, which is what an archive holds for good.
    var original: EventVersion?
    /// Whether it arrived with a time in the future.
    var isAhead = false

    var createdAt: Int64 { version.createdAt }

    var wasServed: Bool { original != nil }

    /// As an archive should hold it.
    var archived: EventVersion { original ?? version }

    /// As it is served now: a changing one has another field once it was served.
    var served: EventVersion {
        var served = version
        if changes && wasServed { served.revision += 1 }
        return served
    }

    /// The order of lists: by time, then id.
    func precedes(_ other: StoredEvent) -> Bool {
        createdAt != other.createdAt ? createdAt < other.createdAt : id < other.id
    }

    /// The order of the archive.
    func precedesInArchive(_ other: StoredEvent) -> Bool {
        let (one, two) = (archived.createdAt, other.archived.createdAt)
        return one != two ? one < two : id < other.id
    }
}

/// One content of an event: the vendor may give it another time or other fields later.
struct EventVersion: Equatable, Sendable {
    var location: EventLocation
    /// Microseconds since 1970.
    var createdAt: Int64
    /// Which revision it is; from the second on there is a field that says so.
    var revision = 1
}

/// An event with all its contents, for tests that know what the vendor did to it.
package struct SimulatedHistory: Equatable, Sendable {
    /// Lower-case UUID text.
    package let id: String
    /// Its time as it is listed now, microseconds since 1970.
    package let createdAt: Int64
    /// Whether it is listed now.
    package let isListed: Bool
    /// Whether it was in an answer.
    let wasServed: Bool
    /// Its contents ever, as compact JSON texts, the newest last.
    package let versions: [[UInt8]]
    /// The time that each of these contents names, microseconds since 1970.
    package let times: [Int64]
}
