import CBuildStamp
import Gzip

/// What this program is and what it was made of.
struct BuildInfo: Sendable, Equatable {
    /// The program's version.
    var version = ExportProgram.version
    /// The commit, seven digits, with `-dirty` where the working tree had changes; nil for a build that `scripts/package`
    /// did not stamp.
    var commit: String?
    /// The version of Swift that compiled it; major and minor only without a stamp.
    var swift: String
    /// The version of zlib that it runs with.
    var zlib: String

    /// This program's.
    static let current = BuildInfo(stamp: String(cString: build_stamp()), zlib: Zlib.version)

    /// Reads a stamp, "COMMIT SWIFT", or an empty one.
    init(stamp: String, zlib: String) {
        let parts = stamp.split(separator: " ")
        commit = parts.first.map(String.init)
        swift = parts.count > 1 ? String(parts[1]) : Self.compiler
        self.zlib = zlib
    }

    /// Program, version and commit, as manifests name their writer.
    var writer: String { "captivateiq-export \(version)" + (commit.map { " (\($0))" } ?? "") }

    /// The text of `--version`.
    var text: String {
        let origin = commit == nil ? "\ncommit unknown: not built by scripts/package" : ""
        return "\(writer)\nSwift \(swift), zlib \(zlib)\(origin)"
    }

    private static var compiler: String {
        #if compiler(>=6.5)
            "6.5 or later"
        #elseif compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
