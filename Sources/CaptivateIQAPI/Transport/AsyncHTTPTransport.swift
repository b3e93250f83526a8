import AsyncHTTPClient
import CivilTime
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOSSL

/// The transport over async-http-client: HTTP/1.1 or 2, TLS, gzip, kept-alive connections, no redirects and no
/// retries. `close` must be called before the last reference goes.
package final class AsyncHTTPTransport: HTTPTransport {
    /// Below the idle time of usual load balancers (60 s), so that they do not close a connection first.
    private static let idleTimeout: TimeAmount = .seconds(30)

    private let settings: TransportSettings
    private let proxy: ProxySettings?
    private let probe: CertificateProbe
    private let trusted: [NIOSSLCertificate]
    private let client: HTTPClient

    /// A transport that connects to nothing yet.
    ///
    /// - Parameter baseURL: where all requests go; settles whether the proxy is used.
    /// - Throws: `TrustRootsError` when no server's certificate could be checked, or `settings.caFile` cannot be used.
    package init(settings: TransportSettings, baseURL: BaseURL) throws(TrustRootsError) {
        self.settings = settings
        let isDirect = settings.noProxy.bypass(host: baseURL.host, port: baseURL.port)
        proxy = isDirect ? nil : settings.proxy
        probe = CertificateProbe(
            host: baseURL.host, port: baseURL.port, proxy: proxy, timeout: TimeAmount(settings.connectTimeout))
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if baseURL.isSecure || settings.caFile != nil {
            let roots = try TrustRoots(settings)
            tls.trustRoots = roots.roots
            tls.additionalTrustRoots = [.certificates(roots.additional)]
            trusted = roots.additional
        } else {
            trusted = []
        }
        client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: Self.configuration(settings, tls: tls, proxy: proxy))
    }

    /// Closes all connections; requests in flight fail.
    package func close() async {
        do {
            try await client.shutdown()
        } catch {
            // Only a connection that could not be closed neatly; there is nothing left to do with it.
        }
    }

    /// The answer to `request`, whatever its status; the body decompressed.
    ///
    /// - Throws: `TransportError` when there is no whole answer.
    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let start = ContinuousClock.now
        let response = try await head(of: request)
        let body = try await collect(response, since: start)
        return HTTPResponse(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) }, body: body)
    }

    private func head(of request: HTTPRequest) async throws(TransportError) -> HTTPClientResponse {
        var message = HTTPClientRequest(url: request.url)
        for header in request.headers { message.headers.add(name: header.name, value: header.value) }
        message.headers.replaceOrAdd(name: "Accept-Encoding", value: "gzip")
        if let body = request.body {
            message.method = .POST
            message.body = .bytes(body)
        }
        let limit = settings.connectTimeout + settings.responseTimeout
        do {
            return try await client.execute(message, deadline: .now() + TimeAmount(limit))
        } catch {
            let cause = TransportError(error, hasAnswerBegun: false, settings: settings)
            switch cause {
            // Without this, a proxy that is down would look like an API that is down.
            case .connection(let text): throw proxy.map { .connection("\(text), by the proxy \($0)") } ?? cause
            case .certificate(let problem): throw .certificate(await explained(problem))
            case .proxyAuthentication where proxy?.credentials != nil: throw .proxyCredentials
            default: throw cause
            }
        }
    }

    /// A problem with a certificate, told apart by looking at the certificate.
    private func explained(_ problem: CertificateProblem) async -> CertificateProblem {
        let chain = await probe.chain()
        return problem.kind == .otherHost
            ? CertificateProblem(of: chain, notFor: probe.host)
            // The TLS library goes by the same clock.
            : CertificateProblem(untrusted: chain, trusted: trusted, now: SystemClock().now())
    }

    private func collect(
        _ response: HTTPClientResponse, since start: ContinuousClock.Instant
    ) async throws(TransportError) -> [UInt8] {
        var collector = BodyCollector(headers: response.headers, limit: settings.maximumBodySize)
        let limit = settings.wholeAnswerTimeout
        do {
            for try await piece in response.body {
                try collector.append(piece)
                if ContinuousClock.now - start > limit { throw TransportError.timedOut("not whole in \(limit)") }
            }
        } catch let error as TransportError {
            throw error
        } catch {
            let cause = TransportError(error, hasAnswerBegun: true, settings: settings)
            let values = response.headers[canonicalForm: "Content-Encoding"].map(String.init)
            if case .truncated = cause, let names = ContentEncoding.unsupported(in: values) { throw .encoded(names) }
            throw cause
        }
        // A cancelled task sees the sequence end early and without an error.
        if Task.isCancelled { throw .cancelled }
        return collector.bytes
    }

    private static func configuration(
        _ settings: TransportSettings, tls: TLSConfiguration, proxy: ProxySettings?
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: TimeAmount(settings.connectTimeout), read: TimeAmount(settings.responseTimeout)),
            proxy: proxy.map(Self.server),
            decompression: .enabled(limit: .size(settings.maximumBodySize)))
        configuration.httpVersion = .automatic
        configuration.tracing.tracer = nil
        configuration.connectionPool.idleTimeout = idleTimeout
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, settings.connections)
        // The client retries, because it counts, paces and logs the requests.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private static func server(_ proxy: ProxySettings) -> HTTPClient.Configuration.Proxy {
        let authorization = proxy.credentials.map {
            HTTPClient.Authorization.basic(username: $0.user, password: $0.password)
        }
        return .server(host: proxy.host, port: proxy.port, authorization: authorization)
    }
}

/// Puts the pieces of a body together, each byte copied once where its length is known.
struct BodyCollector {
    /// The most that is reserved because of `Content-Length` alone.
    private static let maximumReserve = 16 << 20

    private(set) var bytes: [UInt8] = []
    private let limit: Int
    private let announced: Int?

    init(headers: HTTPHeaders, limit: Int) {
        self.limit = limit
        announced = headers.first(name: "Content-Length").flatMap { Int($0) }
        if let announced, announced > 0 { bytes.reserveCapacity(min(announced, limit, Self.maximumReserve)) }
    }

    /// Adds a piece.
    ///
    /// - Throws: `TransportError.tooLarge` when the body, or its announced length, exceeds the limit.
    mutating func append(_ piece: ByteBuffer) throws(TransportError) {
        let size = max(announced ?? 0, bytes.count + piece.readableBytes)
        if size > limit { throw .tooLarge(limit: limit) }
        bytes.append(contentsOf: piece.readableBytesView)
    }
}
