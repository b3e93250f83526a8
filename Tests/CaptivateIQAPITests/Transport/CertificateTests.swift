@testable import CaptivateIQAPI
import Foundation
import TestSupport
import Testing

@Suite struct CertificateTests {
    private static let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8)

    private static func withFile<Result>(
        _ text: String, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("ca-\(UUID().uuidString).pem")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await body(file.path)
    }

    private static func send(to url: String, caFile: String?) async throws -> HTTPResponse {
        var settings = TransportSettings()
        settings.caFile = caFile
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

    @Test func anUnknownAuthorityIsACertificateError() async throws {
        let server = try await RawServer.start(Self.answer, then: .keepAlive, hasTLS: true)
        do {
            _ = try await Self.send(to: server.url, caFile: nil)
            Issue.record("trusted")
        } catch let error as TransportError {
            guard case .certificate = error else {
                Issue.record("\(error)")
                return
            }
        }
        #expect(server.heads.all.isEmpty)
        try await server.stop()
    }

    @Test func theAuthorityInTheFileIsTrusted() async throws {
        let server = try await RawServer.start(Self.answer, then: .keepAlive, hasTLS: true)
        let response = try await Self.withFile(TestCertificate.certificate) {
            try await Self.send(to: server.url, caFile: $0)
        }
        #expect(response.status == 200)
        try await server.stop()
    }

    @Test(arguments: ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
    func aFileWithoutCertificatesIsRefused(text: String) async throws {
        try await Self.withFile(text) { path in
            var settings = TransportSettings()
            settings.caFile = path
            let base = try BaseURL("https://api.test")
            let error = #expect(throws: CertificateFileError.self) {
                try AsyncHTTPTransport(settings: settings, baseURL: base)
            }
            #expect(error?.description.contains(path) == true)
        }
    }

    @Test func aMissingFileIsRefused() throws {
        var settings = TransportSettings()
        settings.caFile = "/no/such/file.pem"
        let base = try BaseURL("https://api.test")
        #expect(throws: CertificateFileError.self) { try AsyncHTTPTransport(settings: settings, baseURL: base) }
    }
}
