import ArgumentParser
import AuditArchive
import CivilTime
import SystemPackage

/// `captivateiq-export evidence erase`.
struct EvidenceEraseCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Takes an event out of the archive, on record; its hash stays.",
        discussion: EvidenceHelp.erase)

    @OptionGroup var common: SettingFlags<SettingTable.Common>
    @OptionGroup(title: SettingTable.Signing.title) var signing: SettingFlags<SettingTable.Signing>

    @Option(help: "The event's id.")
    var id: String

    @OptionGroup var why: ReasonOption

    func run(_ context: ProgramContext) async -> ExitStatus {
        let flags = common.values.merging(signing.values) { first, _ in first }
        let (id, reason) = (id, why.reason)
        return await CommandRunner(context: context, flags: flags).run(MaintenanceSettings.loader(context)) {
            settings, messages in
            do throws(ArchiveError) {
                let layout = ArchiveLayout(root: settings.common.archive)
                let compression = CompressionSettings(
                    level: settings.storing.compressionLevel, parallelism: PosixProcess.processorCount)
                let job = MaintenanceJob(settings, context, messages)
                let report = try await job.run { session async throws(ArchiveError) in
                    let erasure = Erasure(session, layout, fileSystem: context.fileSystem, compression: compression)
                    return try await erasure.run(id: id, reason: reason, now: context.clock.now())
                }
                guard let report else { return CommandRunner.Result(.unknownEvent(id)) }
                return Self.result(report)
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }

    private static func result(_ report: Erasure.Report) -> CommandRunner.Result {
        var parts = [Units.count(report.events, "event")]
        if report.quarantined > 0 { parts.append(Units.count(report.quarantined, "quarantined record")) }
        let dates = report.dates.isEmpty ? "" : " of \(report.dates.map(\.description).joined(separator: ", "))"
        var change = EvidenceChange(
            "Erased: \(parts.joined(separator: " and "))\(dates).", generation: report.generation)
        change.add("events", report.events)
        change.add("quarantined", report.quarantined)
        change.add("dates", list: report.dates.map(\.description))
        return change.result
    }
}

extension Failure {
    /// There is no event of this id.
    static func unknownEvent(_ id: String) -> Failure {
        .nothing("no event has this id: \(id)", hint: "Ids are compared as they are, letter by letter.")
    }
}
