import CivilTime
import JSONText
import SystemPackage

extension ArchiveDirectory {
    /// Takes the archive's lock, or says who holds it and since when.
    func lock(processID: Int32, now: Timestamp) throws(ArchiveError) -> any FileLock {
        let lock = try lockSilently()
        do {
            try lock.describeHolder("{\"pid\": \(processID), \"since\": \"\(now)\"}\n")
        } catch {
            lock.unlock()
            throw ArchiveError(error)
        }
        return lock
    }

    /// Takes the archive's lock without saying who holds it now, or says who holds it and since when.
    func lockSilently() throws(ArchiveError) -> any FileLock {
        let lock: (any FileLock)?
        do {
            lock = try fileSystem.lock(layout.lock)
        } catch {
            throw error.meansNoLocks ? .noLocks(error) : ArchiveError(error)
        }
        guard let lock else { throw heldByAnother }
        return lock
    }

    private var heldByAnother: ArchiveError {
        var holder = "another process"
        // The holder may be writing this text right now; without it the message is only less precise.
        if let bytes = try? contents(of: layout.lock), let description = LockHolder(bytes) {
            holder = "process \(description.processID), since \(description.since)"
        }
        return ArchiveError(
            .locked, "The archive is in use by \(holder)", at: layout.lock,
            hint: "Nothing to do: the next run goes on. If that process hangs, end it; the lock goes with it.")
    }
}

/// The text of the lock file.
private struct LockHolder {
    var processID = 0
    var since = ""

    init?(_ bytes: [UInt8]) {
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, key) throws(JSONTextError) in
                switch key {
                case "pid": processID = try reader.readInteger()
                case "since": since = try reader.readString()
                default: try reader.skipValue()
                }
            }
        } catch {
            return nil
        }
    }
}

extension FileSystemError {
    /// Whether the file system knows no `flock` at all: `ENOLCK`, `ENOTSUP`, `ENOSYS`.
    fileprivate var meansNoLocks: Bool {
        operation == .flock && [Errno(rawValue: 37), .notSupported, .noFunction].contains(errno)
    }
}

extension ArchiveError {
    fileprivate static func noLocks(_ failure: FileSystemError) -> ArchiveError {
        ArchiveError(
            .inputOutput, "The file system cannot lock files (flock failed: \(failure.errno.description))",
            at: failure.path,
            hint:
                "Nothing was changed. Two runs at once would damage the archive, so it has to stand where `flock` works: "
                + "on a local disk, on NFS 4, or on a mount with locks turned on (not `nolock`, `nobrl` or the like).")
    }
}
