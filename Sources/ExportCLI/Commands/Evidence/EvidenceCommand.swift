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

/// The longer texts of the help of these commands.
enum EvidenceHelp {
    static let overview = """
        Every commit writes what it did into evidence/log, and the manifest names the log's head. With signing_key_file \
        each commit signs that head. `verify` checks all of it, on a copy too, without the network.

        EXAMPLES
          captivateiq-export evidence keygen --output /etc/captivateiq/signing-key.pem
          captivateiq-export evidence sign --archive /srv/audit --signing-key-file /etc/captivateiq/signing-key.pem
          captivateiq-export evidence anchor --archive /srv/audit >head.checkpoint
          captivateiq-export verify --archive /srv/audit --public-key key.pub.pem --anchor head.checkpoint
          captivateiq-export evidence hold --archive /srv/audit --name 'case 12' --from 2025-01-01 --to 2025-03-31 \
        --reason 'asked for by counsel'
          captivateiq-export evidence erase --archive /srv/audit --id 4f1c… --reason 'request 17'
          captivateiq-export evidence prove 4f1c… --archive /srv/audit
        """

    static let sign = """
        Signs what runs without the key have left unsigned. The first time, it says in the log which key signs from here \
        on. It refuses a log that is not the one that the key has signed before (65); --adopt goes on from it all the \
        same, and says so in it.

        --rotate-to FILE has another key sign from now on: the head with which that begins is signed by both. Without the \
        old key, which is lost, --without-old-key says so in the log.
        """

    static let anchor = """
        Prints the head of the log, and keeps it in evidence/anchors. Whoever keeps such a head elsewhere can prove with \
        `verify --anchor` that nothing before it was changed or cut. With --rfc3161 an authority stamps it with the time; \
        `openssl ts -verify` checks that.
        """

    static let erase = """
        Takes the event of this id out of the archive, and records of that id out of the quarantine. The line goes, its \
        hash stays, so that it can be proven that just one event went. No sync brings it back. Refused (73) while a hold \
        covers its day; 1 if there is no such event.
        """

    static let prove = """
        Prints a JSON object that proves, with the public key alone, that an event is one that was archived: its line in \
        base64, the entry that added it, and the hashes from the line to the entry's root and from the entry to the \
        signed head. 1 if there is no such event.
        """
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
