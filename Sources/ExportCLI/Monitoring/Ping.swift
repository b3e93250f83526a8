import CaptivateIQAPI
import CivilTime

/// Where a watchdog is told of syncs, as healthchecks.io and its like take it. Who knows the address can pretend to be this
/// program, so that it is never shown whole.
struct PingURL: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// The URL without a slash at its end.
    let base: BaseURL

    /// Checks a URL: `https`, or `http` for loopback, without user, query and fragment.
    ///
    /// - Throws: the rule that is broken, in words that hold nothing of the URL.
    init(_ text: String) throws(SettingFault) {
        do {
            base = try BaseURL(text)
        } catch {
            let rule =
                switch error {
                case .plainHTTP: "has to start with https:// (http:// is for loopback only)"
                case .scheme: "has to start with https://"
                default: "cannot be used: \(error)"
                }
            throw SettingFault(rule: rule, hidesValue: true)
        }
    }

    /// The address with the host alone.
    var description: String { "\(base.text.prefix { $0 != ":" })://\(base.host)/…" }

    var customMirror: Mirror { Mirror(self, children: ["host": base.host]) }
}

/// Tells a watchdog that a sync begins and how it ended. It is asked once each time: that it does not answer is no reason to
/// hold a sync up.
struct Ping: Sendable {
    private static let limit = Duration.seconds(10)

    private let url: PingURL
    private let transport: any HTTPTransport
    private let clock: any TimeSource
    private let version: String

    /// A ping of `url`, by a transport of its own.
    init(_ url: PingURL, transport: any HTTPTransport, clock: any TimeSource, version: String) {
        self.url = url
        self.transport = transport
        self.clock = clock
        self.version = version
    }

    /// What a transport needs to know for pings: short waits, and an answer that nobody reads.
    static func settings(_ settings: TransportSettings) -> TransportSettings {
        var settings = settings
        settings.connectTimeout = limit
        settings.responseTimeout = limit
        settings.maximumBodySize = 1 << 20
        settings.connections = 1
        return settings
    }

    /// Says that a sync begins. Returns what went wrong, nil if nothing did.
    func start() async -> String? { await send("/start", body: nil) }

    /// Says how a sync ended: the exit code, and its summary. Returns what went wrong, nil if nothing did.
    func end(_ exitCode: Int, summary: String) async -> String? {
        await send("/\(exitCode)", body: Array(summary.utf8))
    }

    private func send(_ path: String, body: [UInt8]?) async -> String? {
        var headers = [(name: "User-Agent", value: "captivateiq-export/\(version)")]
        if body != nil { headers.append((name: "Content-Type", value: "application/json")) }
        let request = HTTPRequest(url: url.base.text + path, headers: headers, body: body)
        let fault = await withTaskGroup(of: String?.self) { [transport, clock] group in
            group.addTask {
                do throws(TransportError) {
                    let status = try await transport.send(request).status
                    return (200..<300).contains(status) ? nil : "the answer was \(status)"
                } catch {
                    return "\(error)"
                }
            }
            group.addTask {
                // Cancelled when the answer comes first.
                try? await clock.sleep(for: Self.limit)
                return "no answer in \(Self.limit.components.seconds) s"
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        // Whatever a message of the network holds, the address is not said.
        return fault.map {
            "ping_url (\(url)) could not be told of \(path): \($0.replacing(url.base.text, with: "\(url)"))"
        }
    }
}
