import CivilTime
import SystemPackage

/// The name of a folder that was taken out of the table: its date, the commit that did it, and when that was.
struct RetiredFolderName: Hashable, Sendable {
    /// The date of its events.
    let date: CalendarDay

    /// The commit that took it out.
    let generation: Int

    /// Seconds since 1970.
    private let seconds: Int64

    /// Names a folder that a commit of this moment takes out.
    init(date: CalendarDay, generation: Int, at time: Timestamp) {
        self.date = date
        self.generation = generation
        seconds = max(0, time.microseconds / 1_000_000)
    }

    /// Reads a name; `nil` unless it is exactly what ``text`` would give.
    init?(_ text: String) {
        // As bytes: after a compaction of many years there are thousands of them for a while.
        let bytes = text.utf8.span.bytes
        guard bytes.byteCount > 10, let date = CalendarDay(bytes.extracting(0..<10)),
            let (generation, next) = bytes.paddedNumber(at: 10, width: 1),
            let (seconds, end) = bytes.paddedNumber(at: next, width: 1), end == bytes.byteCount, seconds <= 1 << 40
        else { return nil }
        self.date = date
        self.generation = generation
        self.seconds = Int64(seconds)
    }

    /// Such as `2025-02-23-42-1764480223`.
    var text: String { "\(date)-\(generation)-\(seconds)" }

    /// When it was taken out, to the second.
    var time: Timestamp { Timestamp(microseconds: seconds * 1_000_000) }
}

/// The folders that compaction took out of the table. They are kept for a while, so that whoever opened their files reads
/// on; they hold nothing that the archive does not have.
struct RetiredFolders {
    private let archive: ArchiveDirectory

    /// Those of this archive.
    init(_ archive: ArchiveDirectory) {
        self.archive = archive
    }

    /// Removes the folders that were kept long enough, and those of dates that the archive has no more. One that cannot be
    /// removed is left to the next command.
    func clear(_ manifest: Manifest?, at now: Timestamp, keptFor period: Duration) {
        // Mostly there is no such folder, or nothing in it.
        guard let names = try? archive.fileSystem.names(in: archive.layout.retiredDirectory), !names.isEmpty else {
            return
        }
        let dates = Set(manifest?.partitions.map(\.date) ?? [])
        for name in names.compactMap(RetiredFolderName.init(_:)) {
            // One that seems to be of the future was named by a clock that was wrong.
            let isDue = !(Duration.zero..<period).contains(now - name.time)
            if isDue || !dates.contains(name.date) { remove(name) }
        }
    }

    private func remove(_ name: RetiredFolderName) {
        let folder = archive.layout.retiredDirectory.appending(name.text)
        guard let files = try? archive.fileSystem.names(in: folder) else { return }
        for file in files { try? archive.removeIfPresent(folder.appending(file)) }
        try? archive.removeDirectory(folder)
    }
}
