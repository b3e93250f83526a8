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
    package let wasServed: Bool
    /// Its contents ever, as compact JSON texts, the newest last.
    package let versions: [[UInt8]]
    /// The time that each of these contents names, microseconds since 1970.
    package let times: [Int64]
}
