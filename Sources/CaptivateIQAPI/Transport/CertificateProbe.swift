import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// Asks a server for its certificates and hangs up before anything is sent. Made after a connection was refused for its
/// certificate, since the TLS library does not say why it refuses one.
struct CertificateProbe: Sendable {
    let host: String
    let port: Int
    let proxy: ProxySettings?
    let timeout: TimeAmount

    /// The server's certificates, its own first; none where it cannot be reached by now.
    func chain() async -> [NIOSSLCertificate] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let seen = loop.makePromise(of: [NIOSSLCertificate].self)
        let limit = loop.scheduleTask(in: timeout) { seen.succeed([]) }
        let connection = ClientBootstrap(group: loop).connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel, seen) }
            }
            .connect(host: proxy?.host ?? host, port: proxy?.port ?? port)
        connection.whenSuccess { $0.closeFuture.whenComplete { _ in seen.succeed([]) } }
        connection.whenFailure { _ in seen.succeed([]) }
        seen.futureResult.whenComplete { _ in limit.cancel() }
        let chain = (try? await seen.futureResult.get()) ?? []
        if let channel = try? await connection.get() { try? await channel.close().get() }
        return chain
    }

    private func prepare(_ channel: any Channel, _ seen: EventLoopPromise<[NIOSSLCertificate]>) throws {
        guard let proxy else { return try addTLS(channel, seen) }
        let authorization = proxy.credentials.map {
            HTTPClient.Authorization.basic(username: $0.user, password: $0.password).headerValue
        }
        let target = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        try channel.pipeline.syncOperations.addHandler(
            TunnelHandler(target: target, authorization: authorization) { try addTLS($0, seen) })
    }

    private func addTLS(_ channel: any Channel, _ seen: EventLoopPromise<[NIOSSLCertificate]>) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        // Nothing is checked here: the certificates are only looked at, and all are refused.
        configuration.trustRoots = .certificates([])
        configuration.minimumTLSVersion = .tlsv12
        let isName = IPAddress(host) == nil
        let handler = try NIOSSLClientHandler(
            context: NIOSSLContext(configuration: configuration), serverHostname: isName ? host : nil,
            customVerificationCallback: { chain, verdict in
                seen.succeed(chain)
                verdict.succeed(.failed)
            })
        try channel.pipeline.syncOperations.addHandler(handler)
    }
}

/// Asks a proxy for a tunnel, and gives way to what speaks through it.
private final class TunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A longer answer is none of a proxy's.
    private static let largestAnswer = 1 << 16

    private let request: String
    private let open: (any Channel) throws -> Void
    private var answer: [UInt8] = []

    init(target: String, authorization: String?, _ open: @escaping (any Channel) throws -> Void) {
        let credentials = authorization.map { "Proxy-Authorization: \($0)\r\n" } ?? ""
        request = "CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\n\(credentials)\r\n"
        self.open = open
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        answer += unwrapInboundIn(data).readableBytesView
        guard answer.suffix(4).elementsEqual("\r\n\r\n".utf8) else {
            if answer.count > Self.largestAnswer { context.close(promise: nil) }
            return
        }
        let isOpen = answer.starts(with: "HTTP/1.1 2".utf8) || answer.starts(with: "HTTP/1.0 2".utf8)
        do {
            guard isOpen else { throw ChannelError.inputClosed }
            try open(context.channel)
            _ = context.pipeline.syncOperations.removeHandler(self)
        } catch {
            context.close(promise: nil)
        }
    }
}
