import CivilTime
import SystemPackage

/// Compares what stands in the table's folders with what the manifest names. Files that an older manifest, put back,
/// does not know would be archived twice; a file that is gone would never be missed.
struct FolderCheck {
    private let archive: ArchiveDirectory
    private var layout: ArchiveLayout { archive.layout }

    /// The highest generation that a file's name had, of all that were looked at.
    private(set) var newestGeneration = 0

    init(_ archive: ArchiveDirectory) {
        self.archive = archive
    }

    /// Compares one date's folder. `looksAtSizes`: the files' sizes too, which costs a call each.
    mutating func check(_ date: CalendarDay, _ files: ArraySlice<DataFile>, looksAtSizes: Bool) throws(ArchiveError) {
        let folder = DataFileName.directory(of: date)
        try checkIsFolder(layout.absolute(folder))
        var left = Set(files.map(\.name.fileName))
        for name in try names(in: folder) where !name.hasPrefix(".") && !SystemFile.isKnown(name) {
            if let generation = DataFileName(path: "\(folder)/\(name)")?.generation {
                newestGeneration = max(newestGeneration, generation)
            }
            guard left.remove(name) != nil else { throw .unnamed(layout.absolute("\(folder)/\(name)")) }
        }
        if let missing = left.min() { throw .missing(layout.absolute("\(folder)/\(missing)")) }
        guard looksAtSizes else { return }
        for file in files {
            let path = layout.absolute(file.name.path)
            guard let status = try archive.status(of: path), status.kind == .file else { throw .missing(path) }
            guard status.size == file.size else {
                throw .damaged("A data file has \(status.size) bytes, and the manifest says \(file.size)", at: path)
            }
        }
    }

    /// Refuses folders of dates that the manifest does not know, and the lack of one that it knows.
    func checkDates(_ dates: [CalendarDay]) throws(ArchiveError) {
        let folders = try names(in: ArchiveLayout.dataDirectoryName).filter { $0.hasPrefix("date=") }
        // Mostly all is well, and then no names have to be made of ten thousand dates.
        let found = folders.lazy.map { CalendarDay(String($0.dropFirst(5))) }
        if found.elementsEqual(dates.lazy.map(Optional.some)) { return }
        let there = Set(folders)
        let known = Set(dates.map { "date=\($0)" })
        if let missing = known.subtracting(there).min() { throw .missing(layout.dataDirectory.appending(missing)) }
        for name in there.subtracting(known).sorted() {
            let folder = "\(ArchiveLayout.dataDirectoryName)/\(name)"
            // One that is empty holds nothing that a reader could see.
            let file = try names(in: folder).first { !$0.hasPrefix(".") && !SystemFile.isKnown($0) }
            if let file { throw .unnamed(layout.absolute("\(folder)/\(file)")) }
        }
    }

    /// A link would lead out of the archive.
    private func checkIsFolder(_ path: FilePath) throws(ArchiveError) {
        guard let kind = try archive.kind(of: path), kind != .directory else { return }
        throw ArchiveError(FileSystemError(.opendir, path, .notDirectory))
    }

    /// None where there is no such folder.
    private func names(in folder: String) throws(ArchiveError) -> [String] {
        do {
            return try archive.fileSystem.names(in: layout.absolute(folder))
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw ArchiveError(error) }
            return []
        }
    }
}

extension ArchiveError {
    fileprivate static func unnamed(_ path: FilePath) -> ArchiveError {
        ArchiveError(
            .damaged, "There is a file in the table that the manifest does not name", at: path,
            hint:
                "Nothing was changed. If an older manifest was put back, `captivateiq-export rebuild` takes such files "
                + "in; a file of another kind has to be moved out of the archive.")
    }

    fileprivate static func missing(_ path: FilePath) -> ArchiveError {
        ArchiveError(
            .damaged, "A data file or folder that the manifest names is missing", at: path,
            hint:
                "Nothing was changed. Restore it from a copy; or run `captivateiq-export rebuild`, after which the next "
                + "sync fetches again what it held.")
    }
}

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
