/// What the catalog knows of an event; its bytes lie in the arena.
struct StoredEvent: Sendable {
    let location: EventLocation
    let id: EventID
    /// Microseconds since 1970.
    let createdAt: Int64
    /// From when on it is seen, microseconds since 1970.
    let visibleAt: Int64
    let person: Int16
    /// Whether it is unlike the documented record, so that no archive would hold it.
    let isOdd: Bool
    /// Whether its content differs from the second time it is served.
    let changes: Bool
    var wasServed = false

    /// The order of the archive: by time, then id.
    func precedes(_ other: StoredEvent) -> Bool {
        createdAt != other.createdAt ? createdAt < other.createdAt : id < other.id
    }
}
