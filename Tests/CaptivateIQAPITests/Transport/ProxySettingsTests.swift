@testable import CaptivateIQAPI
import Testing

@Suite struct ProxySettingsTests {
    @Test(arguments: [
        ("http://proxy.corp:3128", ProxySettings(host: "proxy.corp", port: 3128)),
        ("http://proxy.corp:3128/", ProxySettings(host: "proxy.corp", port: 3128)),
        ("proxy.corp:8080", ProxySettings(host: "proxy.corp", port: 8080)),
        ("HTTP://Proxy.corp", ProxySettings(host: "proxy.corp", port: 80)),
        ("http://[fd00::1]:99", ProxySettings(host: "fd00::1", port: 99)),
        (
            "http://us%40er:p%3a%C3%A9@h:1",
            ProxySettings(host: "h", port: 1, credentials: .init(user: "us@er", password: "p:é"))
        ),
        ("http://u:p@ss@h:1", ProxySettings(host: "h", port: 1, credentials: .init(user: "u", password: "p@ss"))),
        ("http://u@h:1", ProxySettings(host: "h", port: 1, credentials: .init(user: "u", password: "")))
    ])
    func usable(text: String, expected: ProxySettings) throws {
        #expect(try ProxySettings(text) == expected)
    }

    @Test(arguments: [
        ("https://h:1", ProxyError.scheme("https")), ("socks5://h:1", .scheme("socks5")), ("http://", .address),
        ("http://h:0", .address), ("http://h:x", .address), ("h h", .address), ("http://u:%zz@h", .credentials),
        ("http://u:%4@h", .credentials), ("http://u:%+1@h", .credentials), ("http://%FF:p@h", .credentials),
        ("http://h/path", .address)
    ])
    func unusable(text: String, error: ProxyError) {
        #expect(throws: error) { try ProxySettings(text) }
    }

    @Test(
        arguments: [
            ([:], nil), (["HTTPS_PROXY": ""], nil), (["HTTP_PROXY": "http://h:1"], nil),
            (["HTTPS_PROXY": "http://h:1"], "h:1"), (["https_proxy": "http://h:2"], "h:2"),
            (["https_proxy": "http://h:2", "HTTPS_PROXY": "http://h:1"], "h:2"),
            (["https_proxy": "", "HTTPS_PROXY": "http://h:1"], "h:1")
        ] as [([String: String], String?)])
    func environment(_ environment: [String: String], expected: String?) throws {
        #expect(try ProxySettings.from(environment: environment)?.description == expected)
    }

    @Test func thePasswordIsNotShown() throws {
        let proxy = try ProxySettings("http://user:hunter2@h:1")
        var settings = TransportSettings()
        settings.proxy = proxy
        var dumped = "\(proxy) \(String(reflecting: proxy)) \(settings)"
        dump(settings, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    @Test(arguments: [
        ("", "api.test", 443, false), ("*", "api.test", 443, true), ("api.test", "api.test", 443, true),
        ("API.Test", "api.TEST", 443, true), ("test", "api.test", 443, true), (".test", "api.test", 443, true),
        (".api.test", "api.test", 443, true), ("pi.test", "api.test", 443, false), ("api.test", "test", 443, false),
        ("api.test:443", "api.test", 443, true), ("api.test:8443", "api.test", 443, false),
        (".test:443", "api.test", 443, true), ("a.test, b.test,,c.test", "c.test", 1, true),
        ("a.test b.test", "b.test", 1, true), ("10.0.0.1", "10.0.0.1", 443, true), ("0.0.1", "10.0.0.1", 443, false),
        ("::2", "::2", 443, true), ("[::2]:443", "::2", 443, true), ("[::2]:80", "::2", 443, false),
        ("*.test", "api.test", 443, true), ("*.test", "a.api.test", 443, true), ("*.test", "test", 443, false),
        ("*.test:8443", "api.test", 443, false), ("*.api.test, *.x", "b.x", 443, true), ("*.1", "10.0.0.1", 443, false),
        ("10.0.0.0/8", "10.1.2.3", 443, true), ("10.0.0.0/8", "11.0.0.1", 443, false),
        ("10.0.0.0/33", "10.0.0.1", 443, false),
        ("192.168.4.0/22", "192.168.7.255", 443, true), ("192.168.4.0/22", "192.168.8.0", 443, false),
        ("10.0.0.0/0", "8.8.8.8", 443, true), ("10.0.0.1/32", "10.0.0.1", 443, true),
        ("10.0.0.0/8", "10.test", 443, false),
        ("10.0.0.0/+8", "10.0.0.1", 443, false), ("10.0.0.0/", "10.0.0.0", 443, false),
        ("10.0/16", "10.0.0.1", 443, false),
        ("fd00::/8", "fd12::1", 443, true), ("fd00::/8", "fe00::1", 443, false), ("fd00::/8", "10.0.0.1", 443, false),
        ("a.test,172.16.0.0/12", "172.31.9.9", 443, true), ("bad entry!", "api.test", 443, false),
        ("", "localhost", 80, true), ("", "127.8.0.1", 80, true),
        ("", "::1", 80, true), ("", "localhost.test", 443, false)
    ])
    func noProxy(rules: String, host: String, port: Int, bypass: Bool) {
        #expect(NoProxyRules(rules).bypass(host: host, port: port) == bypass)
    }

    @Test(arguments: [
        (["NO_PROXY": "api.test"], true), (["no_proxy": "api.test"], true), ([:], false),
        (["no_proxy": "other", "NO_PROXY": "api.test"], false)
    ])
    func noProxyFromTheEnvironment(environment: [String: String], bypass: Bool) {
        #expect(NoProxyRules.from(environment: environment).bypass(host: "api.test", port: 443) == bypass)
    }
}
