import ArgumentParser
import AuditArchive
import CaptivateIQAPI
import CivilTime
import JSONText
import SystemPackage

/// `captivateiq-export evidence anchor`.
struct EvidenceAnchorCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "anchor", abstract: "Prints the head of the log to keep elsewhere, with a time stamp if wanted.",
        discussion: EvidenceHelp.anchor)

    @OptionGroup var common: SettingFlags<SettingTable.Common>
    @OptionGroup(title: SettingTable.Signing.title) var signing: SettingFlags<SettingTable.Signing>

    @Option(
        name: .customLong("rfc3161"),
        help: ArgumentHelp("A time stamp authority (RFC 3161) to ask for a stamp of the head.", valueName: "url"))
    var authority: String?

    func run(_ context: ProgramContext) async -> ExitStatus {
        let flags = common.values.merging(signing.values) { first, _ in first }
        let authority = authority
        return await CommandRunner(context: context, flags: flags).run(
            { (reader) throws(SettingsError) in try AnchorSettings(&reader, authority, context.fileSystem) }
        ) { settings, messages in
            await Self.anchor(settings, context, messages)
        }
    }

    private static func anchor(
        _ settings: AnchorSettings, _ context: ProgramContext, _ messages: Messages
    ) async -> CommandRunner.Result {
        let layout = ArchiveLayout(root: settings.maintenance.common.archive)
        let anchors = EvidenceAnchors(layout, fileSystem: context.fileSystem)
        do throws(ArchiveError) {
            let head = try anchors.head()
            let stamp: [UInt8]?
            do throws(TimeStampError) {
                stamp = try await settings.authority?.stamp(of: head.encoded, using: settings.transport)
            } catch {
                return CommandRunner.Result(failure(error, settings.authority))
            }
            // Under the lock, lest a commit empties the staging folder meanwhile.
            try await MaintenanceJob(settings.maintenance, context, messages).run { _ async throws(ArchiveError) in
                try anchors.keep(head, timeStamp: stamp)
            }
            if !head.isSigned {
                messages.alert("the head is not signed by any key; `captivateiq-export evidence sign` does that")
            }
            return result(head, isStamped: stamp != nil)
        } catch {
            return CommandRunner.Result(Failure(error))
        }
    }

    private static func failure(_ error: TimeStampError, _ authority: TimeStampAuthority?) -> Failure {
        Failure(
            error.isUnreachable ? .unreachable : .unusable, error.description, at: authority?.url,
            hints: ["Nothing was changed. Try again later, or another authority."])
    }

    private static func result(_ head: Checkpoint, isStamped: Bool) -> CommandRunner.Result {
        let text = String(decoding: head.encoded, as: UTF8.self)
        var object = JSONObjectText()
        object.add("outcome", "ok")
        object.add("entries", head.entries)
        object.add("root", head.root.hexadecimal)
        object.add("checkpoint", text)
        object.add("time_stamp", isStamped ? "evidence/anchors/\(head.entries).tsr" : nil)
        return CommandRunner.Result(text: text, json: object.text + "\n", isAnswer: true)
    }
}

/// What `evidence anchor` needs to know.
private struct AnchorSettings {
    var maintenance: MaintenanceSettings
    var authority: TimeStampAuthority?
    var transport: TransportSettings

    init(_ reader: inout SettingsReader, _ url: String?, _ fileSystem: any FileSystem) throws(SettingsError) {
        transport = TransportSettings()
        transport.caFile = reader.value(SettingTable.connection.caFile).map { FilePath(setting: $0) }
        transport.noProxy = NoProxyRules(reader.value(SettingTable.connection.noProxy) ?? "")
        transport.proxy = reader.value(SettingTable.connection.httpsProxy)
        transport.connectTimeout = reader.value(SettingTable.connection.connectTimeout)
        transport.responseTimeout = reader.value(SettingTable.connection.responseTimeout)
        maintenance = try MaintenanceSettings.load(&reader, fileSystem)
        guard let url else { return }
        do {
            authority = try TimeStampAuthority(url)
        } catch {
            throw SettingsError(problems: [
                SettingProblem(name: "rfc3161", fault: "--rfc3161 cannot be used", place: "--rfc3161", hint: "\(error)")
            ])
        }
    }
}
