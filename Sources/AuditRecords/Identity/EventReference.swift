package import CivilTime

/// An event as a person would look for it: when it happened, and its id.
package struct EventReference: Sendable, Hashable, Comparable {
    /// Its event time.
    package var time: Timestamp

    /// Its id, decoded.
    package var id: String

    /// Names an event.
    package init(time: Timestamp, id: String) {
        self.time = time
        self.id = id
    }

    /// By time, then id.
    package static func < (one: EventReference, other: EventReference) -> Bool {
        (one.time, one.id) < (other.time, other.id)
    }
}
