import ArgumentParser
import AuditArchive
import CivilTime

/// `captivateiq-export evidence`: what was done to the archive, provable offline.
struct EvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence", abstract: "Signs, shows, anchors and proves what was done to the archive.",
        discussion: EvidenceHelp.overview,
        subcommands: [
            EvidenceKeygenCommand.self, EvidenceSignCommand.self, EvidenceAnchorCommand.self, EvidenceLogCommand.self,
            EvidenceHoldCommand.self, EvidenceReleaseCommand.self, EvidenceEraseCommand.self, EvidenceProveCommand.self
        ])

    func run() throws {
        throw ValidationError(
            "Missing a command after evidence: keygen, sign, anchor, log, hold, release, erase or prove.")
    }
}

extension MaintenanceSettings {
    /// What a command of the evidence reads as its settings.
    static func loader(
        _ context: ProgramContext
    ) -> (inout SettingsReader) throws(SettingsError) -> MaintenanceSettings {
        { (reader) throws(SettingsError) in try load(&reader, context.fileSystem) }
    }
}

/// The result of a command that changed the archive, for people and for machines.
struct EvidenceChange {
    private var object = JSONObjectText()
    private let text: String

    /// What was done, in a sentence, and the archive's generation afterwards.
    init(_ text: String, generation: Int) {
        self.text = text
        object.add("outcome", "ok")
        object.add("generation", generation)
    }

    /// Adds a number.
    mutating func add(_ key: String, _ value: Int) { object.add(key, value) }

    /// Adds a list.
    mutating func add(_ key: String, list: [String]) { object.add(key, list: list) }

    /// What the command writes.
    var result: CommandRunner.Result { CommandRunner.Result(text: text + "\n", json: object.text + "\n") }
}

extension Failure {
    /// There is nothing of that name.
    static func nothing(_ summary: String, hint: String) -> Failure {
        Failure(.negative, summary, hints: [hint])
    }

    /// Nothing was committed yet.
    static func noArchive(_ archive: String) -> Failure {
        Failure(
            .absent, "nothing was committed to this archive yet", at: archive,
            hints: ["A new archive begins with `captivateiq-export sync`."])
    }
}
