@testable import CaptivateIQAPI
import Foundation
import Testing

@Suite struct AsyncHTTPTransportTests {
    private static func answer(_ head: String, _ body: [UInt8] = []) -> [UInt8] {
        Array((head + "\r\n\r\n").utf8) + body
    }

    /// What comes back from a server that sends `bytes`.
    private static func exchange(
        _ bytes: [UInt8], then ending: RawServer.Ending = .keepAlive,
        _ change: (inout TransportSettings) -> Void = { _ in }
    ) async throws -> Result<HTTPResponse, TransportError> {
        let server = try await RawServer.start(bytes, then: ending)
        let result = try await send(to: server.url, change)
        try await server.stop()
        return result
    }

    private static func send(
        to url: String, _ change: (inout TransportSettings) -> Void = { _ in }
    ) async throws -> Result<HTTPResponse, TransportError> {
        var settings = TransportSettings()
        change(&settings)
        let transport = try AsyncHTTPTransport(settings: settings, baseURL: try BaseURL(url))
        let result: Result<HTTPResponse, TransportError>
        do {
            result = .success(
                try await transport.send(HTTPRequest(url: url + "/x?y=1", headers: [("Authorization", "Token t")])))
        } catch {
            result = .failure(error)
        }
        await transport.close()
        return result
    }

    private static func error(_ result: Result<HTTPResponse, TransportError>) -> TransportError? {
        if case .failure(let error) = result { error } else { nil }
    }

    @Test func requestAndAnswer() async throws {
        let server = try await RawServer.start(
            Self.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b", Array("{}".utf8)), then: .keepAlive)
        let response = try await Self.send(to: server.url).get()
        #expect(response.status == 200)
        #expect(response.body == Array("{}".utf8))
        #expect(response.headers.contains { $0.name == "X-A" && $0.value == "b" })
        let head = try #require(server.heads.all.first)
        #expect(head.hasPrefix("GET /x?y=1 HTTP/1.1\r\n"))
        #expect(head.contains("Authorization: Token t\r\n") && head.contains("Accept-Encoding: gzip\r\n"))
        try await server.stop()
    }

    @Test(arguments: ["Content-Length: 57", "Transfer-Encoding: chunked"])
    func gzip(framing: String) async throws {
        let body = CompressedBodies.emptyList
        let isChunked = framing.contains("chunked")
        let size = Array(String(body.count, radix: 16).utf8)
        let framed = isChunked ? size + [13, 10] + body + [13, 10] + Array("0\r\n\r\n".utf8) : body
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\(framing)"
        let response = try await Self.exchange(Self.answer(head, framed)).get()
        #expect(String(decoding: response.body, as: UTF8.self) == #"{"total_count":0,"next":null,"data":[]}"#)
    }

    @Test func aBodyWithoutALengthEndsWithTheConnection() async throws {
        let response = try await Self.exchange(Self.answer("HTTP/1.1 200 OK", Array("{}".utf8)), then: .close).get()
        #expect(response.body == Array("{}".utf8))
    }

    @Test func aDecompressionBombIsStopped() async throws {
        let bytes = Self.answer(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(CompressedBodies.bomb.count)",
            CompressedBodies.bomb)
        #expect(Self.error(try await Self.exchange(bytes) { $0.maximumBodySize = 99_999 }) == .tooLarge(limit: 99_999))
        let whole = try await Self.exchange(bytes) { $0.maximumBodySize = 100_000 }.get()
        #expect(whole.body == Array(repeating: UInt8(ascii: "a"), count: 100_000))
    }

    @Test(arguments: ["Content-Length: 11", "Content-Length: 9223372036854775807", "Transfer-Encoding: chunked"])
    func aBodyPastTheLimitIsStopped(framing: String) async throws {
        let isChunked = framing.contains("chunked")
        let body = Array((isChunked ? "b\r\n01234567890\r\n0\r\n\r\n" : "01234567890").utf8)
        let result = try await Self.exchange(Self.answer("HTTP/1.1 200 OK\r\n\(framing)", body)) {
            $0.maximumBodySize = 10
        }
        #expect(Self.error(result) == .tooLarge(limit: 10))
    }

    @Test(arguments: ["X-No-Length: 1", "Content-Length: 1000000000000"])
    func anEndlessBodyIsStopped(header: String) async throws {
        let start = Self.answer("HTTP/1.1 200 OK\r\n\(header)")
        let result = try await Self.exchange(start, then: .flood) { $0.maximumBodySize = 1 << 20 }
        #expect(Self.error(result) == .tooLarge(limit: 1 << 20))
    }

    @Test(arguments: ["gzip, br", "gzip\r\nContent-Encoding: br"])
    func codingsOnTopOfGzipAreNamed(coding: String) async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\nContent-Length: 8"
        let result = try await Self.exchange(Self.answer(head, Array("not gzip".utf8)))
        #expect(Self.error(result) == .encoded("gzip, br"))
    }

    @Test(arguments: [
        "Content-Length: 100", "Transfer-Encoding: chunked", "Content-Encoding: gzip\r\nContent-Length: 100"
    ])
    func aCutAnswerIsTruncated(headers: String) async throws {
        let body = headers.contains("chunked") ? Array("ff\r\n{}".utf8) : Array(CompressedBodies.emptyList.prefix(20))
        let result = try await Self.exchange(Self.answer("HTTP/1.1 200 OK\r\n\(headers)", body), then: .close)
        guard case .truncated = Self.error(result) else {
            Issue.record("\(result)")
            return
        }
    }

    @Test(arguments: [12, 30, 50])
    func cutCompressionIsTruncated(length: Int) async throws {
        let body = Array(CompressedBodies.emptyList.prefix(length))
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(length)"
        let result = try await Self.exchange(Self.answer(head, body))
        guard case .truncated = Self.error(result) else {
            Issue.record("\(result)")
            return
        }
    }

    @Test func brokenCompressionIsTruncated() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8"
        let result = try await Self.exchange(Self.answer(head, Array("not gzip".utf8)))
        guard case .truncated = Self.error(result) else {
            Issue.record("\(result)")
            return
        }
    }

    @Test func aConnectionThatClosesBeforeTheAnswerIsAConnectionError() async throws {
        let result = try await Self.exchange([], then: .close)
        guard case .connection = Self.error(result) else {
            Issue.record("\(result)")
            return
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"])
    func silenceIsATimeOut(start: String) async throws {
        let result = try await Self.exchange(Array(start.utf8)) {
            $0.responseTimeout = .milliseconds(100)
        }
        guard case .timedOut = Self.error(result) else {
            Issue.record("\(result)")
            return
        }
    }

    @Test func anAnswerThatDripsIsATimeOut() async throws {
        let start = Self.answer("HTTP/1.1 200 OK\r\nContent-Length: 100000")
        let result = try await Self.exchange(start, then: .drip) { $0.wholeAnswerTimeout = .milliseconds(50) }
        #expect(Self.error(result) == .timedOut("not whole in 0.05 seconds"))
    }

    @Test func aRefusedConnectionIsCalledThat() async throws {
        let server = try await RawServer.start([], then: .close)
        let url = server.url
        try await server.stop()
        let error = try #require(Self.error(try await Self.send(to: url)))
        guard case .connection(let text) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(text.contains("connection refused"))
    }

    @Test func aProxyThatIsDownIsNamed() async throws {
        let server = try await RawServer.start([], then: .close)
        let address = String(server.url.dropFirst("http://".count))
        let proxy = try ProxySettings(server.url)
        try await server.stop()
        let error = try #require(Self.error(try await Self.send(to: "https://api.test") { $0.proxy = proxy }))
        guard case .connection(let text) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(text.contains("connection refused") && text.contains("proxy \(address)"))
    }

    @Test(arguments: [
        ("407 Proxy Authentication Required", TransportError.proxyCredentials),
        ("503 Unavailable", .proxy("it refused to open a tunnel"))
    ])
    func aProxyThatRefusesIsToldApart(status: String, expected: TransportError) async throws {
        let server = try await RawServer.start(
            Self.answer("HTTP/1.1 \(status)\r\nContent-Length: 0"), then: .keepAlive)
        let proxy = try ProxySettings("http://user:hunter2@" + server.url.dropFirst("http://".count))
        let error = Self.error(try await Self.send(to: "https://api.test") { $0.proxy = proxy })
        #expect(error == expected)
        let head = try #require(server.heads.all.first)
        #expect(head.hasPrefix("CONNECT api.test:443 HTTP/1.1\r\n"))
        #expect(head.lowercased().contains("proxy-authorization: basic dxnlcjpodw50zxiy"))
        #expect(!head.contains("Token"))
        try await server.stop()
    }

    @Test func aProxyThatAsksForCredentialsIsNotToldThatTheyAreWrong() async throws {
        let server = try await RawServer.start(
            Self.answer("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0"), then: .keepAlive)
        let proxy = try ProxySettings(server.url)
        #expect(Self.error(try await Self.send(to: "https://api.test") { $0.proxy = proxy }) == .proxyAuthentication)
        try await server.stop()
    }

    @Test func anUnknownNameIsCalledThat() async throws {
        let error = try #require(Self.error(try await Self.send(to: "https://no-such-host.invalid")))
        guard case .connection(let text) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(text.contains("no-such-host.invalid"))
    }

    @Test func redirectsAreNotFollowed() async throws {
        let server = try await RawServer.start(
            Self.answer("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0"), then: .keepAlive)
        let response = try await Self.send(to: server.url).get()
        #expect(response.status == 302)
        #expect(server.heads.all.count == 1)
        try await server.stop()
    }

    @Test func cancellingEndsARequestAtOnce() async throws {
        let server = try await RawServer.start([], then: .keepAlive)
        let url = server.url
        let task = Task { Self.error(try await Self.send(to: url)) }
        while server.heads.all.isEmpty { await Task.yield() }
        task.cancel()
        #expect(try await task.value == .cancelled)
        try await server.stop()
    }

    @Test func cancellingEndsABodyAtOnce() async throws {
        let server = try await RawServer.start(
            Self.answer("HTTP/1.1 200 OK\r\nContent-Length: 100", Array("{}".utf8)), then: .keepAlive)
        let url = server.url
        let task = Task { Self.error(try await Self.send(to: url)) }
        while server.heads.all.isEmpty { await Task.yield() }
        task.cancel()
        #expect(try await task.value == .cancelled)
        try await server.stop()
    }
}
