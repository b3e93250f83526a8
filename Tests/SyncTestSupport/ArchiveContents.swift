package import AuditArchive
import Gzip
package import SystemPackage

/// Reads the events of an archive anew from the files that lie in it, without its manifest.
package struct ArchiveContents {
    /// Each event's line, in the order of the dates and files.
    package private(set) var lines: [String] = []

    /// The paths of the data files, relative to the table.
    package private(set) var paths: [String] = []

    /// Reads the archive in `root`.
    package init(_ root: FilePath, _ fileSystem: any FileSystem = PosixFileSystem()) throws {
        let table = ArchiveLayout(root: root).dataDirectory
        guard try fileSystem.status(of: table) != nil else { return }
        for directory in try fileSystem.names(in: table) {
            for name in try fileSystem.names(in: table.appending(directory)) {
                paths.append("\(directory)/\(name)")
                lines += try Self.lines(fileSystem.contents(of: table.appending(directory).appending(name)) ?? [])
            }
        }
    }

    /// The lines of one file.
    package static func lines(of path: FilePath, _ fileSystem: any FileSystem) throws -> [String] {
        try lines(fileSystem.contents(of: path) ?? [])
    }

    /// The lines of a data file's bytes.
    package static func lines(_ compressed: [UInt8]) throws -> [String] {
        var reader = try GzipReader()
        var text: [UInt8] = []
        try reader.inflate(compressed.span.bytes, into: &text)
        try reader.finish()
        return text.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }
}
