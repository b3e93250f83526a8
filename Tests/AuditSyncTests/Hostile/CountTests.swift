import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import SyncTestSupport
import Testing

/// Counts and pointers that lie: a bounded number of requests, what was received kept, and never a false "whole".
@Suite("Hostile counts")
struct HostileCountTests {
    static let three = (0..<3).map { record(id: "\"\($0)\"") }

    @Test(
        "that are no counts end as answers that cannot be used",
        arguments: ["-1", "1e400", "\"12\"", "null", "1.5", "9223372036854775807"])
    func unusable(total: String) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer(Self.three, .init(total: total))
            let outcome = try await harness.sync(client: try harness.makeClient(server))
            guard case .api(let error)? = outcome.failure?.kind else {
                Issue.record("\(outcome)")
                return
            }
            #expect(error.kind == .unusable)
            #expect(server.requests == 8)
        }
    }

    @Test(
        "too large by any amount cost a bounded number of requests once, and a warning; what is listed is archived",
        arguments: ["4", "1000"])
    func tooLarge(total: String) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer(Self.three, .init(total: total))
            for round in 0..<3 {
                let before = server.requests
                let outcome = try await harness.sync(client: try harness.makeClient(server))
                #expect(outcome.failure == nil)
                #expect(outcome.report.warnings.contains { $0.contains("counts \(total) events") } == (round == 0))
                let requests = server.requests - before
                #expect(requests <= (round == 0 ? 24 : 2), "round \(round): \(requests)")
                #expect(try harness.archivedLines().sorted() == Self.three.sorted())
            }
        }
    }

    @Test(
        "`next` is never followed",
        arguments: [
            #""https://evil.test/""#, #""file:///etc/passwd""#, #""javascript:alert(1)""#, "7", "\"\"", "a megabyte"
        ])
    func next(value: String) async throws {
        let next = value == "a megabyte" ? "\"https://\(String(repeating: "x", count: 1 << 20))\"" : value
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer((0..<120).map { record(id: "\"\($0)\"") }, .init(next: next))
            let outcome = try await harness.sync(client: try harness.makeClient(server))
            #expect(outcome.failure == nil)
            #expect(outcome.report.events == 120)
            #expect(server.urls.allSatisfy { $0.hasPrefix("https://api.captivateiq.com/ciq/v1/") })
            // All are of one time and are read twice, and every page promises another.
            #expect(server.requests < 15)
        }
    }
}
