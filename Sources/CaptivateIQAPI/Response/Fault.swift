/// Why an answer, or the lack of one, is not what was asked for, in words for the user.
package struct Fault: Sendable, Equatable {
    /// The kind of error if nothing better comes.
    package var kind: APIError.Kind
    /// What failed, without a full stop.
    package var summary: String
    /// What to do next.
    package var advice: String
    /// The answer, where it was to be JSON and is not.
    package var malformed: MalformedBody?

    /// A fault of these parts.
    package init(kind: APIError.Kind, summary: String, advice: String, malformed: MalformedBody? = nil) {
        self.kind = kind
        self.summary = summary
        self.advice = advice
        self.malformed = malformed
    }

    /// The error for a request of `url` that was given up; `tries` above 1 are told.
    package func error(url: String, tries: Int) -> APIError {
        let told = tries > 1 ? "after \(tries) tries, \(summary)" : summary
        return APIError(kind: kind, summary: told, url: url, advice: advice, malformed: malformed)
    }
}

/// What to do about an answer.
package enum ResponseVerdict: Sendable {
    /// Whether a smaller page is worth trying.
    package enum Halving: Sendable, Equatable {
        /// It would change nothing.
        case no
        /// It may help.
        case yes
        /// Nothing else can help.
        case must
    }

    /// The list that was asked for.
    case list(ListScan)
    /// Send the request again after a backoff.
    case retry(Fault, halving: Halving)
    /// Hold everything back, then send it again.
    case rateLimited(retryAfter: Duration?)
    /// Trying again is pointless.
    case permanent(Fault)
    /// The task was cancelled.
    case cancelled
}
