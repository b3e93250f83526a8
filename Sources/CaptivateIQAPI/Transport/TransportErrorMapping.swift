import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL

extension TransportError {
    /// What an error of async-http-client or of what it stands on means for a request.
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
        case let error as HTTPParserError: self = .truncated("no valid HTTP: \(error)")
        case let error as NIOConnectionError: self = Self.noConnection(error)
        case let error as IOError:
            let text = Self.text(error)
            self = hasAnswerBegun ? .truncated(text) : .connection(text)
        default: self = Self.tls(error) ?? Self.unknown(error, hasAnswerBegun: hasAnswerBegun)
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
        default: unknown(error, hasAnswerBegun: hasAnswerBegun)
        }
    }

    /// A connection over HTTP/2 that says goodbye cancels its requests, though nobody here asked for it.
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
        if let error = failure.error as? IOError { return .connection("\(address): \(text(error))") }
        if failure.error is ChannelError { return .connection("\(address): no connection in time") }
        return .connection("\(address): \(failure.error)")
    }

    private static func tls(_ error: any Error) -> TransportError? {
        guard error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError else { return nil }
        let text = "\(error)"
        let isTrust = ["CERTIFICATE", "certificate", "ostname"].contains { text.contains($0) }
        return isTrust ? .certificate("TLS: \(text)") : .connection("TLS: \(text)")
    }

    private static func unknown(_ error: any Error, hasAnswerBegun: Bool) -> TransportError {
        hasAnswerBegun ? .truncated("\(error)") : .connection("\(error)")
    }

    private static func text(_ error: IOError) -> String {
        ErrorNumber.text(error.errnoCode)
    }
}
