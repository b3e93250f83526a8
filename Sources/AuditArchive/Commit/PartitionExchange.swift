import CivilTime
import SystemPackage

/// How a commit takes folders of dates out of the table, each in one step: a reader that lists the table finds the old files
/// or the new ones, never both and never none.
///
/// A folder that was built in staging is exchanged for the one in the table. What comes out of the table goes to the retired
/// folders.
struct PartitionExchange: Sendable {
    private let archive: ArchiveDirectory
    private var layout: ArchiveLayout { archive.layout }

    init(_ archive: ArchiveDirectory) {
        self.archive = archive
    }

    /// Before the point of no return: makes what was built durable, and a place for what comes out.
    func prepare(_ journal: Journal) throws(ArchiveError) {
        guard !journal.exchanges.isEmpty || !journal.retirements.isEmpty else { return }
        for date in journal.exchanges.map(\.date) + journal.retirements.map(\.date) {
            let folder = layout.partition(date)
            guard try archive.kind(of: folder) == .directory else {
                throw ArchiveError(FileSystemError(.renameat2, folder, .notDirectory))
            }
        }
        for exchange in journal.exchanges {
            try archive.synchronizeDirectory(layout.stagedPartition(exchange.date))
        }
        try archive.ensureDirectory(layout.retiredDirectory)
        try archive.synchronizeDirectory(layout.privateDirectory)
    }

    private static let probes = ["exchange-1", "exchange-2"]

    /// Whether a folder of this name is made in the staging folder.
    static func makesFolder(_ name: String) -> Bool {
        probes.contains(name) || name.hasPrefix("date=") && CalendarDay(String(name.dropFirst(5))) != nil
    }

    /// Finds out whether the file system can exchange two folders at all. Which ones it can is seen when it is done.
    ///
    /// - Throws: `ArchiveError` of the kind `noExchange` where it cannot.
    func probe() throws(ArchiveError) {
        let folders = Self.probes.map(layout.staged)
        for folder in folders { try archive.ensureDirectory(folder) }
        try archive.exchange(folders[0], folders[1])
        for folder in folders { try archive.removeDirectory(folder) }
    }

    /// Takes the folders out of the table. What is done already, by a process that died since, is not done again.
    ///
    /// - Throws: `ArchiveError` of the kind `noExchange` where the file system refuses one of the exchanges.
    func publish(_ journal: Journal) throws(ArchiveError) {
        guard !journal.exchanges.isEmpty || !journal.retirements.isEmpty else { return }
        for exchange in journal.exchanges where try !isDone(exchange) {
            try archive.exchange(layout.stagedPartition(exchange.date), layout.partition(exchange.date))
        }
        // The table first: of a folder that a power cut leaves in both places the archive's must be the new one.
        try archive.synchronizeDirectory(layout.dataDirectory)
        try archive.synchronizeDirectory(layout.stagingDirectory)
        for exchange in journal.exchanges { try retire(layout.stagedPartition(exchange.date), exchange.retired) }
        for name in journal.retirements { try retire(layout.partition(name.date), name) }
        try archive.synchronizeDirectory(layout.retiredDirectory)
        try archive.synchronizeDirectory(layout.stagingDirectory)
        try archive.synchronizeDirectory(layout.dataDirectory)
    }

    /// Whether the table has the new folder.
    func isDone(_ exchange: Journal.Exchange) throws(ArchiveError) -> Bool {
        let mark = exchange.files[0]
        if try archive.exists(layout.partition(exchange.date).appending(mark)) { return true }
        guard try archive.exists(layout.stagedPartition(exchange.date).appending(mark)) else {
            throw .refusedJournal("A folder of an unfinished commit is gone", at: layout.partition(exchange.date))
        }
        return false
    }

    /// The journal that takes a commit back of which some folders were exchanged and another cannot be.
    func undoing(_ journal: Journal, _ link: Journal.Link) throws(ArchiveError) -> Journal {
        var undo = Journal(generation: journal.generation, link: link, moves: [])
        for exchange in journal.exchanges where try isDone(exchange) {
            let files = try archive.names(in: layout.stagedPartition(exchange.date))
            undo.exchanges.append(Journal.Exchange(date: exchange.date, files: files, retired: exchange.retired))
        }
        return undo
    }

    private func retire(_ folder: FilePath, _ name: RetiredFolderName) throws(ArchiveError) {
        guard try archive.exists(folder) else { return }
        let place = layout.retiredDirectory.appending(name.text)
        // After a power cut a rename can have left both names.
        if try archive.exists(place) { return try archive.removeTree(folder) }
        try archive.rename(folder, to: place)
    }
}
