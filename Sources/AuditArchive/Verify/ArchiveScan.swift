import CivilTime

/// One look at every file of an archive, whether a manifest names the files or the folders that hold them.
struct ArchiveScan: Sendable {
    /// A file to look at, by its place in its list.
    enum File: Sendable {
        case data(Int)
        case quarantine(Int)
    }

    /// A file's name, and what a manifest says of it, if one does.
    struct Target<Name: Sendable, Stated: Sendable>: Sendable {
        var name: Name
        var stated: Stated?
    }

    let archive: ArchiveDirectory
    let data: [Target<DataFileName, DataFile>]
    let quarantine: [Target<QuarantineFileName, QuarantineFile>]
    /// Events later than this do not count as newest.
    let newestLimit: Timestamp
    /// What is to be found out about the lines of a file, by its path.
    var hashing: @Sendable (String) -> LineHashing = { _ in .none }

    /// A look at the files of a manifest.
    init(_ archive: ArchiveDirectory, _ manifest: Manifest) {
        self.archive = archive
        data = manifest.files.map { Target(name: $0.name, stated: $0) }
        quarantine = manifest.quarantine.map { Target(name: $0.name, stated: $0) }
        newestLimit = manifest.writtenAt
    }

    /// A look at files of which no manifest says anything.
    init(_ archive: ArchiveDirectory, _ inventory: ArchiveInventory, now: Timestamp) {
        self.archive = archive
        data = inventory.data.map { Target(name: $0, stated: nil) }
        quarantine = inventory.quarantine.map { Target(name: $0, stated: nil) }
        newestLimit = now
    }

    /// Looks at these files, the last one first, at most `parallelism` at once, and hands over what they turned out to be.
    func run(_ files: [File], parallelism: Int, _ take: (File, FileFindings) -> Void) async {
        await inParallel(files, atMost: parallelism, { check($0) }, take: take)
    }

    /// The path of a file relative to the archive.
    func path(of file: File) -> String {
        switch file {
        case .data(let index): data[index].name.path
        case .quarantine(let index): quarantine[index].name.path
        }
    }

    private func check(_ file: File) -> FileFindings {
        let check = FileCheck(archive: archive, hashing: hashing(path(of: file)))
        switch file {
        case .data(let index):
            let lines = EventLineChecker(
                data[index].name, stated: data[index].stated, number: UInt32(clamping: index), newestLimit: newestLimit)
            return check.check(data[index].name.path, data[index].stated?.digest, lines)
        case .quarantine(let index):
            return check.check(quarantine: quarantine[index].name.path, quarantine[index].stated?.digest)
        }
    }
}

/// Does some work for each item, the last one first, at most so many at once, and hands over the results one by one.
package func inParallel<Item: Sendable, Result: Sendable>(
    _ items: [Item], atMost parallelism: Int, _ work: @escaping @Sendable (Item) -> Result,
    take: (Item, Result) -> Void
) async {
    var items = items
    await withTaskGroup(of: (Item, Result).self) { group in
        var running = 0
        while !items.isEmpty || running > 0 {
            if running < max(1, parallelism), let item = items.popLast() {
                group.addTask { (item, work(item)) }
                running += 1
            } else if let (item, result) = await group.next() {
                take(item, result)
                running -= 1
            }
        }
    }
}
