@testable import ExportCLI
import SystemPackage
import TestSupport
import Testing

/// Configuration files that are deep, or hold a megabyte of nothing.
@Suite struct HostileConfigurationTests {
    static let starts = ["[", #"{"a":"#, "- ", "? ", "a: [", "&a [*a,", "{"]

    @Test(arguments: starts, ["json", "yaml", "conf"])
    func depth(start: String, type: String) async throws {
        try await withTemporaryDirectory { folder in
            for count in [400, 600, 999, 1 << 19 / start.utf8.count] {
                for prefix in ["", "archive: ", #"{"archive":"#] {
                    let path = try write(
                        prefix + String(repeating: start, count: count), to: "\(folder)/c.\(type)")
                    let found = problems(flags: ["config": path])
                    #expect(!found.isEmpty, "\(prefix)\(count)")
                    #expect(found.map(\.description).joined().contains(path))
                }
            }
        }
    }

    @Test func depthThatIsClosedAgain() async throws {
        try await withTemporaryDirectory { folder in
            for count in [100, 511, 100_000] {
                let text = String(repeating: #"{"a":"#, count: count) + "1" + String(repeating: "}", count: count)
                for type in ["json", "yaml"] {
                    let path = try write(text, to: "\(folder)/c.\(type)")
                    #expect(!problems(flags: ["config": path]).isEmpty, "\(type) \(count)")
                }
            }
        }
    }
}
