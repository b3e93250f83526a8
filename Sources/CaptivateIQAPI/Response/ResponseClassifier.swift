import AuditRecords
package import CivilTime
import JSONText

/// Decides from an answer alone what to do about it. Facts from the vendor's reference ("Errors", "Rate limits").
package struct ResponseClassifier: Sendable {
    /// For redacting it out of answers that echo it.
    private let token: APIToken

    /// A classifier for the answers to requests with `token`.
    package init(token: APIToken) {
        self.token = token
    }

    /// What to do about `response`.
    ///
    /// - Parameter now: the wall clock, for a `Retry-After` date in an answer without `Date`.
    package func verdict(on response: HTTPResponse, now: Timestamp) -> ResponseVerdict {
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

    private func malformed(_ response: HTTPResponse, _ error: JSONTextError) -> Fault {
        let body = MalformedBody(response.body, token: token)
        let place = error.offset > 0 ? " (\(error))" : ""
        return Fault(
            kind: .unusable,
            summary: "the API sent an answer that is not JSON (\(response.status))\(place): "
                + (body?.excerpt(around: error.offset, token: token) ?? snippet(response)),
            advice: body?.isList == true ? Advice.malformed : Advice.unusable, malformed: body)
    }

    private func unusable(_ response: HTTPResponse, _ what: String) -> Fault {
        Fault(
            kind: .unusable, summary: "the API sent an answer \(what) (\(response.status)): \(snippet(response))",
            advice: what.contains("HTML") ? Advice.html : Advice.unusable)
    }

    private func serverFault(_ response: HTTPResponse) -> Fault {
        Fault(kind: .unreachable, summary: "the API answered \(response.status)", advice: Advice.later)
    }

    private func refusal(_ response: HTTPResponse) -> Fault {
        let kind = BodyKind(of: response)
        let advice: String
        switch (response.status, kind) {
        case (_, .html): advice = Advice.firewall
        case (401, _): advice = Advice.token
        case (_, .json): advice = Advice.permission
        default: advice = Advice.permissionOrFirewall
        }
        let who = kind == .html ? "a firewall refused the request" : "the API refused the token"
        let detail = kind == .html || kind == .empty ? "" : ": \(snippet(response))"
        return Fault(kind: .refused, summary: "\(who) (\(response.status))\(detail)", advice: advice)
    }

    private func redirect(_ response: HTTPResponse) -> Fault {
        // A server may echo what it was sent even here.
        let host = response.header("Location").flatMap(Self.host).flatMap { token.isEchoed(in: $0) ? nil : $0 }
        let target = host.map { BodySnippet.text(of: Array($0.utf8), token: token) } ?? "another place"
        return Fault(
            kind: .unusable, summary: "the API answered \(response.status), a redirect to \(target)",
            advice: Advice.redirect)
    }

    private func unexpectedStatus(_ response: HTTPResponse) -> Fault {
        let isHTML = BodyKind(of: response) == .html
        return Fault(
            kind: .unusable, summary: "the API answered \(response.status): \(snippet(response))",
            advice: isHTML ? Advice.html : Advice.unusable)
    }

    private func snippet(_ response: HTTPResponse) -> String {
        BodySnippet.text(of: response.body, token: token)
    }

    private func retryAfter(_ response: HTTPResponse, now: Timestamp) -> Duration? {
        let serverNow = Self.date(of: response, now: now) ?? now
        // Of several the longest: what is too early for one of them is a request wasted.
        return response.values(of: "Retry-After").compactMap { RetryAfter.wait($0, now: serverNow) }.max()
    }

    /// The `Date` header, the server's idea of the time.
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
