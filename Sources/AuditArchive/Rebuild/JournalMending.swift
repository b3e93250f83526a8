import CivilTime
import SystemPackage

/// Ends an unfinished commit for a rebuild, also one that cannot be finished: what is staged of it is published if the
/// archive does not have it, and what is gone is named.
struct JournalMending {
    private let archive: ArchiveDirectory
    private var layout: ArchiveLayout { archive.layout }
    private let commit: ArchiveCommit

    init(_ archive: ArchiveDirectory) {
        self.archive = archive
        commit = ArchiveCommit(archive)
    }

    /// A file that a commit was to publish and that is gone.
    struct Loss: Equatable {
        /// Its path.
        var path: String
        /// When its events are, as far as that is known.
        var times: Range<Timestamp>?
    }

    /// Ends the commit that a journal tells of, and empties the staging folder. A journal of one that cannot be finished
    /// stays until the rebuild's own takes its place: who comes first must not believe that all is well.
    func run() throws(ArchiveError) -> [Loss] {
        var losses: [Loss] = []
        if let bytes = try archive.contents(of: layout.journal) {
            // One that cannot be read tells of nothing; without it the manifest in place is what counts.
            if let journal = try? Journal(decoding: bytes, at: layout.journal) { losses = try end(journal) }
        }
        try commit.clear()
        return losses
    }

    private func end(_ journal: Journal) throws(ArchiveError) -> [Loss] {
        let staged = try manifest(at: layout.stagedManifest)
        let current = try manifest(at: layout.manifest)
        let stated = staged?.manifest?.digests(of: journal) ?? [:]
        var damaged: [String: FilePath] = [:]
        for move in journal.moves { damaged[move.target] = try commit.damagedPlace(of: move, stated[move.target]) }
        for exchange in journal.exchanges {
            damaged[exchange.paths[0]] = try commit.damagedPlace(of: exchange, stated)
        }
        if damaged.isEmpty, try isWhole(journal, staged, current) {
            try commit.publish(journal)
            return []
        }
        // A journal older than the manifest is one that a copy brought back; all that it tells of is history.
        if let manifest = current?.manifest, manifest.generation >= journal.generation { return [] }
        for exchange in journal.exchanges { try putBack(exchange, damaged[exchange.paths[0]]) }
        var (waiting, losses): ([Journal.Move], [Loss]) = ([], [])
        for move in journal.moves {
            if let path = damaged[move.target] {
                // Nothing names it yet, and nothing in it can be trusted.
                try archive.removeIfPresent(path)
                losses.append(Loss(path: move.target, times: Self.times(of: move.target, staged?.manifest)))
                continue
            }
            if try archive.exists(layout.absolute(move.target)) { continue }
            if try archive.exists(layout.staged(move.staged)) {
                waiting.append(move)
            } else {
                losses.append(Loss(path: move.target, times: Self.times(of: move.target, staged?.manifest)))
            }
        }
        try commit.publish(waiting)
        for folder in Journal.folders(of: waiting) { try archive.synchronizeDirectory(layout.absolute(folder)) }
        return losses
    }

    /// Of two folders that hold the same events, the one whose files are sound belongs into the table.
    private func putBack(_ exchange: Journal.Exchange, _ damaged: FilePath?) throws(ArchiveError) {
        let (old, new) = (layout.stagedPartition(exchange.date), layout.partition(exchange.date))
        guard let damaged, damaged.removingLastComponent() == new, try archive.exists(old) else { return }
        try archive.exchange(old, new)
    }

    /// Whether the commit can be finished as if nothing had happened to it.
    private func isWhole(_ journal: Journal, _ staged: Found?, _ current: Found?) throws(ArchiveError) -> Bool {
        for move in journal.moves where try !archive.exists(layout.absolute(move.target)) {
            guard try archive.exists(layout.staged(move.staged)) else { return false }
        }
        for exchange in journal.exchanges {
            let (new, staged) = (layout.partition(exchange.date), layout.stagedPartition(exchange.date))
            for name in exchange.files where try !archive.exists(new.appending(name)) {
                guard try archive.exists(staged.appending(name)) else { return false }
            }
        }
        guard let link = journal.link else {
            let follows = current?.manifest.map { $0.generation == journal.generation - 1 } ?? true
            return staged?.manifest?.generation == journal.generation && follows
                || staged == nil && current?.manifest?.generation == journal.generation
        }
        if staged == nil || journal.isUndo { return current?.identity == link.makes }
        guard staged?.identity == link.makes else { return false }
        // A manifest that is damaged or gone is to be replaced anyway.
        return current?.manifest == nil || current?.identity == link.follows || current?.identity == link.makes
    }

    private struct Found {
        var identity: String
        /// `nil` if it cannot be read.
        var manifest: Manifest?
    }

    private func manifest(at path: FilePath) throws(ArchiveError) -> Found? {
        try archive.contents(ofFile: path).map {
            Found(identity: ManifestSeal.identity(of: $0), manifest: try? Manifest(decoding: $0))
        }
    }

    /// By the manifest that the commit was to publish, else the whole date.
    private static func times(of path: String, _ manifest: Manifest?) -> Range<Timestamp>? {
        guard let name = DataFileName(path: path) else { return nil }
        if let file = manifest?.files(of: name.date).first(where: { $0.name == name }) {
            return Range(from: file.firstEventTimestamp, through: file.lastEventTimestamp)
        }
        return Range(of: name.date)
    }
}
