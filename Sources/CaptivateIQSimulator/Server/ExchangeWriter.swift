import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Sends an answer over a connection, with the faults that it is to have.
struct ExchangeWriter {
    /// Thrown to make Hummingbird close the connection rather than wait for the next request.
    private struct ConnectionGivenUp: Error {}

    let channel: any Channel

    func write(_ response: SimulatedResponse, to writer: consuming ResponseWriter) async throws {
        if response.delay > .zero {
            try await Task.sleep(for: response.delay)
        }
        switch response.effect {
        case .normal:
            let body = ResponseBody(byteBuffer: ByteBuffer(bytes: response.body))
            try await writer.write(response: head(of: response), body: body)
        case .truncate(let length):
            _ = try await writer.writeHead(head(of: response))
            try await truncate(response, after: length)
        case .reset:
            try await reset()
        case .stall:
            try await stall()
        }
    }

    private func head(of response: SimulatedResponse) -> HTTPResponse {
        var fields = HTTPFields()
        for header in response.headers {
            guard let name = HTTPField.Name(header.name) else { continue }
            fields.append(HTTPField(name: name, value: header.value))
        }
        fields[.contentLength] = String(response.body.count)
        return HTTPResponse(status: HTTPResponse.Status(code: response.status), headerFields: fields)
    }

    private func truncate(_ response: SimulatedResponse, after length: Int) async throws {
        if length > 0 {
            let part = HTTPResponsePart.body(ByteBuffer(bytes: response.body.prefix(length)))
            // Waits until the kernel has the bytes: closing would drop what is still queued.
            try await channel.writeAndFlush(part).get()
        }
        throw ConnectionGivenUp()
    }

    /// Ends the connection with RST rather than FIN where the system allows it.
    private func reset() async throws {
        if let options = channel as? any SocketOptionProvider {
            try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        // At once: Hummingbird would end the sending half first, which is a FIN.
        try await channel.close()
        throw ConnectionGivenUp()
    }

    /// Sends nothing until the client closes the connection or the server stops.
    private func stall() async throws {
        // A client that closes must end the channel, although its side alone would only be half of it.
        try await channel.setOption(.allowRemoteHalfClosure, value: false).get()
        try await withTaskCancellationHandler {
            try await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
        throw ConnectionGivenUp()
    }
}

/// Puts gzip compression of answers into a connection's pipeline, under Hummingbird's own HTTP types.
final class GzipPipeline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandlers([GzipPreference(), HTTPResponseCompressor()], position: .before(codec))
        } catch {
            // Without the codec there is no HTTP on this connection.
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }
}

/// Narrows `Accept-Encoding` to gzip where the client takes it: the compressor would prefer deflate.
private final class GzipPreference: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        let accepted = head.headers[canonicalForm: "Accept-Encoding"]
        let gzip = accepted.filter { $0.hasPrefix("gzip") }
        head.headers.remove(name: "Accept-Encoding")
        if let wish = gzip.first {
            head.headers.add(name: "Accept-Encoding", value: String(wish))
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
