package import CivilTime

/// Who writes the evidence of an archive.
package struct EvidenceSettings: Sendable {
    /// The host that events are fetched from.
    package var host: String

    /// The key that signs each commit; `nil` leaves that to later.
    package var signer: SigningKey?

    /// The key that signs from the next commit on, if it is to be another.
    package var rotation: Rotation?

    /// Why a log is gone on with that the signer has not signed, or that is not the manifest's; `nil` to refuse that.
    package var adoption: String?

    /// Another key that signs from now on.
    package struct Rotation: Sendable {
        /// The new key.
        package var key: SigningKey
        /// Whether the old one is lost, so that it cannot sign the head with which the new one begins.
        package var withoutOldKey: Bool

        /// Names the new key.
        package init(key: SigningKey, withoutOldKey: Bool) {
            self.key = key
            self.withoutOldKey = withoutOldKey
        }
    }

    /// Chooses what a commit says of itself, and who signs it.
    package init(host: String = "", signer: SigningKey? = nil) {
        self.host = host
        self.signer = signer
    }
}

/// What a run has asked the API for, as the evidence of its files says.
package struct AskedDates: Sendable, Equatable {
    /// The first date.
    package var from: CalendarDay

    /// The last date.
    package var to: CalendarDay

    /// The run's requests so far.
    package var requests: Int

    /// Says what was asked for.
    package init(from: CalendarDay, to: CalendarDay, requests: Int) {
        self.from = from
        self.to = to
        self.requests = requests
    }
}
