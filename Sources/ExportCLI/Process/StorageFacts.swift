import Glibc
import SystemPackage

/// What the file system of a folder has left.
struct StorageFacts: Equatable {
    /// Bytes that the user may still write.
    let freeBytes: Int
    /// Files that the user may still make; nil on file systems without a limit.
    let freeFiles: Int?

    /// Asks the kernel; nil where it does not say.
    init?(at folder: FilePath) {
        var facts = statvfs()
        guard folder.withPlatformString({ statvfs($0, &facts) }) == 0 else { return nil }
        let (blocks, size) = (Int(clamping: facts.f_bavail), Int(clamping: facts.f_frsize))
        let (bytes, overflow) = blocks.multipliedReportingOverflow(by: size)
        freeBytes = overflow ? .max : bytes
        freeFiles = facts.f_files > 0 ? Int(clamping: facts.f_favail) : nil
    }

    /// Whether the user may make files in a folder.
    static func mayWrite(in folder: FilePath) -> Bool {
        folder.withPlatformString { access($0, W_OK | X_OK) } == 0
    }
}
