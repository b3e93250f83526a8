import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// A simulated API behind a real socket.
package final class SimulatorServer: Sendable {
    /// The server did not get as far as listening.
    struct StartError: Error, CustomStringConvertible {
        /// Where it was to listen, and what the system said.
        let description: String
    }

    /// Sees every exchange just before its answer is sent.
    package typealias Observer = @Sendable (SimulatedRequest, SimulatedResponse) -> Void

    /// The state behind the socket, for tests to look into and to change.
    package let core: SimulatorCore
    /// The numeric address or name it was bound to.
    package let host: String
    /// The port it listens on.
    package let port: Int
    private let running: Task<Void, any Error>

    private init(core: SimulatorCore, host: String, port: Int, running: Task<Void, any Error>) {
        self.core = core
        self.host = host
        self.port = port
        self.running = running
    }

    /// Such as `http://127.0.0.1:40123`, without a slash at the end.
    package var address: String {
        "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Makes the events, then listens.
    ///
    /// - Parameters:
    ///   - host: the address to bind.
    ///   - port: 0 picks a free one.
    ///   - clock: the time of each request.
    ///   - observer: sees every exchange, on the thread that serves it.
    /// - Throws: ``SimulatorConfigurationError``; ``StartError`` if it cannot listen.
    package static func start(
        _ configuration: SimulatorConfiguration, host: String = "127.0.0.1", port: Int = 0,
        clock: @escaping @Sendable () -> SimulatorInstant = SystemTime.now, observer: Observer? = nil
    ) async throws -> SimulatorServer {
        let core = try SimulatorCore(configuration, at: clock())
        let (ports, continuation) = AsyncThrowingStream<Int, any Error>.makeStream()
        let exchange = Exchange(core: core, clock: clock, observer: observer)
        let server = makeServer(exchange, gzip: configuration.gzip, host: host, port: port) { port in
            continuation.yield(port)
        }
        let running = Task {
            do {
                try await server.run()
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
                throw error
            }
        }
        do {
            for try await port in ports {
                return SimulatorServer(core: core, host: host, port: port, running: running)
            }
        } catch {
            throw StartError(description: "cannot listen on \(host):\(port): \(error)")
        }
        throw StartError(description: "the server ended before it listened on \(host):\(port)")
    }

    /// Closes every connection and waits until all is over.
    package func stop() async {
        running.cancel()
        _ = await running.result
    }

    /// Returns when the server has ended, and throws what ended it.
    package func waitUntilStopped() async throws {
        try await running.value
    }

    private static func makeServer(
        _ exchange: Exchange, gzip: Bool, host: String, port: Int, onPort: @escaping @Sendable (Int) -> Void
    ) -> Server<HTTP1Channel> {
        let handlers: @Sendable () -> [any RemovableChannelHandler] = { gzip ? [GzipPipeline()] : [] }
        let channel = HTTP1Channel(
            responder: { request, writer, channel in
                try await exchange.serve(request, writer, channel)
            },
            configuration: HTTP1Channel.Configuration(additionalChannelHandlers: handlers()))
        return Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { channel in onPort(channel.localAddress?.port ?? port) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "captivateiq-simulator") { _ in SwiftLogNoOpLogHandler() })
    }
}

/// One request over a connection: read, asked of the core, answered.
private struct Exchange: Sendable {
    let core: SimulatorCore
    let clock: @Sendable () -> SimulatorInstant
    let observer: SimulatorServer.Observer?

    func serve(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let simulated = try await read(request)
        let response = core.respond(to: simulated, at: clock())
        observer?(simulated, response)
        try await ExchangeWriter(channel: channel).write(response, to: writer)
    }

    private func read(_ request: Request) async throws -> SimulatedRequest {
        var headers = request.headers.map { SimulatedHeader($0.name.rawName, $0.value) }
        if let authority = request.head.authority {
            headers.append(SimulatedHeader("Host", authority))
        }
        var simulated = SimulatedRequest(
            method: request.method.rawValue, target: request.head.path ?? "/", headers: headers)
        if request.method != .get {
            var request = request
            simulated.body = Array(buffer: try await request.collectBody(upTo: 1 << 20))
        }
        return simulated
    }
}

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The machine's own clocks.
package enum SystemTime {
    private static let origin = ContinuousClock.now

    /// The moment by both clocks; monotonic time counts from the first call.
    @Sendable package static func now() -> SimulatorInstant {
        let origin = origin
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let wall = Int64(time.tv_sec) * CivilTime.second + Int64(time.tv_nsec) / 1_000
        return SimulatorInstant(wall: wall, monotonic: ContinuousClock.now - origin)
    }
}
