import AuditRecords
import CivilTime
import JSONText

/// Decides what to do about an answer, from the answer alone. Facts from the vendor's reference ("Errors", "Rate limits").
struct ResponseClassifier: Sendable {
    /// Redacted from answers that echo it.
    let token: APIToken

    /// What to do about `response`.
    ///
    /// - Parameter now: the wall clock, for a `Retry-After` date in an answer without `Date`.
    func verdict(on response: HTTPResponse, now: Timestamp) -> ResponseVerdict {
        switch response.status {
        case 200..<300: success(response)
        case 300..<400: .permanent(redirect(response))
        case 401, 403: .permanent(refusal(response))
        case 408, 425: .retry(serverFault(response), halving: .no)
        case 429: .rateLimited(retryAfter: retryAfter(response, now: now))
        case 502: .retry(serverFault(response), halving: .yes)
        case 500..<600: .retry(serverFault(response), halving: .no)
        default: .permanent(unexpectedStatus(response))
        }
    }

    private func success(_ response: HTTPResponse) -> ResponseVerdict {
        do {
            if let list = ListScan(try PageScan(page: response.body.span.bytes)) { return .list(list) }
            return .retry(unusable(response, "without a usable total_count or data"), halving: .no)
        } catch {
            if let names = ContentEncoding.unsupported(in: response.values(of: "Content-Encoding")) {
                return verdict(on: .encoded(names))
            }
            if BodyKind(of: response) == .html { return .retry(unusable(response, "that is HTML"), halving: .no) }
            return .retry(malformed(response, error), halving: .no)
        }
    }

    private func malformed(_ response: HTTPResponse, _ error: JSONTextError) -> RequestFailure {
        let body = MalformedBody(response.body, token: token)
        let place = error.offset > 0 ? " (\(error))" : ""
        return RequestFailure(
            kind: .unusable,
            summary: "the API sent an answer that is not JSON (\(response.status))\(place): "
                + (body?.excerpt(around: error.offset, token: token) ?? snippet(response)),
            hint: body?.isList == true ? Hint.malformed : Hint.unusable, malformed: body)
    }

    private func unusable(_ response: HTTPResponse, _ what: String) -> RequestFailure {
        RequestFailure(
            kind: .unusable, summary: "the API sent an answer \(what) (\(response.status)): \(snippet(response))",
            hint: what.contains("HTML") ? Hint.html : Hint.unusable)
    }

    private func serverFault(_ response: HTTPResponse) -> RequestFailure {
        RequestFailure(kind: .unreachable, summary: "the API answered \(response.status)", hint: Hint.later)
    }

    private func refusal(_ response: HTTPResponse) -> RequestFailure {
        let kind = BodyKind(of: response)
        let hint: String
        switch (response.status, kind) {
        case (_, .html): hint = Hint.firewall
        case (401, _): hint = Hint.token
        case (_, .json): hint = Hint.permission
        default: hint = Hint.permissionOrFirewall
        }
        let who = kind == .html ? "a firewall refused the request" : "the API refused the token"
        let detail = kind == .html || kind == .empty ? "" : ": \(snippet(response))"
        let refused: APIError.Kind = kind == .html ? .firewall : response.status == 401 ? .unauthorized : .forbidden
        return RequestFailure(kind: refused, summary: "\(who) (\(response.status))\(detail)", hint: hint)
    }

    private func redirect(_ response: HTTPResponse) -> RequestFailure {
        // A server may echo what it was sent even here.
        let host = response.header("Location").flatMap(Self.host).flatMap { token.isEchoed(in: $0) ? nil : $0 }
        let target = host.map { BodySnippet.text(of: Array($0.utf8), token: token) } ?? "another place"
        return RequestFailure(
            kind: .unusable, summary: "the API answered \(response.status), a redirect to \(target)",
            hint: Hint.redirect)
    }

    private func unexpectedStatus(_ response: HTTPResponse) -> RequestFailure {
        let isHTML = BodyKind(of: response) == .html
        return RequestFailure(
            kind: .unusable, summary: "the API answered \(response.status): \(snippet(response))",
            hint: isHTML ? Hint.html : Hint.unusable)
    }

    private func snippet(_ response: HTTPResponse) -> String {
        BodySnippet.text(of: response.body, token: token)
    }

    private func retryAfter(_ response: HTTPResponse, now: Timestamp) -> Duration? {
        let serverNow = Self.date(of: response, now: now) ?? now
        // The longest of several: a request that is too early for one of them is wasted.
        return response.values(of: "Retry-After").compactMap { RetryAfter.wait($0, now: serverNow) }.max()
    }

    /// Returns the server's time, from the `Date` header.
    static func date(of response: HTTPResponse, now: Timestamp) -> Timestamp? {
        response.header("Date").flatMap { HTTPDate.timestamp($0, now: now) }
    }

    /// The host that a `Location` names, nothing else of it; nil for a relative or an unreadable one.
    private static func host(_ location: String) -> String? {
        guard let slashes = location.firstRange(of: "//") else { return nil }
        let authority = location[slashes.upperBound...].prefix { !"/?#".contains($0) }
        let place = authority.split(separator: "@").last ?? ""
        return HostAndPort(place, defaultPort: 443)?.host
    }
}

extension ResponseClassifier {
    /// What to do when there is no whole answer.
    func verdict(on error: TransportError) -> ResponseVerdict {
        switch error {
        case .timedOut:
            .retry(unreachable("the API did not answer in time: \(error)", Hint.later), halving: .yes)
        case .connection:
            .retry(unreachable("the API cannot be reached: \(error)", Hint.connection), halving: .no)
        case .truncated:
            .retry(unreachable("the API's answer broke off: \(error)", Hint.later), halving: .no)
        case .proxy:
            .retry(unreachable("the proxy did not connect: \(error)", Hint.proxy), halving: .no)
        case .certificate:
            .permanent(unreachable("no trusted connection to the API: \(error)", Hint.certificate))
        case .proxyAuthentication:
            .permanent(unreachable("the proxy did not connect: \(error)", Hint.proxyAuthentication))
        case .encoded:
            .retry(RequestFailure(kind: .unusable, summary: "\(error)", hint: Hint.unusable), halving: .no)
        case .tooLarge:
            .retry(RequestFailure(kind: .unusable, summary: "\(error)", hint: Hint.tooLarge), halving: .must)
        case .cancelled:
            .cancelled
        }
    }

    private func unreachable(_ summary: String, _ hint: String) -> RequestFailure {
        RequestFailure(kind: .unreachable, summary: summary, hint: hint)
    }
}

/// What to do about an answer.
enum ResponseVerdict: Sendable {
    /// Whether a smaller page is worth trying.
    enum Halving: Sendable, Equatable {
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
    case retry(RequestFailure, halving: Halving)
    /// Hold everything back, then send it again.
    case rateLimited(retryAfter: Duration?)
    /// Trying again is pointless.
    case permanent(RequestFailure)
    /// The task was cancelled.
    case cancelled
}
