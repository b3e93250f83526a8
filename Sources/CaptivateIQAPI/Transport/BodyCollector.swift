import NIOCore
import NIOHTTP1

/// Puts the pieces of a body together, each byte copied once where its length is known.
struct BodyCollector {
    /// No more than this is set aside on the word of `Content-Length`.
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
    /// - Throws: `TransportError.tooLarge` when the body is, or says it will be, past the limit.
    mutating func append(_ piece: ByteBuffer) throws(TransportError) {
        let size = max(announced ?? 0, bytes.count + piece.readableBytes)
        if size > limit { throw .tooLarge(limit: limit) }
        bytes.append(contentsOf: piece.readableBytesView)
    }
}
