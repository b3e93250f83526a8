package import SystemPackage

extension FileSystem {
    /// The whole of a file, or `nil` where there is none.
    ///
    /// - Parameter limit: a larger file is a failure; a little more than this is read of it.
    /// - Throws: any failure but the file's absence.
    package func contents(of path: FilePath, upTo limit: Int = .max) throws(FileSystemError) -> [UInt8]? {
        try reading(path) { (file) throws(FileSystemError) in
            var bytes: [UInt8] = []
            while try file.read(upTo: 1 << 16, into: &bytes) > 0 {
                if bytes.count > limit { throw FileSystemError(.read, path, .fileTooLarge) }
            }
            return bytes
        }
    }

    /// What `body` makes of a file, which is open only for it; `nil` where there is none.
    ///
    /// - Throws: any failure but the file's absence.
    func reading<Result>(
        _ path: FilePath, _ body: (any OpenFile) throws(FileSystemError) -> Result
    ) throws(FileSystemError) -> Result? {
        let file: any OpenFile
        do {
            file = try openForReading(path)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            return nil
        }
        let result: Result
        do throws(FileSystemError) {
            result = try body(file)
        } catch {
            try? file.close()
            throw error
        }
        try file.close()
        return result
    }

    /// Makes a file that must not exist yet, with these bytes, durable before it returns.
    package func createDurably(_ path: FilePath, _ bytes: [UInt8]) throws(FileSystemError) {
        try create(path, bytes, isDurable: true)
    }

    /// Makes a file that must not exist yet, with these bytes.
    func create(_ path: FilePath, _ bytes: [UInt8], isDurable: Bool) throws(FileSystemError) {
        let file = try create(path)
        do throws(FileSystemError) {
            try file.writeAll(bytes.span.bytes, at: path)
            if isDurable { try file.synchronize() }
        } catch {
            try? file.close()
            throw error
        }
        try file.close()
    }

    /// Makes a folder unless it is there. Says whether it was made.
    @discardableResult
    package func ensureDirectory(_ path: FilePath) throws(FileSystemError) -> Bool {
        do {
            try createDirectory(path)
            return true
        } catch {
            guard error.errno == .fileExists else { throw error }
            guard try status(of: path)?.kind == .directory else {
                throw FileSystemError(.mkdir, path, .notDirectory)
            }
            return false
        }
    }

    /// Removes a file if it is there.
    package func removeIfPresent(_ path: FilePath) throws(FileSystemError) {
        do {
            try remove(path)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
        }
    }
}

extension OpenFile {
    /// Writes all of `bytes`, however often the kernel takes only a part.
    package func writeAll(_ bytes: RawSpan, at path: FilePath) throws(FileSystemError) {
        var written = 0
        while written < bytes.byteCount {
            let count = try write(bytes.extracting(droppingFirst: written))
            // A write that takes nothing and reports nothing would be tried for ever.
            guard count > 0 else { throw FileSystemError(.write, path, .ioError) }
            written += count
        }
    }
}
