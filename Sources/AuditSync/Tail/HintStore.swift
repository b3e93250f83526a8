import AuditArchive
import SystemPackage

/// Keeps hints between runs, each in a small private file. Losing them costs requests, never events, so failures are
/// passed over.
struct HintStore: Sendable {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout

    /// Bytes that no hint has.
    private static let limit = 1 << 16

    var tail: TailHint? { contents(.tail).flatMap(TailHint.init(decoding:)) }

    var backfill: BackfillHint? { contents(.backfill).flatMap(BackfillHint.init(decoding:)) }

    /// Replaces the tail's hint; `nil` removes it.
    func save(_ hint: TailHint?) { replace(.tail, with: hint?.encoded()) }

    /// Replaces the backfill's hint.
    func save(_ hint: BackfillHint) {
        if hint != backfill { replace(.backfill, with: hint.encoded()) }
    }

    private func contents(_ name: ArchiveLayout.SyncHint) -> [UInt8]? {
        (try? fileSystem.contents(of: path(name), upTo: Self.limit)).flatMap { $0 }
    }

    private func path(_ name: ArchiveLayout.SyncHint) -> FilePath { layout.hint(name.rawValue) }

    private func replace(_ name: ArchiveLayout.SyncHint, with bytes: [UInt8]?) {
        let draft = layout.hint(name.rawValue + ".new")
        do throws(FileSystemError) {
            try fileSystem.removeIfPresent(draft)
            guard let bytes else { return try fileSystem.removeIfPresent(path(name)) }
            let file = try fileSystem.create(draft)
            defer { try? file.close() }
            try file.writeAll(bytes.span.bytes, at: draft)
            try fileSystem.rename(draft, to: path(name))
        } catch {
            // What stayed behind speaks of an older generation, or is only less good.
        }
    }
}
