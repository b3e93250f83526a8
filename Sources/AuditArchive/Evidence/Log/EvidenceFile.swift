import CivilTime

/// A file as the log names it: without folder and extension.
package enum EvidenceFile: Hashable, Sendable {
    case data(DataFileName)
    case quarantine(QuarantineFileName)

    private static let suffix = ".ndjson.gz"

    /// Reads a name such as `audit_logs-2025-02-23-000042-00`; `nil` unless it is exactly what ``name`` would give.
    init?(name: String) {
        if name.hasPrefix(ArchiveLayout.quarantineDirectoryName) {
            let path = "\(ArchiveLayout.quarantineDirectoryName)/\(name)\(Self.suffix)"
            guard let file = QuarantineFileName(path: path) else { return nil }
            self = .quarantine(file)
        } else {
            let date = name.dropFirst("audit_logs-".count).prefix(10)
            guard let file = DataFileName(path: "audit_logs/date=\(date)/\(name)\(Self.suffix)") else { return nil }
            self = .data(file)
        }
    }

    /// The file of a path relative to the archive; `nil` for any other path.
    init?(path: String) {
        if let file = DataFileName(path: path) {
            self = .data(file)
        } else if let file = QuarantineFileName(path: path) {
            self = .quarantine(file)
        } else {
            return nil
        }
    }

    /// The name in the log.
    package var name: String {
        switch self {
        case .data(let file): String(file.fileName.dropLast(Self.suffix.count))
        case .quarantine(let file): String(file.fileName.dropLast(Self.suffix.count))
        }
    }

    /// The path relative to the archive.
    package var path: String {
        switch self {
        case .data(let file): file.path
        case .quarantine(let file): file.path
        }
    }

    /// The name if it is of a data file.
    var data: DataFileName? { if case .data(let file) = self { file } else { nil } }

    /// Generation and part, as a compaction names the files of its date: `000042-00`.
    var shortName: String { String(name.dropFirst("audit_logs-2025-02-23-".count)) }

    /// A file of a date by its generation and part.
    init?(shortName: String, date: CalendarDay) { self.init(name: "audit_logs-\(date)-\(shortName)") }
}
