import AuditArchive
import SystemPackage

/// Why a small file could not be read; holds no path.
enum SmallFileError: Error, CustomStringConvertible {
    case failed(Errno)
    case tooLarge(limit: Int)

    var description: String {
        switch self {
        case .failed(let errno): errno.description
        case .tooLarge(let limit): "it is larger than \(limit) bytes"
        }
    }
}

extension FileSystem {
    /// Returns the whole content of a file of at most `limit` bytes.
    func contents(of path: FilePath, atMost limit: Int) throws(SmallFileError) -> [UInt8] {
        do {
            let file = try openForReading(path)
            var bytes: [UInt8] = []
            do throws(FileSystemError) {
                while bytes.count <= limit, try file.read(upTo: 1 << 14, into: &bytes) > 0 {}
            } catch {
                try? file.close()
                throw error
            }
            try file.close()
            guard bytes.count <= limit else { throw SmallFileError.tooLarge(limit: limit) }
            return bytes
        } catch let error as FileSystemError {
            throw .failed(error.errno)
        } catch let error as SmallFileError {
            throw error
        } catch {
            throw .failed(.ioError)
        }
    }
}

/// Returns whether every user of the machine may read a file. Follows links, as reading does.
func isReadableByAnyone(_ path: FilePath) -> Bool {
    guard let status = try? path.stat() else { return false }
    return status.type == .regular && status.permissions.contains(.otherRead)
}
