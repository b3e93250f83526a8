import Glibc
import NIOSSL
import SystemPackage

/// The certificate authorities that a server's certificate may come from: the system's, or those that `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` name, and those of `ca_file` besides.
struct TrustRoots {
    /// Where systems keep theirs, in one file. The first that exists is used.
    static let systemFiles: [FilePath] = [
        "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Alpine, Arch
        "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, RHEL
        "/etc/ssl/ca-bundle.pem",  // openSUSE
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL from 7
        "/etc/ssl/cert.pem"  // Alpine, BSD
    ]

    /// Where systems keep theirs, a file each.
    static let systemDirectory: FilePath = "/etc/ssl/certs"

    /// Those that the TLS library looks for by itself; it reads their folder only where a certificate asks for it.
    private static let knownToLibrary = 2

    /// The most that is read of a file. The authorities of a system are a quarter of a megabyte.
    private static let largestFile = 16 << 20

    /// Those to trust.
    let roots: NIOSSLTrustRoots
    /// Those to trust besides.
    let additional: [NIOSSLCertificate]

    /// Finds them.
    ///
    /// - Parameters:
    ///   - files, directory: where the system's are looked for.
    /// - Throws: `TrustRootsError` where the file that `ca_file` names cannot be used, and where there are none at all.
    init(
        _ settings: TransportSettings, files: [FilePath] = systemFiles, directory: FilePath = systemDirectory
    ) throws(TrustRootsError) {
        additional = try settings.caFile.map { path throws(TrustRootsError) in try Self.certificates(in: path) } ?? []
        // Where the variables name what the library looks at by itself, it reads less of it.
        let known = files.prefix(Self.knownToLibrary).first(where: Self.isReadable)
        let isUsual =
            [nil, known].contains(settings.certificateFile)
            && [[], [directory]].contains(settings.certificateDirectories)
        if isUsual, known != nil || Self.hasEntries(directory) {
            roots = .default
            return
        }
        var found: [NIOSSLCertificate] = []
        // As OpenSSL has it, a file that cannot be used is as good as none.
        if let path = settings.certificateFile ?? files.first(where: Self.isReadable) {
            found = (try? Self.parsed(path)) ?? []
        }
        for path in settings.certificateDirectories { found += Self.all(in: path) }
        guard !found.isEmpty || !additional.isEmpty else {
            throw .none(looked: Self.places(settings, files))
        }
        roots = .certificates(Array(Set(found)))
    }

    private static func certificates(in path: FilePath) throws(TrustRootsError) -> [NIOSSLCertificate] {
        let found: [NIOSSLCertificate]
        do {
            found = try parsed(path)
        } catch {
            throw .caFile(path: path.string, reason: "cannot be read: \(error)")
        }
        guard !found.isEmpty else { throw .caFile(path: path.string, reason: "holds no certificate in PEM form") }
        return found
    }

    /// The certificates in a PEM file; none where it is something else.
    private static func parsed(_ path: FilePath) throws(Errno) -> [NIOSSLCertificate] {
        let bytes = try contents(of: path)
        return bytes.isEmpty ? [] : (try? NIOSSLCertificate.fromPEMBytes(bytes)) ?? []
    }

    /// By its bytes, which the TLS library takes for UTF-8. A pipe that nobody writes to is not waited for.
    private static func contents(of path: FilePath) throws(Errno) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
            return try file.closeAfter {
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                    bytes += buffer[..<count]
                    if bytes.count > largestFile { throw Errno.fileTooLarge }
                }
                return bytes
            }
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    /// The places that were looked at, for a message.
    private static func places(_ settings: TransportSettings, _ files: [FilePath]) -> [String] {
        let folders = settings.certificateDirectories.map(\.string).joined(separator: ":")
        let named = [("SSL_CERT_FILE", settings.certificateFile?.string), ("SSL_CERT_DIR", folders)]
        return named.compactMap { name, value in value.flatMap { $0.isEmpty ? nil : "\($0) (by \(name))" } }
            + (settings.certificateFile == nil ? files.map(\.string) : [])
    }

    /// All certificates in a folder. What else is in it does no harm.
    private static func all(in directory: FilePath) -> [NIOSSLCertificate] {
        names(in: directory).flatMap { (try? parsed(directory.appending($0))) ?? [] }
    }

    private static func isReadable(_ path: FilePath) -> Bool { path.withPlatformString { access($0, R_OK) } == 0 }

    private static func hasEntries(_ directory: FilePath) -> Bool { !names(in: directory).isEmpty }

    private static func names(in directory: FilePath) -> [FilePath.Component] {
        guard let stream = directory.withPlatformString({ opendir($0) }) else { return [] }
        defer { closedir(stream) }
        var names: [FilePath.Component] = []
        while let entry = readdir(stream) {
            // Not through `pointee`: the kernel gives an entry only the bytes that its name needs.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
            let text = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
            if text.pointee != CChar(UInt8(ascii: ".")), let name = FilePath.Component(platformString: text) {
                names.append(name)
            }
        }
        return names.sorted { $0.string < $1.string }
    }
}

/// Why no server's certificate could be checked.
package enum TrustRootsError: Error, Equatable, Sendable {
    /// The file that `ca_file` names cannot be used.
    case caFile(path: String, reason: String)
    /// There are no certificate authorities in the places that were looked at, and none were given.
    case none(looked: [String])
}
