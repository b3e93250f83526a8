import AuditArchive
import CaptivateIQAPI
import Logging

/// Makes what a command needs to talk to the API, by its settings.
struct APIConnection {
    private let configuration: SyncConfiguration
    private let context: ProgramContext
    private let logger: Logger

    /// What `configuration` asks for; `logger` hears of the requests.
    init(_ configuration: SyncConfiguration, _ context: ProgramContext, logger: Logger) {
        self.configuration = configuration
        self.context = context
        self.logger = logger
    }

    /// The connections to the API; nothing is connected yet.
    ///
    /// - Throws: what the system has too little of, and why no server could be trusted.
    func transport() throws(Failure) -> AsyncHTTPTransport {
        try transport(configuration.transport, to: configuration.api.baseURL)
    }

    /// The connections to another server; nothing is connected yet.
    func transport(_ settings: TransportSettings, to baseURL: BaseURL) throws(Failure) -> AsyncHTTPTransport {
        let need = ProcessLimits.Need.network(
            processors: PosixProcess.processorCount, connections: settings.connections)
        if let shortage = ProcessLimits.shortage(need) { throw shortage }
        do {
            return try AsyncHTTPTransport(settings: settings, baseURL: baseURL)
        } catch {
            throw Failure(error, caFile: configuration.caFileSource, url: baseURL.text)
        }
    }

    /// A client of the API.
    ///
    /// - Parameters:
    ///   - ledger: remembers the hour's requests.
    ///   - isPatient: whether failures that may pass by themselves are waited for.
    func client(
        _ transport: any HTTPTransport, ledger: any RequestLedgerStore, isPatient: Bool = true
    ) -> APIClient {
        var settings = configuration.api
        settings.isPatient = isPatient
        return APIClient(
            settings: settings, token: configuration.token, transport: transport, clock: context.clock,
            random: { Double.random(in: 0..<1) }, ledger: ledger, logger: logger)
    }
}
