@testable import CaptivateIQAPI
import Testing

@Suite struct BaseURLTests {
    @Test(arguments: [
        ("https://api.captivateiq.com", "https://api.captivateiq.com", "api.captivateiq.com", 443),
        ("https://api.captivateiq.com/", "https://api.captivateiq.com", "api.captivateiq.com", 443),
        ("HTTPS://API.Example.com:8443/Proxy/ciq//", "https://api.example.com:8443/Proxy/ciq", "api.example.com", 8443),
        ("http://localhost:8080", "http://localhost:8080", "localhost", 8080),
        ("http://127.0.0.1", "http://127.0.0.1", "127.0.0.1", 80),
        ("http://127.255.3.4:1/", "http://127.255.3.4:1", "127.255.3.4", 1),
        ("http://[::1]:99/a", "http://[::1]:99/a", "::1", 99),
        ("https://[2001:db8::1]", "https://[2001:db8::1]", "2001:db8::1", 443)
    ])
    func usable(text: String, normal: String, host: String, port: Int) throws {
        let url = try BaseURL(text)
        #expect(url.text == normal)
        #expect(url.host == host)
        #expect(url.port == port)
    }

    @Test(arguments: [
        ("", BaseURLError.scheme), ("api.captivateiq.com", .scheme), ("ftp://x", .scheme), ("https:/x", .scheme),
        ("http://api.captivateiq.com", .plainHTTP(host: "api.captivateiq.com")),
        ("http://127.0.0.1.evil.test", .plainHTTP(host: "127.0.0.1.evil.test")),
        ("http://localhost.evil.test", .plainHTTP(host: "localhost.evil.test")),
        ("http://127.1", .plainHTTP(host: "127.1")), ("http://127.0.0.01", .plainHTTP(host: "127.0.0.01")),
        ("http://128.0.0.1", .plainHTTP(host: "128.0.0.1")), ("http://127.0.0.256", .plainHTTP(host: "127.0.0.256")),
        ("http://[::2]", .plainHTTP(host: "::2")),
        ("http://localhost@evil.test", .userInformation), ("https://u:p@host", .userInformation),
        ("https://host?x=1", .query), ("https://host/#a", .fragment), ("https://host/?", .query),
        ("https://", .host), ("https:///path", .host), ("https://host:0", .host), ("https://host:65536", .host),
        ("https://host:", .host), ("https://host:8x", .host), ("https://[::1", .host), ("https://...", .host),
        ("https://ho st", .unusableCharacter), ("https://host\\evil", .unusableCharacter),
        ("https://höst", .unusableCharacter), ("https://host\n", .unusableCharacter), ("https://a_b!", .host)
    ])
    func unusable(text: String, error: BaseURLError) {
        #expect(throws: error) { try BaseURL(text) }
    }

    @Test(arguments: [
        ("https://localhost", true), ("https://127.0.0.9", true), ("https://[::1]", true), ("https://a.test", false)
    ])
    func loopback(text: String, isLoopback: Bool) throws {
        #expect(try BaseURL(text).isLoopback == isLoopback)
    }
}
