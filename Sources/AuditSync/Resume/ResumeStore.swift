import AuditArchive
import SystemPackage

/// Keeps what later runs resume from, each in a small private file. Losing them costs requests, never events, so failures are
/// passed over.
struct ResumeStore: Sendable {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout

    /// Bytes that none of the files has.
    private static let limit = 1 << 16

    /// Whether a text can be the digest of a manifest: 64 lower-case hex digits.
    static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    var tail: TailFingerprint? { contents(.tail).flatMap(TailFingerprint.init(decoding:)) }

    var backfill: BackfillCursor? { contents(.backfill).flatMap(BackfillCursor.init(decoding:)) }

    /// Replaces the tail's fingerprint; `nil` removes it.
    func save(_ fingerprint: TailFingerprint?) { replace(.tail, with: fingerprint?.encoded()) }

    /// Replaces the backfill's cursor.
    func save(_ cursor: BackfillCursor) {
        if cursor != backfill { replace(.backfill, with: cursor.encoded()) }
    }

    /// The windows whose pages did not add up at the last sync.
    var incompleteWindows: [Window] { contents(.incomplete).flatMap(Window.list(decoding:)) ?? [] }

    /// Replaces the windows whose pages did not add up.
    func save(_ incomplete: [Window]) {
        guard incomplete != incompleteWindows else { return }
        replace(.incomplete, with: incomplete.isEmpty ? nil : Window.encoded(incomplete))
    }

    func contents(_ name: ArchiveLayout.SyncHint) -> [UInt8]? { file(name).read() }

    func replace(_ name: ArchiveLayout.SyncHint, with bytes: [UInt8]?) {
        do throws(FileSystemError) {
            if let bytes { try file(name).replace(with: bytes) } else { try file(name).remove() }
        } catch {
            // What stayed behind speaks of an older generation, or is only less good.
        }
    }

    private func file(_ name: ArchiveLayout.SyncHint) -> PrivateFile {
        PrivateFile(layout.hint(name.rawValue), fileSystem, largestSize: Self.limit)
    }
}
