import AuditArchive
import CivilTime
import JSONText

/// The last sync that failed, for `status`. Kept in the archive's private folder; a copy does not have it.
struct LastFailure: Equatable, Sendable {
    /// When it ended.
    var at: Timestamp
    /// The code that it ended with.
    var exitCode: Int
    /// What kind of failure, as `error.kind` has it.
    var kind: String
    /// What failed.
    var message: String

    /// The longest message that is kept.
    private static let longestMessage = 1_000

    /// What to remember of a failure.
    init(_ failure: Failure, at time: Timestamp) {
        at = time
        exitCode = Int(failure.status.rawValue)
        kind = failure.kind.rawValue
        message = String(failure.summary.prefix(Self.longestMessage))
    }
}

extension LastFailure {
    /// The file's text.
    func encoded() -> [UInt8] {
        let text =
            "{\"at\": \"\(at)\", \"exit_code\": \(exitCode), \"kind\": \(JSONOutput.quoted(kind)), "
            + "\"message\": \(JSONOutput.quoted(message))}\n"
        return Array(text.utf8)
    }

    /// Reads the file's text; nil if it cannot be made sense of.
    init?(decoding bytes: [UInt8]) {
        var (at, kind, message): (String?, String?, String?)
        var exitCode: Int?
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, key) throws(JSONTextError) in
                switch key {
                case "at": at = try reader.readString()
                case "exit_code": exitCode = try reader.readInteger()
                case "kind": kind = try reader.readString()
                case "message": message = try reader.readString()
                default: try reader.skipValue()
                }
            }
            try reader.finish()
        } catch {
            return nil
        }
        guard let at = at.flatMap({ Timestamp(rfc3339: $0) }), let exitCode, let kind, let message else { return nil }
        self.at = at
        self.exitCode = exitCode
        self.kind = kind
        self.message = message
    }
}

/// Where the last failure is kept. Losing it costs a line of `status`, so that no failure of it matters.
struct LastFailureFile: Sendable {
    private let file: PrivateFile

    /// The file of the archive at `layout`.
    init(_ layout: ArchiveLayout, _ fileSystem: any FileSystem) {
        file = PrivateFile(layout.hint("last-failure.json"), fileSystem, largestSize: 1 << 16)
    }

    /// What was kept last; nil if there is nothing, or nothing that can be read.
    func load() -> LastFailure? { file.read().flatMap(LastFailure.init(decoding:)) }

    /// Replaces what was kept.
    func save(_ failure: LastFailure) { try? file.replace(with: failure.encoded()) }
}
