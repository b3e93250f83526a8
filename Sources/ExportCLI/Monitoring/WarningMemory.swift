import AuditArchive
import CivilTime
import JSONText

/// Remembers which warnings were said with `quiet`, so that cron mails each kind once a day and not every hour. Kept in the
/// archive's private folder; losing it says a warning once more.
struct WarningMemory: Sendable {
    private static let interval = Duration.seconds(86_400)
    private static let mostKinds = 100
    private static let longestKind = 200

    private let file: PrivateFile
    private var said: [String: Timestamp]

    /// What was said about the archive at `layout` so far.
    init(_ layout: ArchiveLayout, _ fileSystem: any FileSystem) {
        file = PrivateFile(layout.hint("warnings.json"), fileSystem, largestSize: 1 << 17)
        said = file.read().flatMap(Self.decoded) ?? [:]
    }

    /// Those of `warnings` that are to be said now, each kind once; they count as said then.
    mutating func take(_ warnings: [String], at now: Timestamp) -> [String] {
        let due = mark(warnings, at: now)
        // Without it they are said once more, which is no harm.
        if !due.isEmpty { try? file.replace(with: encoded()) }
        return due
    }

    /// Those of `warnings` that were not said within the last day, each kind once. They do not count as said then, for a
    /// command that changes nothing remembers nothing.
    func unsaid(_ warnings: [String], at now: Timestamp) -> [String] {
        var copy = self
        return copy.mark(warnings, at: now)
    }

    private mutating func mark(_ warnings: [String], at now: Timestamp) -> [String] {
        // A clock that was set back makes a warning due again.
        said = said.filter { $0.value <= now && now - $0.value < Self.interval }
        return warnings.filter { warning in
            let kind = Self.kind(of: warning)
            guard said[kind] == nil else { return false }
            if said.count < Self.mostKinds { said[kind] = now }
            return true
        }
    }

    /// What stays the same of a warning when it is said again: all but its numbers.
    private static func kind(of warning: String) -> String {
        var kind = ""
        for character in warning.prefix(longestKind) {
            let isDigit = character.isASCII && character.isNumber
            if !isDigit { kind.append(character) } else if kind.last != "#" { kind.append("#") }
        }
        return kind
    }

    private func encoded() -> [UInt8] {
        let members = said.sorted { $0.key < $1.key }.map { "\(JSONOutput.quoted($0.key)): \"\($0.value)\"" }
        return Array("{\(members.joined(separator: ", "))}\n".utf8)
    }

    private static func decoded(_ bytes: [UInt8]) -> [String: Timestamp]? {
        var said: [String: Timestamp] = [:]
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, kind) throws(JSONTextError) in
                said[kind] = Timestamp(rfc3339: try reader.readString())
            }
            try reader.finish()
        } catch {
            return nil
        }
        return said
    }
}
