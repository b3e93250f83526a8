/// The files and folders that operating systems, network file systems and their tools leave in any folder by themselves. They
/// are no part of an archive, and no damage.
enum SystemFile {
    private static let names: Set = [
        "lost+found",
        // macOS
        ".ds_store", ".localized", ".spotlight-v100", ".trashes", ".fseventsd", ".temporaryitems", ".apdisk",
        ".documentrevisions-v100", ".volumeicon.icns",
        // Windows
        "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information",
        // KDE, Synology, snapshots
        ".directory", "@eadir", ".snapshot", ".snapshots", ".zfs"
    ]

    /// Whether a name, without its folder, is one of these.
    static func isKnown(_ name: some StringProtocol) -> Bool {
        let name = name.lowercased()
        return names.contains(name) || name.hasPrefix("._") || name.hasPrefix(".trash-")
            || isHandle(name, ".nfs", digits: 24) || isHandle(name, ".fuse_hidden", digits: 16)
    }

    /// A file that was removed while it was open, on NFS or FUSE: kept under a number until it is closed.
    private static func isHandle(_ name: String, _ prefix: String, digits: Int) -> Bool {
        guard name.hasPrefix(prefix) else { return false }
        let number = name.dropFirst(prefix.count)
        return number.utf8.count == digits && number.allSatisfy(\.isHexDigit)
    }
}
