import CivilTime
package import SystemPackage

/// Where everything stands in an archive (format version 2).
package struct ArchiveLayout: Sendable, Equatable {
    /// The archive's folder.
    package let root: FilePath

    /// Whether the folder's path is text: what is put together as text is so faster, and would be another path else.
    private let isText: Bool

    /// Describes the archive in `root`.
    package init(root: FilePath) {
        self.root = root
        isText = FilePath(root.string) == root
        manifest = root.appending(Self.manifestName)
        dataDirectory = root.appending(Self.dataDirectoryName)
        quarantineDirectory = root.appending(Self.quarantineDirectoryName)
        privateDirectory = root.appending(Self.privateDirectoryName)
        stagingDirectory = privateDirectory.appending("staging")
        journal = privateDirectory.appending(Self.journalName)
        lock = privateDirectory.appending("lock")
    }

    /// The table that readers point their tools at.
    package static let dataDirectoryName = "audit_logs"

    /// Records that could not be archived.
    package static let quarantineDirectoryName = "quarantine"

    /// Lock, staging, journal and hints: never shipped, never read by consumers.
    static let privateDirectoryName = ".captivateiq-export"

    /// The log of everything ever done to the archive.
    static let evidenceDirectoryName = "evidence"

    /// The folder of the log's files, relative to the archive.
    static let logDirectoryPath = "\(evidenceDirectoryName)/log"

    /// The newest signed head, relative to the archive.
    static let checkpointPath = "\(evidenceDirectoryName)/checkpoint"

    /// The public key in PEM, relative to the archive.
    static let publicKeyPath = "\(evidenceDirectoryName)/key.pub.pem"

    /// The public key as a C2SP verifier key, relative to the archive.
    static let verifierKeyPath = "\(evidenceDirectoryName)/key.vkey"

    /// The folder of heads that others vouch for, relative to the archive.
    static let anchorsPath = "\(evidenceDirectoryName)/anchors"

    /// The name of the file that says when the archive was last known to be complete.
    static let freshnessName = "freshness.json"

    /// What may stand in the folder of an archive that is yet to begin: the root of a file system has `lost+found`, and a
    /// run that failed early or died leaves the rest.
    static let namesBeforeTheFirstCommit: Set<String> = [
        "lost+found", privateDirectoryName, dataDirectoryName, quarantineDirectoryName, freshnessName, probeName
    ]

    /// The manifest's name.
    static let manifestName = "manifest.json"

    private static let journalName = "journal.json"

    /// The journal's path relative to the archive.
    static let journalPath = "\(privateDirectoryName)/\(journalName)"

    // Made once: joining paths is slow enough to show where thousands of files are looked at.

    /// `manifest.json`: what is in the archive.
    package let manifest: FilePath

    /// The table's folder.
    package let dataDirectory: FilePath

    /// The folder of the records that were kept aside.
    let quarantineDirectory: FilePath

    /// The folder of everything that is not shipped.
    package let privateDirectory: FilePath

    /// Where the files of a commit are written.
    let stagingDirectory: FilePath

    /// The commit that is past its point of no return, if there is one.
    package let journal: FilePath

    /// The lock that every command that writes holds.
    package let lock: FilePath

    /// `freshness.json`: how far the archive is complete and when that was last confirmed.
    var freshness: FilePath { root.appending(Self.freshnessName) }

    /// What the archive's folder is where it is reached through a link.
    var rootItself: FilePath { root.appending(".") }

    /// The manifest of a commit until it is published; it is renamed last.
    var stagedManifest: FilePath { staged(Self.manifestName) }

    /// The journal while it is being written.
    var stagedJournal: FilePath { staged(Self.journalName) }

    /// A file of a commit until it is published.
    func staged(_ fileName: String) -> FilePath { stagingDirectory.appending(fileName) }

    /// The folder of a date while it is built, to be exchanged for the one in the table.
    func stagedPartition(_ date: CalendarDay) -> FilePath { staged("date=\(date)") }

    /// The folder of a date in the table.
    func partition(_ date: CalendarDay) -> FilePath { absolute(DataFileName.directory(of: date)) }

    /// Where folders that were taken out of the table wait until their readers are done.
    var retiredDirectory: FilePath { hint("retired") }

    /// The name of the file that tries out whether files can be renamed into a folder. Left by a crash, it is removed at
    /// the next start.
    static let probeName = ".captivateiq-export-probe"

    /// Where such a file may be left by a crash: in the root and in each folder that is published into.
    static let probePaths = ["", "\(dataDirectoryName)/", "\(quarantineDirectoryName)/", "\(evidenceDirectoryName)/"]
        .map { $0 + probeName }

    /// What the manifest says that data files cannot tell.
    var manifestSidecar: FilePath { hint("manifest-facts.json") }

    /// The folder of the evidence.
    var evidenceDirectory: FilePath { root.appending(Self.evidenceDirectoryName) }

    /// The folder of the evidence log's files.
    var logDirectory: FilePath { absolute(Self.logDirectoryPath) }

    /// The newest signed head.
    package var checkpoint: FilePath { absolute(Self.checkpointPath) }

    /// The head of the log as the last commit left it.
    var evidenceEdge: FilePath { hint("evidence-head.json") }

    /// Where the checks of a few folders at a time go on.
    var checkedFolders: FilePath { hint("folders-checked") }

    /// What a copy that comes here brings or takes away, until it is whole: a path a line.
    var copiedPaths: FilePath { hint("incoming/paths") }

    /// The folder of the index of ids.
    var indexDirectory: FilePath { hint("ids") }

    /// The remembered hour of requests.
    package var requests: FilePath { hint("requests.json") }

    /// A private file that may be lost at any time, such as the remembered hour of requests.
    package func hint(_ name: String) -> FilePath { privateDirectory.appending(name) }

    /// The hints of a sync.
    package enum SyncHint: String, CaseIterable, Sendable {
        /// What the last walk of the look-back window found.
        case tail = "tail.json"
        /// Where a backfill goes on.
        case backfill = "backfill.json"
        /// Which windows did not add up.
        case incomplete = "incomplete.json"
        /// What stood in the place of a record and was no JSON.
        case malformed = "malformed.json"
    }

    /// The folder of a file, both relative to the archive; empty for the archive itself.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// The place in the file system of a path as the manifest has it, relative to the archive.
    package func absolute(_ relative: String) -> FilePath {
        if root.isEmpty { return FilePath(relative) }
        return isText ? FilePath("\(root)/\(relative)") : root.appending(relative)
    }
}
