import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOHTTPTypesHTTP1

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
