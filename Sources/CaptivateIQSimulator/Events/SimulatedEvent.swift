/// One event as the simulated API holds it.
package struct SimulatedEvent: Equatable, Sendable {
    /// Lower-case UUID text.
    package let id: String
    /// Microseconds since 1970-01-01T00:00:00Z, cut to the microsecond as a reader of `json` finds it.
    package let createdAt: Int64
    /// Compact JSON text in UTF-8.
    package let json: [UInt8]
}
