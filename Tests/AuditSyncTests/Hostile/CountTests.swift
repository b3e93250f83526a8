import AuditArchive
import AuditSync
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
        "too large by any amount never look whole and never go on for ever",
        arguments: ["4", "1000"])
    func tooLarge(total: String) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer(Self.three, .init(total: total))
            let outcome = try await harness.sync(client: try harness.makeClient(server))
            #expect(outcome.failure != nil)
            #expect(!server.isWornOut, "\(server.requests) requests")
            server.change { _, manner in manner.total = nil }
            let honest = try await harness.sync(client: try harness.makeClient(server))
            #expect(honest.failure == nil)
            #expect(try harness.archivedLines().sorted() == Self.three.sorted())
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
            #expect(server.requests < 12)
        }
    }
}
