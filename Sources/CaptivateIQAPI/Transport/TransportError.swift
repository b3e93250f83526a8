import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why there is no whole answer. Never holds any of the token.
package enum TransportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Connected, but the answer did not come in time.
    case timedOut(String)
    /// No connection, or one that broke before the answer began: refused, reset, name not found, no route.
    case connection(String)
    /// The server's certificate is not trusted.
    case certificate(CertificateProblem)
    /// The server knows no TLS version that is safe.
    case oldTLS
    /// The proxy could not connect, or does not speak as a proxy.
    case proxy(String)
    /// The proxy wants a user name and password, and none were given.
    case proxyAuthentication
    /// The proxy wants another user name or password than it was given.
    case proxyCredentials
    /// The answer ended too early or its compression is broken.
    case truncated(String)
    /// The body is compressed in ways that were not asked for: their names.
    case encoded(String)
    /// The body is larger than `limit` bytes, after decompression too.
    case tooLarge(limit: Int)
    /// The system has too few file descriptors or too little memory.
    case resources(String)
    /// The task was cancelled.
    case cancelled

    /// What happened, in a few words.
    package var description: String {
        switch self {
        case .timedOut(let text), .connection(let text), .proxy(let text), .truncated(let text), .resources(let text):
            text
        case .certificate(let problem): problem.description
        case .oldTLS: "the server knows no TLS version from 1.2 on"
        case .encoded(let names): "the answer is compressed as \(names), and only gzip was asked for"
        case .proxyAuthentication: "the proxy asks for a user name and password"
        case .proxyCredentials: "it refuses the user name and password that it was given"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .cancelled: "cancelled"
        }
    }
}

extension TransportError {
    /// Translates an error of async-http-client or of the libraries below it.
    ///
    /// - Parameter hasAnswerBegun: whether the answer's head was there; a connection that breaks then cut it off.
    init(_ error: any Error, hasAnswerBegun: Bool, settings: TransportSettings) {
        switch error {
        case is CancellationError: self = Self.ended(hasAnswerBegun: hasAnswerBegun)
        case let error as HTTPClientError:
            self = Self.client(error, hasAnswerBegun: hasAnswerBegun, settings: settings)
        case let error as NIOHTTPDecompression.DecompressionError:
            self = error == .limit ? .tooLarge(limit: settings.maximumBodySize) : .truncated("broken compression")
        case is NIOHTTPDecompression.ExtraDecompressionError: self = .truncated("broken compression")
        case HTTPParserError.invalidEOFState: self = .truncated("the connection was closed in the middle")
        case let error as HTTPParserError: self = .truncated("no valid HTTP: \(error.debugDescription)")
        case let error as NIOConnectionError: self = Self.noConnection(error)
        case let error as IOError:
            let text = Self.text(error)
            if ErrorNumber.isShortage(error.errnoCode) {
                self = .resources(text)
            } else {
                self = hasAnswerBegun ? .truncated(text) : .connection(text)
            }
        default:
            self = TLSFailure(error)?.error(hasAnswerBegun: hasAnswerBegun) ?? Self.unknown(error, hasAnswerBegun)
        }
    }

    private static func client(
        _ error: HTTPClientError, hasAnswerBegun: Bool, settings: TransportSettings
    ) -> TransportError {
        switch error {
        case .cancelled, .requestStreamCancelled: ended(hasAnswerBegun: hasAnswerBegun)
        case .readTimeout, .deadlineExceeded, .writeTimeout: .timedOut("nothing for \(settings.responseTimeout)")
        case .connectTimeout, .getConnectionFromPoolTimeout:
            .connection("no connection within \(settings.connectTimeout)")
        case .tlsHandshakeTimeout: .connection("no TLS connection within \(settings.connectTimeout)")
        case .httpProxyHandshakeTimeout, .socksHandshakeTimeout:
            .proxy("no tunnel within \(settings.connectTimeout)")
        case .proxyAuthenticationRequired: .proxyAuthentication
        case .invalidProxyResponse: .proxy("it refused to open a tunnel")
        case .remoteConnectionClosed: closed(hasAnswerBegun: hasAnswerBegun)
        default: unknown(error, hasAnswerBegun)
        }
    }

    /// An HTTP/2 connection that the server closes cancels its requests, although no task was cancelled.
    private static func ended(hasAnswerBegun: Bool) -> TransportError {
        Task.isCancelled ? .cancelled : closed(hasAnswerBegun: hasAnswerBegun)
    }

    private static func closed(hasAnswerBegun: Bool) -> TransportError {
        hasAnswerBegun
            ? .truncated("the server closed the connection in the middle")
            : .connection("the server closed the connection")
    }

    private static func noConnection(_ error: NIOConnectionError) -> TransportError {
        guard let failure = error.connectionErrors.first else {
            return .connection("the name \(error.host) cannot be resolved")
        }
        let address = "\(error.host):\(error.port)"
        if let error = failure.error as? IOError {
            let text = "\(address): \(text(error))"
            return ErrorNumber.isShortage(error.errnoCode) ? .resources(text) : .connection(text)
        }
        if failure.error is ChannelError { return .connection("\(address): no connection in time") }
        return .connection("\(address): no connection")
    }

    /// What no case above knows. Its own text is for programmers, with types and paths of the build.
    private static func unknown(_ error: any Error, _ hasAnswerBegun: Bool) -> TransportError {
        if let error = error as? HTTPClientError {
            let text = "the connection failed: \(error.shortDescription.lowercased())"
            return hasAnswerBegun ? .truncated(text) : .connection(text)
        }
        return hasAnswerBegun ? .truncated("the connection broke") : .connection("the connection broke")
    }

    private static func text(_ error: IOError) -> String {
        ErrorNumber.text(error.errnoCode)
    }
}

/// The network's errno values in plain words.
enum ErrorNumber {
    /// What `code` means; the number itself for one that connections do not usually give.
    static func text(_ code: Int32) -> String {
        switch code {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET, EPIPE: "the connection was reset"
        case EHOSTUNREACH, ENETUNREACH: "no route to the host"
        case ETIMEDOUT: "no answer to the connection attempt"
        case ENETDOWN: "the network is down"
        case EMFILE, ENFILE: "too many open files"
        case ENOMEM, ENOBUFS: "too little memory"
        default: "I/O error \(code)"
        }
    }

    /// Whether the system had too little of something.
    static func isShortage(_ code: Int32) -> Bool { [EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(code) }
}
