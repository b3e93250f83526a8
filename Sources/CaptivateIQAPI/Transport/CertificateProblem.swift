import CivilTime
import NIOSSL

/// Why a server's certificate is not trusted, in words.
package struct CertificateProblem: Equatable, Sendable, CustomStringConvertible {
    /// The kinds, each with advice of its own.
    package enum Kind: Equatable, Sendable, CaseIterable {
        case expired, notYetValid, selfSigned, unknownAuthority, otherHost
    }

    /// What kind.
    package let kind: Kind
    /// What is wrong, without a full stop.
    package let description: String

    /// A problem of these parts.
    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// What a chain of certificates that was not trusted is wrong with.
    ///
    /// - Parameters:
    ///   - chain: as the server sent it, its own certificate first; may be empty where it could not be looked at.
    ///   - trusted: those that are trusted by themselves.
    init(untrusted chain: [NIOSSLCertificate], trusted: [NIOSSLCertificate], now: Timestamp) {
        for (index, certificate) in chain.enumerated() {
            let whose = index == 0 ? "the server's certificate" : "the certificate of the authority behind the server's"
            let (begin, end) = (Self.moment(certificate.notValidBefore), Self.moment(certificate.notValidAfter))
            if end < now {
                self.init(.expired, "\(whose) has expired, on \(Self.text(end))")
                return
            }
            if begin > now {
                self.init(.notYetValid, "\(whose) is not yet valid: it begins on \(Self.text(begin))")
                return
            }
        }
        let names = chain.first.flatMap(Self.names)
        if let names, names.issuer == names.subject, let own = chain.first, !trusted.contains(own) {
            self.init(.selfSigned, "the server's certificate is self-signed, and not known to this machine")
        } else {
            // The last one of the chain has the name of the authority that is looked for.
            let issuer = (chain.last.flatMap(Self.names) ?? names)?.issuerName.map { ": \($0)" } ?? ""
            self.init(
                .unknownAuthority, "the server's certificate is signed by an authority unknown to this machine\(issuer)"
            )
        }
    }

    /// A chain that is trusted, but was made for another host than `host`.
    init(of chain: [NIOSSLCertificate], notFor host: String) {
        let hosts = chain.first.flatMap(Self.names)?.hosts ?? []
        let shown = hosts.prefix(Self.mostShown).joined(separator: ", ") + (hosts.count > Self.mostShown ? ", …" : "")
        let names = hosts.isEmpty ? "" : ", it is for \(shown)"
        self.init(.otherHost, "the server's certificate is for another host than \(host)\(names)")
    }

    private static let mostShown = 5

    private static func names(_ certificate: NIOSSLCertificate) -> CertificateNames? {
        (try? certificate.toDERBytes()).flatMap { CertificateNames(der: $0) }
    }

    private static func moment(_ time: Int) -> Timestamp {
        let (microseconds, overflow) = Int64(time).multipliedReportingOverflow(by: 1_000_000)
        if overflow { return time < 0 ? CalendarDay.first.start : CalendarDay.last.start }
        return Timestamp(microseconds: microseconds)
    }

    private static func text(_ time: Timestamp) -> String {
        "\(time.description.prefix(10)) \(time.description.dropFirst(11).prefix(8)) UTC"
    }

    /// What to do next.
    var hint: String {
        switch kind {
        case .expired: Hint.expired
        case .notYetValid: Hint.notYetValid
        case .selfSigned: Hint.selfSigned
        case .unknownAuthority: Hint.unknownAuthority
        case .otherHost: Hint.otherHost
        }
    }
}
