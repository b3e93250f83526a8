/// Why the API did not give what was asked for. Never holds any of the token.
package struct APIError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure, and so which exit code.
    package enum Kind: Sendable, Equatable {
        /// Not reached, or kept failing with 5xx, resets, time-outs (exit 69).
        case unreachable
        /// Answers of the wrong kind: HTML, wrong shape, redirects, unexpected statuses (exit 76).
        case unusable
        /// 401 (exit 77).
        case unauthorized
        /// 403 (exit 77).
        case forbidden
        /// 401 or 403 with a page that is not the API's (exit 77).
        case firewall
        /// Nothing but 429 for 65 minutes (exit 75).
        case rateLimited
        /// The task was cancelled.
        case cancelled
    }

    /// The kind of failure.
    package let kind: Kind
    /// What failed, in one sentence without a full stop.
    package let summary: String
    /// The URL asked for.
    package let url: String
    /// What to do next; may have several sentences. Empty for `cancelled`.
    package let hint: String
    /// The last answer, where it was to be JSON and is not. In no message.
    package let malformed: MalformedBody?

    /// An error of the given parts.
    package init(kind: Kind, summary: String, url: String, hint: String, malformed: MalformedBody? = nil) {
        self.kind = kind
        self.summary = summary
        self.url = url
        self.hint = hint
        self.malformed = malformed
    }

    /// What failed, where, what to do next.
    package var description: String {
        let head = "\(summary) (\(url))"
        return hint.isEmpty ? head : "\(head). \(hint)"
    }
}
