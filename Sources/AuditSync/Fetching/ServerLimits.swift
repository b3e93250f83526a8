import CivilTime

/// What a server has shown of how long its answers can be.
struct ServerLimits: Sendable, Equatable {
    /// Its longest page.
    var page = PageLength()

    /// Its longest list.
    var list = ListLength()

    /// The same for a run that begins.
    func beginning(at now: Timestamp) -> ServerLimits {
        ServerLimits(page: page.beginning(at: now), list: list.beginning(at: now))
    }

    /// What a later run is to know.
    var lasting: ServerLimits { ServerLimits(page: page.lasting, list: list.lasting) }
}
