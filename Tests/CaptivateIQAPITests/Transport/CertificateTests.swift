@testable import CaptivateIQAPI
import Foundation
import NIOSSL
import SystemPackage
import TestSupport
import Testing

@Suite struct CertificateTests {
    private static let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8)

    private static func send(
        to url: String, _ change: (inout TransportSettings) -> Void = { _ in }
    ) async throws -> HTTPResponse {
        var settings = TransportSettings()
        change(&settings)
        let transport = try AsyncHTTPTransport(settings: settings, baseURL: try BaseURL(url))
        do {
            let response = try await transport.send(HTTPRequest(url: url, headers: []))
            await transport.close()
            return response
        } catch {
            await transport.close()
            throw error
        }
    }

    /// Runs `body` in a folder with the test's own certificate in `ca.pem`, and in the folder `more`.
    private static func inFolder(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/more", withIntermediateDirectories: false)
            for path in ["ca.pem", "more/1.crt"] {
                try Data(TestCertificate.certificate.utf8).write(to: URL(filePath: "\(folder)/\(path)"))
            }
            try Data("no certificate".utf8).write(to: URL(filePath: "\(folder)/more/README"))
            try await body(folder)
        }
    }

    @Test func aCertificateThatNobodyKnowsIsTold() async throws {
        let server = try await RawServer.start(Self.answer, then: .keepAlive, hasTLS: true)
        do {
            _ = try await Self.send(to: server.url)
            Issue.record("trusted")
        } catch let error as TransportError {
            guard case .certificate(let problem) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(problem.kind == .selfSigned, "\(problem)")
        }
        #expect(server.heads.all.isEmpty)
        try await server.stop()
    }

    @Test(arguments: ["ca_file", "SSL_CERT_FILE", "SSL_CERT_DIR"])
    func theAuthorityThatIsNamedIsTrusted(place: String) async throws {
        let server = try await RawServer.start(Self.answer, then: .keepAlive, hasTLS: true)
        try await Self.inFolder { folder in
            let response = try await Self.send(to: server.url) {
                switch place {
                case "ca_file": $0.caFile = FilePath("\(folder)/ca.pem")
                case "SSL_CERT_FILE": $0.certificateFile = FilePath("\(folder)/ca.pem")
                default: $0.certificateDirectories = ["/nowhere", FilePath("\(folder)/more")]
                }
            }
            #expect(response.status == 200)
        }
        try await server.stop()
    }

    @Test(arguments: ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
    func aFileWithoutCertificatesIsRefused(text: String) async throws {
        try await withTemporaryDirectory { folder in
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/ca.pem"))
            var settings = TransportSettings()
            settings.caFile = FilePath("\(folder)/ca.pem")
            let base = try BaseURL("https://api.test")
            #expect(
                throws: TrustRootsError.caFile(path: "\(folder)/ca.pem", reason: "holds no certificate in PEM form")
            ) { try AsyncHTTPTransport(settings: settings, baseURL: base) }
        }
    }

    @Test(arguments: ["ca_file", "SSL_CERT_FILE", "SSL_CERT_DIR"])
    func aPathIsItsBytes(place: String) async throws {
        try await Self.inFolder { folder in
            // 0xFF is no UTF-8, and what stands for it in text is another file's name.
            let bytes = Array("\(folder)/".utf8) + [0xFF]
            let path = FilePath(platformString: bytes.map { CInterop.PlatformChar(bitPattern: $0) } + [0])
            let pem = try Data(contentsOf: URL(filePath: "\(folder)/ca.pem"))
            if place == "SSL_CERT_DIR" {
                #expect(path.withPlatformString { mkdir($0, 0o700) } == 0)
                try FileDescriptor.open(
                    path.appending("ca.pem"), .writeOnly, options: .create, permissions: .ownerReadWrite
                ).closeAfterWriting(pem)
            } else {
                try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite)
                    .closeAfterWriting(pem)
            }
            var settings = TransportSettings()
            switch place {
            case "ca_file": settings.caFile = path
            case "SSL_CERT_FILE": settings.certificateFile = path
            default: settings.certificateDirectories = [path]
            }
            let trust = try TrustRoots(settings, files: [], directory: "/nowhere")
            if place == "ca_file" {
                #expect(trust.additional.count == 1)
            } else if case .certificates(let found) = trust.roots {
                #expect(found.count == 1)
            } else {
                Issue.record("not read")
            }
        }
    }

    @Test func aPipeThatNobodyWritesToIsNotWaitedFor() async throws {
        try await withTemporaryDirectory { folder in
            #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
            var settings = TransportSettings()
            settings.caFile = FilePath("\(folder)/pipe")
            let base = try BaseURL("https://api.test")
            #expect(
                throws: TrustRootsError.caFile(path: "\(folder)/pipe", reason: "holds no certificate in PEM form")
            ) { try AsyncHTTPTransport(settings: settings, baseURL: base) }
        }
    }

    @Test func aMissingFileIsRefused() throws {
        var settings = TransportSettings()
        settings.caFile = "/no/such/file.pem"
        let base = try BaseURL("https://api.test")
        #expect(
            throws: TrustRootsError.caFile(
                path: "/no/such/file.pem", reason: "cannot be read: No such file or directory")
        ) { try AsyncHTTPTransport(settings: settings, baseURL: base) }
    }

    @Test func aMachineWithoutAuthoritiesIsToldAtOnce() async throws {
        try await Self.inFolder { folder in
            let (files, empty) = (["\(folder)/1", "\(folder)/2", "\(folder)/3"], "\(folder)/empty")
            func trust(_ change: (inout TransportSettings) -> Void = { _ in }) throws(TrustRootsError) -> TrustRoots {
                var settings = TransportSettings()
                change(&settings)
                return try TrustRoots(settings, files: files.map { FilePath($0) }, directory: FilePath(empty))
            }
            #expect(throws: TrustRootsError.none(looked: files)) { try trust() }
            try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: false)
            #expect(throws: TrustRootsError.none(looked: files)) { try trust() }
            #expect(throws: TrustRootsError.none(looked: ["/nowhere (by SSL_CERT_FILE)"])) {
                try trust { $0.certificateFile = "/nowhere" }
            }
            #expect(try trust { $0.caFile = FilePath("\(folder)/ca.pem") }.additional.count == 1)
            #expect(
                try trust {
                    $0.caFile = FilePath("\(folder)/ca.pem")
                    $0.certificateFile = "/nowhere"
                }.additional.count == 1)
            // Places that the TLS library does not look at by itself.
            try FileManager.default.copyItem(atPath: "\(folder)/ca.pem", toPath: files[2])
            guard case .certificates(let found) = try trust().roots else {
                Issue.record("not found")
                return
            }
            #expect(found.count == 1)
        }
    }

    @Test func plainHTTPNeedsNoAuthorities() async throws {
        var settings = TransportSettings()
        settings.certificateFile = "/nowhere"
        let transport = try AsyncHTTPTransport(settings: settings, baseURL: try BaseURL("http://127.0.0.1:1"))
        await transport.close()
    }

    @Test func theNamesOfACertificateAreRead() throws {
        let certificate = try NIOSSLCertificate(bytes: Array(TestCertificate.certificate.utf8), format: .pem)
        let der = try certificate.toDERBytes()
        let names = try #require(CertificateNames(der: der))
        #expect(names.issuer == names.subject && !names.subject.isEmpty)
        #expect(names.hosts.contains("localhost"), "\(names.hosts)")
    }

    /// A server can send anything as its certificate.
    @Test func brokenCertificatesAreRead() throws {
        let der = try NIOSSLCertificate(bytes: Array(TestCertificate.certificate.utf8), format: .pem).toDERBytes()
        for length in der.indices { _ = CertificateNames(der: Array(der.prefix(length))) }
        var random = SeededRandom(seed: 11)
        for _ in 0..<2_000 {
            var broken = der
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                broken[Int.random(in: der.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = CertificateNames(der: broken)
        }
    }
}

extension FileDescriptor {
    fileprivate func closeAfterWriting(_ data: Data) throws {
        try closeAfter { _ = try writeAll(data) }
    }
}
