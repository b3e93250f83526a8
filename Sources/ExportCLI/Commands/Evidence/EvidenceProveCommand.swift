import ArgumentParser
import AuditArchive
import JSONText
import SystemPackage

/// `captivateiq-export evidence prove`.
struct EvidenceProveCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Proves that an event is one that was archived.",
        discussion: EvidenceHelp.prove)

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    @Argument(help: "The event's id.")
    var id: String

    func run(_ context: ProgramContext) async -> ExitStatus {
        let id = id
        return await CommandRunner(context: context, flags: common.values).run(CommonSettings.load) {
            settings, messages in
            do throws(ArchiveError) {
                let prover = EvidenceProver(ArchiveLayout(root: settings.archive), fileSystem: context.fileSystem)
                guard let proof = try prover.prove(id: id) else { return CommandRunner.Result(.unknownEvent(id)) }
                if !proof.isSigned {
                    messages.alert(
                        "the head is not signed, and proves only as much as whoever keeps it; sign it with "
                            + "`captivateiq-export evidence sign`")
                }
                let json = Self.json(proof)
                return CommandRunner.Result(text: json, json: json, isAnswer: true)
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }

    private static func json(_ proof: EvidenceProof) -> String {
        func list(_ path: TreePath) -> String {
            "[\(path.hashes.map { "\"\($0.hexadecimal)\"" }.joined(separator: ", "))]"
        }
        var object = JSONObjectText()
        object.add("line", proof.encodedLine)
        object.add("add", json: proof.add)
        object.add("index", proof.linePath.index)
        object.add("leaf_path", json: list(proof.linePath))
        object.add("operation_index", proof.logPath.index)
        object.add("log_path", json: list(proof.logPath))
        object.add("checkpoint", String(decoding: proof.head.encoded, as: UTF8.self))
        return object.text + "\n"
    }
}
