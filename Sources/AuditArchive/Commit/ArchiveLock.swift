import JSONText
import SystemPackage

extension FileSystem {
    /// Takes the archive's lock, or says who holds it and since when.
    func lockArchive(_ layout: ArchiveLayout, processID: Int32, now: Timestamp) throws(ArchiveError) -> any FileLock {
        let lock = try archiveCalls { () throws(FileSystemError) in try self.lock(layout.lock) }
        guard let lock else { throw heldByAnother(layout) }
        do {
            try lock.describeHolder("{\"pid\": \(processID), \"since\": \"\(now)\"}\n")
        } catch {
            lock.unlock()
            throw ArchiveError(error)
        }
        return lock
    }

    private func heldByAnother(_ layout: ArchiveLayout) -> ArchiveError {
        var holder = "another process"
        // The holder may be writing this text right now; without it the message is only less precise.
        if let bytes = try? contents(of: layout.lock), let description = LockHolder(bytes) {
            holder = "process \(description.processID), since \(description.since)"
        }
        return ArchiveError(
            .locked, "The archive is in use by \(holder)", at: layout.lock,
            advice: "Nothing to do: the next run goes on. If that process hangs, end it; the lock goes with it.")
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
