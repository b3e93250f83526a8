import ArgumentParser
import AuditArchive
import CivilTime
import SystemPackage

/// `captivateiq-export evidence hold`.
struct EvidenceHoldCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Keeps days from being pruned and erased from, on record.",
        discussion: EvidenceHelp.hold)

    @OptionGroup var common: SettingFlags<SettingTable.Common>
    @OptionGroup(title: SettingTable.Signing.title) var signing: SettingFlags<SettingTable.Signing>

    @Option(help: "What the hold is called.")
    var name: String

    @Option(help: ArgumentHelp("The first day, YYYY-MM-DD.", valueName: "day"))
    var from: String

    @Option(help: ArgumentHelp("The last day, YYYY-MM-DD.", valueName: "day"))
    var to: String

    @OptionGroup var why: ReasonOption

    func validate() throws {
        guard let first = CalendarDay(from), let last = CalendarDay(to) else {
            throw ValidationError("--from and --to have to be days, such as 2025-01-31.")
        }
        if last < first { throw ValidationError("--to \(last) is before --from \(first).") }
        if name.isEmpty { throw ValidationError("--name has to say something.") }
    }

    func run(_ context: ProgramContext) async -> ExitStatus {
        let flags = common.values.merging(signing.values) { first, _ in first }
        let dates = HeldDates(
            from: CalendarDay(from) ?? .first, to: CalendarDay(to) ?? .last, reason: why.reason, name: name)
        return await CommandRunner(context: context, flags: flags).run(MaintenanceSettings.loader(context)) {
            settings, messages in
            do throws(ArchiveError) {
                let job = MaintenanceJob(settings, context, messages)
                let outcome = try await job.run { session async throws(ArchiveError) in
                    try await EvidenceHolds(session).hold(dates, now: context.clock.now())
                }
                switch outcome {
                case .absent, .held(generation: nil):
                    return CommandRunner.Result(.noArchive(settings.common.archive.string))
                case .nameTaken(let hold): return CommandRunner.Result(.nameTaken(hold))
                case .held(let generation?):
                    return EvidenceChange(
                        "Held: \(dates.from) to \(dates.to), as \(dates.name).", generation: generation
                    ).result
                }
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }
}

/// `captivateiq-export evidence release`.
struct EvidenceReleaseCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Ends a hold, on record.",
        discussion: EvidenceHelp.release)

    @OptionGroup var common: SettingFlags<SettingTable.Common>
    @OptionGroup(title: SettingTable.Signing.title) var signing: SettingFlags<SettingTable.Signing>

    @Option(help: "What the hold is called.")
    var name: String

    @OptionGroup var why: ReasonOption

    func run(_ context: ProgramContext) async -> ExitStatus {
        let flags = common.values.merging(signing.values) { first, _ in first }
        let (name, reason) = (name, why.reason)
        return await CommandRunner(context: context, flags: flags).run(MaintenanceSettings.loader(context)) {
            settings, messages in
            do throws(ArchiveError) {
                let job = MaintenanceJob(settings, context, messages)
                let generation = try await job.run { session async throws(ArchiveError) in
                    try await EvidenceHolds(session).release(name, reason: reason, now: context.clock.now())
                }
                guard let generation else {
                    return CommandRunner.Result(
                        .nothing(
                            "no hold is called that: \(name)",
                            hint: "`captivateiq-export evidence log` lists the holds and their names."))
                }
                return EvidenceChange("Released: \(name).", generation: generation).result
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }
}

extension Failure {
    /// Nothing but a release, on record, ends a hold.
    fileprivate static func nameTaken(_ hold: Hold) -> Failure {
        Failure(
            .usage, "a hold is called that already: \(hold.name), \(hold.from) to \(hold.to)",
            hints: [
                "Nothing was changed. Choose another name, or end that hold first: `captivateiq-export evidence release "
                    + "--name … --reason …`."
            ])
    }
}
