import CivilTime

/// How far the system's clock is from the API's, as far as the `Date` headers tell.
struct ClockSkew: Sendable {
    /// Positive where the system's clock is ahead.
    private(set) var ahead = Duration.zero

    /// No answer was seen yet.
    init() {}

    /// Smaller differences are ignored: the network may cause them.
    private static let tolerance = Duration.seconds(60)

    /// The API's time by the first answer, in whole seconds.
    private(set) var firstServerDate: Timestamp?

    /// Takes an answer's `Date` header (whole seconds) and the time it came.
    mutating func record(serverDate: Timestamp?, now: Timestamp) {
        guard let serverDate else { return }
        firstServerDate = firstServerDate ?? serverDate
        let difference = now - serverDate
        ahead = difference > Self.tolerance || difference < .zero - Self.tolerance ? difference : .zero
    }

    /// The time that nothing in the archive should be later than: a clock that runs ahead is set right, for events would be
    /// missed by believing it; one that is behind only makes the sync look further back.
    func careful(_ now: Timestamp) -> Timestamp {
        ahead > .zero ? now - ahead : now
    }

    /// What the person should know.
    var warning: String? {
        guard ahead != .zero else { return nil }
        let minutes = abs(ahead.components.seconds) / 60
        return "the system's clock is \(minutes) min \(ahead > .zero ? "ahead of" : "behind") the API's; check it"
    }
}
