import NIOSSL

/// Why a file of certificate authorities cannot be used.
package struct CertificateFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file.
    package let path: String
    /// What is wrong with it.
    package let reason: String

    /// What is wrong and what to do.
    package var description: String {
        "\(path): \(reason); it has to be a PEM file with at least one certificate"
    }
}

/// A PEM file with certificate authorities.
enum CertificateFile {
    /// The certificates in the file.
    ///
    /// - Throws: `CertificateFileError` when it cannot be read or holds no certificate.
    static func read(_ path: String) throws(CertificateFileError) -> [NIOSSLCertificate] {
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(path)
        } catch {
            throw CertificateFileError(path: path, reason: "cannot be read (\(error))")
        }
        guard !certificates.isEmpty else { throw CertificateFileError(path: path, reason: "holds no certificate") }
        return certificates
    }
}
