package import CivilTime

/// How far the system's clock is from the API's, as far as the `Date` headers tell.
package struct ClockSkew: Sendable {
    /// Positive where the system's clock is ahead.
    package private(set) var ahead = Duration.zero

    /// No answer was seen yet.
    package init() {}

    /// Less than this is the network, or nobody's business.
    private static let tolerance = Duration.seconds(60)

    /// The API's time by the first answer, in whole seconds.
    package private(set) var firstServerDate: Timestamp?

    /// Takes an answer's `Date` header (whole seconds) and the time it came.
    package mutating func note(serverDate: Timestamp?, now: Timestamp) {
        guard let serverDate else { return }
        firstServerDate = firstServerDate ?? serverDate
        let difference = now - serverDate
        ahead = difference > Self.tolerance || difference < .zero - Self.tolerance ? difference : .zero
    }

    /// The time that nothing in the archive should be later than: a clock that runs ahead is set right, for events would be
    /// missed by believing it; one that is behind only makes the sync look further back.
    package func careful(_ now: Timestamp) -> Timestamp {
        ahead > .zero ? now - ahead : now
    }

    /// What the person should know.
    package var warning: String? {
        guard ahead != .zero else { return nil }
        let minutes = abs(ahead.components.seconds) / 60
        return "the system's clock is \(minutes) min \(ahead > .zero ? "ahead of" : "behind") the API's; check it"
    }
}
