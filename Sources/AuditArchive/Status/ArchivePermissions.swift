import SystemPackage

/// Who else may change an archive.
package enum ArchivePermissions {
    private static let others: UInt32 = 0o002
    private static let groupAndOthers: UInt32 = 0o022

    /// A line for each place that users may write to who should not, with what to do; empty where there is none, or no
    /// archive.
    package static func warnings(_ layout: ArchiveLayout, fileSystem: any FileSystem) -> [String] {
        var warnings: [String] = []
        if mayBeWritten(layout.rootItself, .directory, by: others, fileSystem) {
            warnings.append(
                "The archive's folder \(layout.root) can be changed by every user of this machine; run: "
                    + "chmod o-w \(layout.root)")
        }
        if mayBeWritten(layout.manifest, .file, by: groupAndOthers, fileSystem) {
            warnings.append(
                "The manifest \(layout.manifest) can be changed by others than its owner; run: "
                    + "chmod go-w \(layout.manifest)")
        }
        return warnings
    }

    /// Where that cannot be found out, reading the archive will say why.
    private static func mayBeWritten(
        _ path: FilePath, _ kind: FileStatus.Kind, by users: UInt32, _ fileSystem: any FileSystem
    ) -> Bool {
        guard let status = try? fileSystem.status(of: path), status.kind == kind else { return false }
        return status.permissions & users != 0
    }
}
