package import CivilTime

/// What the client has done so far.
package struct APIStatistics: Sendable, Equatable {
    /// Requests sent, tries counted one by one.
    package var requests: Int
    /// Requests sent again after a fault or a 429.
    package var retries: Int
    /// Time spent waiting: for the limits, for backoffs, and for 429s to be over. Requests that wait behind one
    /// another for the limits count once; backoffs of different requests at the same time count each.
    package var waited: Duration
    /// Requests that the hourly limit still allows at this moment.
    package var requestsLeftThisHour: Int
    /// The `Date` header of the newest answer that had one.
    package var serverDate: Timestamp?

    /// Statistics with the given figures.
    package init(
        requests: Int = 0, retries: Int = 0, waited: Duration = .zero, requestsLeftThisHour: Int = 0,
        serverDate: Timestamp? = nil
    ) {
        self.requests = requests
        self.retries = retries
        self.waited = waited
        self.requestsLeftThisHour = requestsLeftThisHour
        self.serverDate = serverDate
    }
}
