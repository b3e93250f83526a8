import CivilTime

/// Where the checks of a few folders at a time go on, in a private file. It may be lost at any time.
struct FolderCursor {
    private let fileSystem: any FileSystem
    private let layout: ArchiveLayout

    init(_ fileSystem: any FileSystem, _ layout: ArchiveLayout) {
        self.fileSystem = fileSystem
        self.layout = layout
    }

    /// The next `count` of these dates in turn.
    func next(_ count: Int, of dates: [CalendarDay]) -> [CalendarDay] {
        guard !dates.isEmpty else { return [] }
        let last = load()
        let start = last.flatMap { last in dates.firstIndex { $0 > last } } ?? 0
        return (0..<min(count, dates.count)).map { dates[(start + $0) % dates.count] }
    }

    private func load() -> CalendarDay? {
        guard let bytes = try? fileSystem.contents(of: layout.hint("folders-checked"), upTo: 64) else { return nil }
        return CalendarDay(String(decoding: bytes.prefix(10), as: UTF8.self))
    }

    /// Remembers the last date that was found to be as it should. One that is not comes first again.
    func save(_ date: CalendarDay) {
        let (path, draft) = (layout.hint("folders-checked"), layout.hint("folders-checked.new"))
        do throws(FileSystemError) {
            try fileSystem.removeIfPresent(draft)
            let file = try fileSystem.create(draft)
            defer { try? file.close() }
            try file.writeAll(Array("\(date)\n".utf8).span.bytes, at: draft)
            try fileSystem.rename(draft, to: path)
        } catch {
            // Then the same folders come first again.
        }
    }
}
