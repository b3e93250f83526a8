import Glibc
import NIOSSL

/// The certificate authorities that a server's certificate may come from: the system's, or those that `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` name, and those of `ca_file` besides.
struct TrustRoots {
    /// Where systems keep theirs, in one file. The first that exists is used.
    static let systemFiles = [
        "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Alpine, Arch
        "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, RHEL
        "/etc/ssl/ca-bundle.pem",  // openSUSE
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL from 7
        "/etc/ssl/cert.pem"  // Alpine, BSD
    ]

    /// Where systems keep theirs, a file each.
    static let systemDirectory = "/etc/ssl/certs"

    /// Those that the TLS library looks for by itself; it reads their folder only where a certificate asks for it.
    private static let knownToLibrary = 2

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
        _ settings: TransportSettings, files: [String] = systemFiles, directory: String = systemDirectory
    ) throws(TrustRootsError) {
        additional = try settings.caFile.map { path throws(TrustRootsError) in try Self.certificates(in: path) } ?? []
        // Where the variables name what the library looks at by itself, it reads less of it.
        let known = files.prefix(Self.knownToLibrary).first(where: Self.isReadable)
        let isUsual =
            [nil, known].contains(settings.certificateFile)
            && [nil, directory].contains(settings.certificateDirectories)
        if isUsual, known != nil || Self.hasEntries(directory) {
            roots = .default
            return
        }
        var found: [NIOSSLCertificate] = []
        // As OpenSSL has it, a file that cannot be used is as good as none.
        if let path = settings.certificateFile ?? files.first(where: Self.isReadable) {
            found = (try? NIOSSLCertificate.fromPEMFile(path)) ?? []
        }
        for path in settings.certificateDirectories?.split(separator: ":") ?? [] { found += Self.all(in: String(path)) }
        guard !found.isEmpty || !additional.isEmpty else {
            throw .none(looked: Self.places(settings, files))
        }
        roots = .certificates(Array(Set(found)))
    }

    private static func certificates(in path: String) throws(TrustRootsError) -> [NIOSSLCertificate] {
        guard isReadable(path) else {
            throw .caFile(path: path, reason: "cannot be read: \(String(cString: strerror(errno)))")
        }
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw .caFile(path: path, reason: "holds no certificate in PEM form")
        }
        return certificates
    }

    /// The places that were looked at, for a message.
    private static func places(_ settings: TransportSettings, _ files: [String]) -> [String] {
        let named = [("SSL_CERT_FILE", settings.certificateFile), ("SSL_CERT_DIR", settings.certificateDirectories)]
        return named.compactMap { name, value in value.map { "\($0) (by \(name))" } }
            + (settings.certificateFile == nil ? files : [])
    }

    /// All certificates in a folder. What else is in it does no harm.
    private static func all(in directory: String) -> [NIOSSLCertificate] {
        names(in: directory).flatMap { (try? NIOSSLCertificate.fromPEMFile("\(directory)/\($0)")) ?? [] }
    }

    private static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

    private static func hasEntries(_ directory: String) -> Bool { !names(in: directory).isEmpty }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // Not through `pointee`: the kernel gives an entry only the bytes that its name needs.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
            let name = String(cString: (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}

/// Why no server's certificate could be checked.
package enum TrustRootsError: Error, Equatable, Sendable {
    /// The file that `ca_file` names cannot be used.
    case caFile(path: String, reason: String)
    /// There are no certificate authorities in the places that were looked at, and none were given.
    case none(looked: [String])
}
