import NIOSSL

/// A failure of TLS, told by the words of the TLS library without its types and the paths of its build.
enum TLSFailure: Equatable {
    /// The server's certificate is not trusted.
    case untrusted
    /// The certificate is for another host.
    case otherHost
    /// No common version from 1.2 on.
    case oldVersion
    /// What came is no TLS.
    case noTLS
    /// The other end closed the connection without a farewell.
    case closed
    /// Anything else, in the library's words.
    case other(String)

    /// What an error of the TLS library means; nil for an error of something else.
    init?(_ error: any Error) {
        switch error {
        case let error as NIOSSLExtraError:
            self = error == .failedToValidateHostname ? .otherHost : .other("the host's name cannot be checked")
        case NIOSSLError.handshakeFailed(let error): self = Self.handshake(error)
        case NIOSSLError.uncleanShutdown: self = .closed
        case let error as BoringSSLError: self = Self.handshake(error)
        case is NIOSSLError: self = .other("the connection cannot be used")
        default: return nil
        }
    }

    private static func handshake(_ error: BoringSSLError) -> TLSFailure {
        guard case .sslError(let stack) = error, let first = stack.first else {
            return .other("the handshake failed")
        }
        if stack.contains(.eofDuringHandshake) { return .other("the connection was closed during the handshake") }
        let code = Self.code(of: first)
        switch code {
        case "CERTIFICATE_VERIFY_FAILED": return .untrusted
        case "UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "WRONG_SSL_VERSION": return .oldVersion
        case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST": return .noTLS
        default:
            let words = code.lowercased().split(separator: "_").joined(separator: " ")
            return .other("the handshake failed" + (words.isEmpty ? "" : ": \(words)"))
        }
    }

    /// The code's name in such as `Error: 1 error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at /x:9`.
    private static func code(of error: BoringSSLInternalError) -> String {
        let parts = error.description.split(separator: ":", omittingEmptySubsequences: false)
        let name = parts.dropFirst().first { part in
            let word = part.prefix { $0 != " " }
            return !word.isEmpty && word.contains("_") && word.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" }
        }
        return String((name ?? "").prefix { $0 != " " })
    }

    /// The failure of a connection that it means.
    func error(hasAnswerBegun: Bool) -> TransportError {
        switch self {
        case .untrusted: .certificate(CertificateProblem(.unknownAuthority, "the server's certificate is not trusted"))
        case .otherHost: .certificate(CertificateProblem(.otherHost, "the server's certificate is for another host"))
        case .oldVersion: .oldTLS
        case .noTLS: .connection("what answers there does not speak TLS")
        case .closed where hasAnswerBegun: .truncated("the server closed the connection in the middle")
        case .closed: .connection("the server closed the connection")
        case .other(let text) where hasAnswerBegun: .truncated("TLS: \(text)")
        case .other(let text): .connection("TLS: \(text)")
        }
    }
}
