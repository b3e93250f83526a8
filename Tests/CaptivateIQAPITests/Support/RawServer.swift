import NIOCore
import NIOPosix
import NIOSSL
import TestSupport

/// A server on a loopback socket that answers every request with the same bytes, over TLS if it has a certificate.
final class RawServer: Sendable {
    /// What follows the bytes.
    enum Ending: Sendable {
        case keepAlive
        case close
        /// One more byte every few milliseconds.
        case drip
        /// Endless letters, as fast as they are taken.
        case flood
    }

    /// The requests' heads, as received.
    let heads: Recorder<String>
    private let channel: any Channel
    private let scheme: String

    var url: String { "\(scheme)://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    private init(channel: any Channel, heads: Recorder<String>, scheme: String) {
        self.channel = channel
        self.heads = heads
        self.scheme = scheme
    }

    static func start(_ answer: [UInt8], then ending: Ending, hasTLS: Bool = false) async throws -> RawServer {
        let heads = Recorder<String>()
        let tls = hasTLS ? try tlsContext() : nil
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    let answerer = Answerer(answer: answer, ending: ending, heads: heads)
                    try channel.pipeline.syncOperations.addHandler(answerer)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return RawServer(channel: channel, heads: heads, scheme: hasTLS ? "https" : "http")
    }

    private static func tlsContext() throws -> NIOSSLContext {
        let certificate = try NIOSSLCertificate(bytes: Array(TestCertificate.certificate.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(TestCertificate.key.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
    }

    func stop() async throws {
        try await channel.close()
    }
}

/// Waits for the end of a request's head, then answers.
private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: [UInt8]
    private let ending: RawServer.Ending
    private let heads: Recorder<String>
    private var received = ""

    init(answer: [UInt8], ending: RawServer.Ending, heads: Recorder<String>) {
        self.answer = answer
        self.ending = ending
        self.heads = heads
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(decoding: unwrapInboundIn(data).readableBytesView, as: UTF8.self)
        guard received.hasSuffix("\r\n\r\n") else { return }
        heads.append(received)
        received = ""
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
        switch ending {
        case .keepAlive: break
        case .close: context.close(promise: nil)
        case .drip: drip(on: context.channel)
        case .flood: Self.flood(context.channel)
        }
    }

    private static func flood(_ channel: any Channel) {
        let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 16)
        channel.writeAndFlush(piece).whenSuccess { flood(channel) }
    }

    private func drip(on channel: any Channel) {
        channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { task in
            if !channel.isActive { task.cancel() }
            channel.writeAndFlush(ByteBuffer(string: "x"), promise: nil)
        }
    }
}
