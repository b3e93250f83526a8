import AuditArchive
import AuditSync
import CaptivateIQAPI
import Logging

/// One check of everything that a sync needs. It changes nothing, but for files in the private staging folder that are gone
/// at its end.
struct CheckRun {
    /// The most requests that a check makes.
    private static let mostRequests = 6

    private let settings: CheckSettings
    private let context: ProgramContext
    private let logger: Logger

    /// A check by these settings.
    init(_ settings: CheckSettings, _ context: ProgramContext, _ messages: Messages) {
        self.settings = settings
        self.context = context
        logger = messages.logger(settings.output.logLevel)
    }

    /// Tries everything that can be tried.
    func run() async -> CheckReport {
        var report = CheckReport()
        let archive = settings.archive.map {
            ArchiveCheck(ArchiveLayout(root: $0), creates: settings.creates, fileSystem: context.fileSystem).run()
        }
        // A sync that cannot begin fetches nothing.
        let isUsable = archive?.lines.contains { $0.name == "archive" && $0.result == .failure } != true
        report.lines = tokenLines
        if let configuration = settings.configuration {
            let found = await askAPI(configuration, archive?.manifest, estimates: isUsable)
            report.lines += found.lines.filter { $0.name != "next sync" }
            report.lines += settingLines + (archive?.lines ?? []) + found.lines.filter { $0.name == "next sync" }
            report.cost = found.cost
            report.requests = found.requests
        } else {
            report.lines.append(CheckLine("API", .warning, "was not asked, for the settings are incomplete"))
            report.lines += settingLines + (archive?.lines ?? [])
        }
        report.settings = settings.lines
        return report
    }

    private var tokenLines: [CheckLine] {
        guard let configuration = settings.configuration else { return [] }
        let line = CheckLine("token", .ok, "from \(configuration.tokenSource)")
        return [line] + (configuration.tokenExposure.map { [CheckLine("token", .warning, $0)] } ?? [])
    }

    /// What is wrong with the settings, or worth knowing.
    private var settingLines: [CheckLine] {
        let exposure = settings.configuration?.tokenExposure
        return settings.problems.map { CheckLine("settings", Failure(SettingsError(problems: [$0]))) }
            + settings.warnings.filter { $0 != exposure }.map { CheckLine("settings", .warning, $0) }
    }

    private func askAPI(
        _ configuration: SyncConfiguration, _ manifest: Manifest?, estimates: Bool
    ) async -> CheckReport {
        let connection = APIConnection(configuration, context, logger: logger)
        let transport: AsyncHTTPTransport
        do {
            transport = try connection.transport()
        } catch {
            var report = CheckReport()
            report.lines = [CheckLine("API", error)]
            return report
        }
        let layout = ArchiveLayout(root: configuration.common.archive)
        let file = RequestLedgerFile(layout, fileSystem: context.fileSystem, logger: logger)
        let remembering = connection.client(transport, ledger: UnsavedLedger(store: file), isPatient: false)
        let left = await remembering.statistics().requestsLeftThisHour
        // A check does not wait for an hour to be over, and a handful of requests are in no one's way.
        let client =
            left > Self.mostRequests
            ? remembering : connection.client(transport, ledger: NoRequestLedger(), isPatient: false)
        let check = APICheck(configuration, context, client: client, manifest: manifest, layout: layout)
        let report = await check.run(requestsLeft: left, estimates: estimates)
        await transport.close()
        return report
    }
}

/// The memory of the hour's requests, read and not written.
private struct UnsavedLedger: RequestLedgerStore {
    let store: any RequestLedgerStore

    func load() -> [UInt8]? { store.load() }
    func save(_ bytes: [UInt8]) {}
}
