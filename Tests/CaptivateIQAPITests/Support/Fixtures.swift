@testable import CaptivateIQAPI
import CivilTime
import Logging
import SyncTestSupport
import Synchronization

let secret = "s3cret-T0ken"

func makeToken() throws -> APIToken { try APIToken(checking: secret) }

let firstPage = PageRequest(query: EventQuery(), offset: 0, limit: 1000)

/// A ledger store in memory.
final class MemoryLedger: RequestLedgerStore {
    private let state: Mutex<(bytes: [UInt8]?, saves: Int)>

    init(_ bytes: [UInt8]? = nil) {
        state = Mutex((bytes, 0))
    }

    var bytes: [UInt8]? { state.withLock { $0.bytes } }
    var saves: Int { state.withLock { $0.saves } }

    func load() -> [UInt8]? { bytes }

    func save(_ bytes: [UInt8]) {
        state.withLock { $0 = (bytes, $0.saves + 1) }
    }
}

/// A client over a scripted transport, with the greatest possible backoffs unless told.
func makeClient(
    _ transport: any HTTPTransport, clock: any TimeSource = ManualClock(mode: .immediate),
    baseURL: String = "https://api.test",
    perSecond: Int = 1000, perHour: Int = 100_000, ledger: any RequestLedgerStore = MemoryLedger(),
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, isPatient: Bool = true,
    random: @escaping @Sendable () -> Double = { 0.999_999 }
) throws -> APIClient {
    var settings = try APISettings(
        baseURL: baseURL, requestsPerSecond: perSecond, requestsPerHour: perHour, version: "1.2.3")
    settings.isPatient = isPatient
    return APIClient(
        settings: settings, token: try makeToken(), transport: transport, clock: clock, random: random, ledger: ledger,
        logger: logger)
}

/// The error of an operation that has to fail.
func failure(of operation: () async throws(APIError) -> some Sendable) async -> APIError? {
    do {
        _ = try await operation()
        return nil
    } catch {
        return error
    }
}
