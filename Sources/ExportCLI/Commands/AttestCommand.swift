import ArgumentParser
import AuditArchive
import AuditReport
import AuditSync
import CaptivateIQAPI
import CivilTime
import SystemPackage

/// `captivateiq-export attest`.
struct AttestCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest", abstract: "Makes the statement about a period that an auditor asks for.",
        discussion: HelpText.attest)

    /// More days than any audit is about.
    private static let mostDays = 36_600

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    @Option(help: ArgumentHelp("The first day, YYYY-MM-DD.", valueName: "day"))
    var from: String

    @Option(help: ArgumentHelp("The last day, YYYY-MM-DD.", valueName: "day"))
    var to: String

    @Option(help: ArgumentHelp("The folder to write; must not exist, or be empty.", valueName: "dir"))
    var output: String

    @OptionGroup var trust: TrustFlags

    @Flag(help: "Ask nobody, though a token is at hand: the counts are those of earlier comparisons.")
    var offline = false

    @OptionGroup(title: "How to compare") var keeping: SettingFlags<SettingTable.Keeping>
    @OptionGroup(title: SettingTable.Limits.title) var limits: SettingFlags<SettingTable.Limits>
    @OptionGroup(title: SettingTable.Connection.title) var connection: SettingFlags<SettingTable.Connection>

    func validate() throws {
        guard !output.isEmpty else { throw ValidationError("--output has to name a folder.") }
        _ = try period()
    }

    func run(_ context: ProgramContext) async -> ExitStatus {
        await CommandRunner(context: context, flags: flags).run(
            { (reader) throws(SettingsError) in
                AttestSettings(
                    try AttestSettings.Asking(&reader, context.fileSystem, isOffline: offline),
                    trust: try trust.read(context.fileSystem))
            }
        ) { settings, messages in
            // Checked before.
            guard let period = try? period() else { return CommandRunner.Result(.bug("the dates changed")) }
            return await AttestJob(settings, context, messages).run(period, output: FilePath(setting: output))
        }
    }

    private func period() throws -> ClosedRange<CalendarDay> {
        let (first, last) = (try Self.day(from, "--from"), try Self.day(to, "--to"))
        guard first <= last else { throw ValidationError("--to \(last) is before --from \(first).") }
        guard first.days(until: last) < Self.mostDays else {
            throw ValidationError("--from and --to are more than a hundred years apart.")
        }
        return first...last
    }

    private static func day(_ text: String, _ flag: String) throws -> CalendarDay {
        if let day = CalendarDay(text) { return day }
        throw ValidationError("\(flag) has to be a day, such as 2025-01-31, and is \"\(text)\".")
    }

    /// The flags that were given, by the settings' names.
    private var flags: [String: String] {
        [common.values, keeping.values, limits.values, connection.values].reduce(into: [:]) {
            $0.merge($1) { first, _ in first }
        }
    }
}

/// What `attest` needs to know.
struct AttestSettings: Sendable {
    /// Whether the API is asked.
    enum Asking: Sendable {
        /// A token is at hand.
        case api(SyncConfiguration)
        /// The counts are those of earlier comparisons, and events are late after this time.
        case nobody(CommonSettings, lookback: Duration)

        /// Reads the settings of a comparison where a token is at hand, and those of the archive alone where none is.
        init(
            _ reader: inout SettingsReader, _ fileSystem: any FileSystem, isOffline: Bool
        ) throws(SettingsError) {
            if !isOffline, TokenSetting(fileSystem: fileSystem).isGiven(reader.resolver) {
                var configuration = try SyncConfiguration(&reader, fileSystem: fileSystem)
                // Nothing is signed, since nothing is committed.
                configuration.signer = nil
                self = .api(configuration)
            } else {
                let lookback = reader.value(SettingTable.keeping.lookback)
                self = .nobody(try CommonSettings.load(&reader), lookback: lookback)
            }
        }
    }

    /// Whether the API is asked.
    var asking: Asking
    /// The key and the heads that the evidence must fit.
    var trust: EvidenceTrust

    init(_ asking: Asking, trust: EvidenceTrust) {
        self.asking = asking
        self.trust = trust
    }

    /// The archive, and how to write results and log lines.
    var common: CommonSettings {
        switch asking {
        case .api(let configuration): configuration.common
        case .nobody(let common, _): common
        }
    }

    /// How far back every sync looks.
    var lookback: Duration {
        switch asking {
        case .api(let configuration): configuration.sync.lookback
        case .nobody(_, let lookback): lookback
        }
    }
}
