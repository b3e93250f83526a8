import Crypto
import SystemPackage

/// Compares the files that a journal names with the manifest that its commit makes: a copy taken during a commit, or a
/// failing disk, can have cut or changed one that nothing names yet.
struct JournaledFiles {
    private let fileSystem: any FileSystem
    private let layout: ArchiveLayout
    private var stated: [String: (size: Int, sha256: String)] = [:]

    /// Knows what `manifest`, the one that the commit makes, says of its files. Without one, nothing is known.
    init(_ fileSystem: any FileSystem, _ layout: ArchiveLayout, _ manifest: Manifest?, _ journal: Journal) {
        self.fileSystem = fileSystem
        self.layout = layout
        guard let manifest else { return }
        let targets = Set(journal.moves.map(\.target))
        for file in manifest.files where targets.contains(file.name.path) {
            stated[file.name.path] = (file.size, file.sha256)
        }
        for file in manifest.quarantine where targets.contains(file.name.path) {
            stated[file.name.path] = (file.size, file.sha256)
        }
    }

    /// Where the file of a move is that is not what the manifest says; `nil` if it is, or if that is not known.
    func damaged(_ move: Journal.Move) throws(ArchiveError) -> FilePath? {
        guard let stated = stated[move.target] else { return nil }
        for path in [layout.stagingDirectory.appending(move.staged), layout.absolute(move.target)] {
            let bytes = try archiveCalls { () throws(FileSystemError) in try fileSystem.contents(of: path) }
            guard let bytes else { continue }
            let hash = bytes.withUnsafeBytes { SHA256.hash(data: $0) }
            if bytes.count != stated.size || hash.hexadecimal != stated.sha256 { return path }
        }
        return nil
    }
}
