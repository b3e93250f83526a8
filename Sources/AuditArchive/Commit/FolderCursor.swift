import CivilTime

/// Where the checks of a few folders at a time go on.
struct FolderCursor {
    private let file: PrivateFile

    init(_ archive: ArchiveDirectory) {
        file = PrivateFile(archive.layout.checkedFolders, archive.fileSystem, largestSize: 64)
    }

    /// The next `count` of these dates in turn.
    func next(_ count: Int, of dates: [CalendarDay]) -> [CalendarDay] {
        guard !dates.isEmpty else { return [] }
        let last = load()
        let start = last.flatMap { last in dates.firstIndex { $0 > last } } ?? 0
        return (0..<min(count, dates.count)).map { dates[(start + $0) % dates.count] }
    }

    private func load() -> CalendarDay? {
        file.read().flatMap { CalendarDay(String(decoding: $0.prefix(10), as: UTF8.self)) }
    }

    /// Remembers the last date that was found to be as it should. One that is not comes first again, and so does one that
    /// cannot be remembered.
    func save(_ date: CalendarDay) { try? file.replace(with: Array("\(date)\n".utf8)) }
}
