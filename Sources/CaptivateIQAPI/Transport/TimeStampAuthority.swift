import Crypto

/// An authority that confirms when some bytes were there (RFC 3161), asked over HTTP.
package struct TimeStampAuthority: Sendable {
    /// Where it is.
    package let url: String

    private let base: BaseURL

    /// What a request begins with: version 1, and the hash's algorithm SHA-256 (RFC 3161, 2.4.1).
    private static let imprintPrefix: [UInt8] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20
    ]
    private static let version: [UInt8] = [0x02, 0x01, 0x01]
    /// The authority's certificate is wanted in the stamp.
    private static let wantsCertificate: [UInt8] = [0x01, 0x01, 0xFF]

    /// An authority at a URL; `http` is fine, since a stamp is signed and a request holds a hash alone.
    ///
    /// - Throws: `BaseURLError`, which names the rule that is broken.
    package init(_ url: String) throws(BaseURLError) {
        base = try BaseURL(url, allowsPlainHTTP: true)
        self.url = base.text
    }

    /// The request for a stamp of some bytes, in DER.
    static func request(for bytes: [UInt8]) -> [UInt8] {
        let content = version + imprintPrefix + Array(SHA256.hash(data: bytes)) + wantsCertificate
        return [0x30, UInt8(content.count)] + content
    }

    /// A stamp of some bytes, as the authority sends it: a TimeStampResp in DER.
    ///
    /// - Throws: `TimeStampError` where it cannot be reached, or its answer is no stamp of these bytes.
    package func stamp(of bytes: [UInt8], using settings: TransportSettings) async throws(TimeStampError) -> [UInt8] {
        let transport: AsyncHTTPTransport
        do {
            transport = try AsyncHTTPTransport(settings: settings, baseURL: base)
        } catch {
            throw .unreachable("\(error)")
        }
        let request = HTTPRequest(
            url: url,
            headers: [
                ("Content-Type", "application/timestamp-query"), ("Accept", "application/timestamp-reply")
            ], body: Self.request(for: bytes))
        let result: Result<HTTPResponse, TransportError>
        do throws(TransportError) {
            result = .success(try await transport.send(request))
        } catch {
            result = .failure(error)
        }
        await transport.close()
        switch result {
        case .failure(let error): throw .unreachable("\(error)")
        case .success(let response): return try Self.checked(response, of: bytes)
        }
    }

    /// Whether the stamp is right is for `openssl ts` to say; here only what is surely none is refused.
    static func checked(_ response: HTTPResponse, of bytes: [UInt8]) throws(TimeStampError) -> [UInt8] {
        guard response.status == 200 else { throw .refused("it answered with status \(response.status)") }
        guard let status = grantStatus(of: response.body) else { throw .refused("it answered with something else") }
        guard status <= 1 else { throw .refused("it granted no stamp (status \(status))") }
        let hash = Array(SHA256.hash(data: bytes))
        guard response.body.count >= hash.count,
            (0...response.body.count - hash.count).contains(where: { response.body[$0...].starts(with: hash) })
        else { throw .refused("its stamp is that of other bytes") }
        return response.body
    }

    /// The number that a TimeStampResp begins with: SEQUENCE, SEQUENCE, INTEGER.
    private static func grantStatus(of der: [UInt8]) -> Int? {
        var rest = der[...]
        for _ in 0..<2 {
            guard rest.popFirst() == 0x30, let length = rest.popFirst() else { return nil }
            if length & 0x80 != 0 { rest = rest.dropFirst(Int(length & 0x7F)) }
        }
        guard rest.popFirst() == 0x02, rest.popFirst() == 1 else { return nil }
        return rest.first.map(Int.init)
    }
}

/// Why there is no time stamp.
package enum TimeStampError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No answer.
    case unreachable(String)
    /// An answer that is no stamp.
    case refused(String)

    /// Whether trying again may help.
    package var isUnreachable: Bool { if case .unreachable = self { true } else { false } }

    /// What happened.
    package var description: String {
        switch self {
        case .unreachable(let reason): "the time stamp authority could not be reached: \(reason)"
        case .refused(let reason): "the time stamp authority gave no stamp: \(reason)"
        }
    }
}
