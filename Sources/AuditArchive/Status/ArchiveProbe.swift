import SystemPackage

/// Tries in an archive's private staging folder, under its lock, what a commit needs of the file system, and takes away
/// again what it made.
package struct ArchiveProbe: Sendable {
    /// What a commit needs.
    package enum Step: String, Sendable, CaseIterable {
        /// One writer at a time.
        case lock
        /// Writing a file and making it durable.
        case fsync
        /// Replacing a file in one step.
        case rename
        /// Exchanging two files or folders in one step, which only compaction needs.
        case exchange
    }

    /// How a step went.
    package enum Outcome: Sendable, Equatable {
        /// It works.
        case ok
        /// It does not, and a sync can do without.
        case warning(String)
        /// It does not, and a sync would end with this.
        case failure(ArchiveError)
    }

    private let archive: ArchiveDirectory
    private var layout: ArchiveLayout { archive.layout }

    /// A probe of the archive that stands at `layout`.
    package init(_ layout: ArchiveLayout, fileSystem: any FileSystem) {
        archive = ArchiveDirectory(layout, fileSystem)
    }

    /// Whether there is a private folder to try anything in.
    package var isPossible: Bool {
        (try? archive.kind(of: layout.privateDirectory)) == .directory
            && (try? archive.kind(of: layout.stagingDirectory)) == .directory
    }

    /// Tries one step after the other, up to the first that does not work. A lock that another process holds is a warning,
    /// and the last step.
    package func run() -> [(step: Step, outcome: Outcome)] {
        let lock: any FileLock
        do {
            lock = try archive.lockSilently()
        } catch {
            guard error.kind == .locked else { return [(.lock, .failure(error))] }
            return [(.lock, .warning("\(error.summary): the file system was not tried"))]
        }
        defer { lock.unlock() }
        var found: [(step: Step, outcome: Outcome)] = [(.lock, .ok)]
        for (step, attempt) in [(Step.fsync, write), (.rename, rename), (.exchange, exchange)] {
            let outcome = attempt()
            found.append((step, outcome))
            if case .failure = outcome { break }
        }
        // The next command that writes would empty the folder as well.
        for place in [first, second] { try? archive.removeIfPresent(place) }
        return found
    }

    private var first: FilePath { layout.staged("check-1") }
    private var second: FilePath { layout.staged("check-2") }

    private static let text = [UInt8](repeating: UInt8(ascii: "x"), count: 4096)

    private func write() -> Outcome {
        do throws(ArchiveError) {
            try archive.removeIfPresent(first)
            try archive.createDurably(first, Self.text)
            guard try archive.contents(of: first) == Self.text else {
                return .failure(ArchiveError(FileSystemError(.read, first, .ioError)))
            }
        } catch {
            return .failure(error)
        }
        let lenient = LenientFileSystem(archive.fileSystem)
        do {
            try lenient.synchronizeDirectory(layout.stagingDirectory)
        } catch {
            return .failure(ArchiveError(error))
        }
        return lenient.warnings.first.map(Outcome.warning) ?? .ok
    }

    private func rename() -> Outcome {
        do throws(ArchiveError) {
            try archive.removeIfPresent(second)
            try archive.createDurably(second, [])
            try archive.rename(first, to: second)
            guard try archive.contents(of: second) == Self.text, try !archive.exists(first) else {
                return .failure(ArchiveError(FileSystemError(.rename, second, .ioError)))
            }
            return .ok
        } catch {
            return .failure(error)
        }
    }

    /// Of files: where those can be exchanged, folders can.
    private func exchange() -> Outcome {
        do throws(ArchiveError) {
            try archive.createDurably(first, [])
        } catch {
            return .failure(error)
        }
        do {
            try archive.fileSystem.exchange(first, second)
        } catch {
            return .warning(
                "files cannot be exchanged in one step (\(error.errno.description)): compaction leaves small files as they are"
            )
        }
        let isExchanged = (try? archive.contents(of: first)) == Self.text
        return isExchanged ? .ok : .failure(ArchiveError(FileSystemError(.renameat2, second, .ioError)))
    }
}
