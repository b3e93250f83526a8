import ArgumentParser
import AuditArchive
import CivilTime
import JSONText
import SystemPackage

/// `captivateiq-export evidence log`.
struct EvidenceLogCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Shows everything that was ever done to the archive.",
        discussion: EvidenceHelp.log)

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    func run(_ context: ProgramContext) async -> ExitStatus {
        await CommandRunner(context: context, flags: common.values).run(CommonSettings.load) { settings, _ in
            do throws(ArchiveError) {
                let history = try EvidenceHistory(
                    ArchiveLayout(root: settings.archive), fileSystem: context.fileSystem)
                return CommandRunner.Result(text: Self.text(history), json: Self.json(history), isAnswer: true)
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }

    private static func json(_ history: EvidenceHistory) -> String {
        var object = JSONObjectText()
        object.add("outcome", "ok")
        object.add("entries", history.head.entries)
        object.add("signed_entries", history.signedEntries)
        object.add("root", history.head.root.hexadecimal)
        let operations = history.entries.map { VisibleText.insideJSON($0.text) }
        object.add("operations", json: "[\(operations.joined(separator: ", "))]")
        return object.text + "\n"
    }

    private static func text(_ history: EvidenceHistory) -> String {
        let lines = history.entries.map { entry in
            let mark = entry.index < history.signedEntries ? " " : "*"
            return "\(mark) \(entry.index)  \(entry.at)  \(VisibleText.oneLine(entry.operation.summary))\n"
        }
        let entries = Units.count(history.head.entries, "entry", plural: "entries")
        let unsigned = history.head.entries - history.signedEntries
        let signed = unsigned <= 0 ? "all signed" : "\(Units.count(unsigned)) not signed yet (*)"
        return lines.joined() + "\(entries), \(signed), root \(history.head.root.hexadecimal)\n"
    }
}

extension EvidenceOperation {
    /// What was done, in a line for people.
    fileprivate var summary: String {
        switch self {
        case .genesis(let archiveID, let start, let writer): "genesis of \(archiveID) from \(start), by \(writer)"
        case .organization(let organization): "organization \(organization.id), \(organization.name)"
        case .add(let file):
            "add \(file.file.name), \(Units.count(file.records, "event"))\(file.source == nil ? ", adopted" : "")"
        case .quarantine(_, let file, let records, _): "quarantine \(file.name), \(Units.count(records, "record"))"
        case .quarantineErase(let erasure):
            "quarantine_erase \(erasure.file.name), \(Units.count(erasure.lines.count, "record")): \(erasure.reason)"
        case .compact(let date):
            "compact \(date.date), \(Units.count(date.from.count, "file")) to \(date.files.count)"
        case .prune(let dates):
            "prune \(dates.dates.first?.description ?? "") to \(dates.dates.last?.description ?? ""), "
                + "\(Units.count(dates.records, "event")): \(dates.reason)"
        case .erase(let lines):
            "erase from \(lines.file.name), \(Units.count(lines.leaves.count, "line")): \(lines.reason)"
        case .hold(let dates): "hold \(dates.name), \(dates.from) to \(dates.to): \(dates.reason)"
        case .release(let dates): "release \(dates.name), \(dates.from) to \(dates.to): \(dates.reason)"
        case .checked(let from, let to, let apiCount, let archiveCount):
            "checked \(from) to \(to), \(Units.count(apiCount)) at the API, \(Units.count(archiveCount)) here"
        case .commit(let generation, _): "commit of generation \(generation)"
        case .rebuild(let generation, let lost, _):
            "rebuild of generation \(generation), \(Units.count(lost.count, "file")) lost"
        case .restored(_, let entries, _): "restored: the head of \(Units.count(entries)) entries is not in this log"
        case .key(let key, let isAlone): "key \(key)\(isAlone ? ", without the old one" : "")"
        case .adopt(let entries, _, let reason): "adopt a log of \(Units.count(entries)) entries: \(reason)"
        }
    }
}

extension VisibleText {
    /// JSON in which what is not to be seen stands in strings alone, with that escaped: the same value, safe to look at.
    fileprivate static func insideJSON(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: isHidden) else { return json }
        var output = ""
        for scalar in json.unicodeScalars {
            if isHidden(scalar) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
