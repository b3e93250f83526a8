package import SystemPackage

/// Where everything stands in an archive (format version 1).
package struct ArchiveLayout: Sendable, Equatable {
    /// The archive's folder.
    package let root: FilePath

    /// Describes the archive in `root`.
    package init(root: FilePath) {
        self.root = root
        manifest = root.appending(Self.manifestName)
        dataDirectory = root.appending(Self.dataDirectoryName)
        quarantineDirectory = root.appending(Self.quarantineDirectoryName)
        privateDirectory = root.appending(Self.privateDirectoryName)
        stagingDirectory = privateDirectory.appending("staging")
        journal = privateDirectory.appending("journal.json")
        lock = privateDirectory.appending("lock")
    }

    /// The table that readers point their tools at.
    package static let dataDirectoryName = "audit_logs"

    /// Records that could not be archived.
    package static let quarantineDirectoryName = "quarantine"

    /// Lock, staging, journal and hints: never shipped, never read by consumers.
    package static let privateDirectoryName = ".captivateiq-export"

    /// The manifest's name.
    package static let manifestName = "manifest.json"

    // Made once: joining paths is slow enough to show where thousands of files are looked at.
    package let manifest: FilePath
    package let dataDirectory: FilePath
    package let quarantineDirectory: FilePath
    package let privateDirectory: FilePath
    package let stagingDirectory: FilePath
    package let journal: FilePath
    package let lock: FilePath

    /// A private file that may be lost at any time, such as the remembered hour of requests.
    package func hint(_ name: String) -> FilePath { privateDirectory.appending(name) }

    /// The place in the file system of a path as the manifest has it, relative to the archive.
    package func absolute(_ relative: String) -> FilePath { FilePath("\(root)/\(relative)") }
}
