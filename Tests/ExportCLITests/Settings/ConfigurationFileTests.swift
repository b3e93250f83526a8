import AuditSync
import CaptivateIQAPI
@testable import ExportCLI
import SystemPackage
import Testing
import TestSupport

@Suite("Configuration files")
struct ConfigurationFileTests {
    @Test(
        "are read as JSON or YAML by extension, else by what they are",
        arguments: [
            ("c.json", #"{"page_size": 7, "json": true, "lookback": "90m", "no_proxy": ["a.test", "b.test"]}"#),
            ("c.yaml", "page_size: 7\njson: true\nlookback: 90m\nno_proxy: [a.test, b.test]\n"),
            ("c.yml", "# comment\npage_size: '7'\njson: yes\nlookback: 1h30m\nno_proxy: a.test,b.test\n"),
            ("settings", #" {"page_size": "7", "json": "on", "lookback": "90m", "no_proxy": "a.test b.test"}"#),
            (
                "b.json",
                "\u{FEFF}" + #"{"page_size": 7, "json": true, "lookback": "90m", "no_proxy": ["a.test", "b.test"]}"#
            ),
            ("b", "\u{FEFF}" + #" {"page_size": "7", "json": "on", "lookback": "90m", "no_proxy": "a.test b.test"}"#),
            ("b.yaml", "\u{FEFF}page_size: 7\njson: true\nlookback: 90m\nno_proxy: [a.test, b.test]\n"),
            ("settings.conf", "page_size: 7\njson: on\nlookback: 90m\nno_proxy:\n  - a.test\n  - b.test\n")
        ])
    func formats(name: String, text: String) async throws {
        try await withTemporaryDirectory { folder in
            let settings = try readSync(flags: ["config": try write(text, to: "\(folder)/\(name)")])
            #expect(settings.sync.pageSize == 7)
            #expect(settings.sync.lookback == .seconds(5400))
            #expect(settings.common.output.json)
            #expect(settings.transport.noProxy.bypass(host: "b.test", port: 443))
        }
    }

    @Test(
        "take null for not set",
        arguments: [("c.json", #"{"page_size": null}"#), ("c.yaml", "page_size: null\nlookback:\narchive: ~\n")])
    func null(name: String, text: String) async throws {
        try await withTemporaryDirectory { folder in
            let settings = try readSync(flags: ["config": try write(text, to: "\(folder)/\(name)")])
            #expect(settings.sync.pageSize == 1000)
            #expect(settings.common.archive.string == "/a")
        }
    }

    @Test(
        "of YAML set nothing where there is nothing but comments", arguments: ["", "# a comment\n", "---\n# one\n...\n"]
    )
    func onlyComments(text: String) async throws {
        try await withTemporaryDirectory { folder in
            let settings = try readSync(flags: ["config": try write(text, to: "\(folder)/c.yaml")])
            #expect(settings.sync.pageSize == 1000)
        }
    }

    @Test("have paths in the home folder, as the environment has")
    func home() async throws {
        try await withTemporaryDirectory { folder in
            let path = try write("ca_file: ~/ca.pem\narchive: ~/audit\n", to: "\(folder)/c.yaml")
            let home = ["HOME": "\(folder)", "CAPTIVATEIQ_ARCHIVE": ""]
            let settings = try readSync(flags: ["config": "~/c.yaml"], environment: home)
            #expect(
                settings.transport.caFile?.string == "\(folder)/ca.pem"
                    && settings.common.archive.string == "\(folder)/audit")
            let variable = try readSync(environment: ["HOME": "/h", "CAPTIVATEIQ_ARCHIVE": "~/a"])
            #expect(variable.common.archive.string == "/h/a")
            for text in ["~", "~x/a", "a/~/b"] {
                let shown = try readSync(environment: ["HOME": "/h", "CAPTIVATEIQ_ARCHIVE": text]).common.archive.string
                #expect(shown == (text == "~" ? "/h" : text))
            }
            _ = path
        }
    }

    @Test(
        "are refused for a key that no setting has, with the nearest one",
        arguments: [
            ("c.json", #"{"pagesize": 7}"#, "\"pagesize\" is no setting", "did you mean page_size?"),
            (
                "c.yaml", "backfill-start-time: 2025-01-01\n", "\"backfill-start-time\"",
                "did you mean backfill_start_time?"
            ),
            ("c.yaml", "lookbak: 1h\n", "\"lookbak\"", "did you mean lookback?"),
            ("c.json", #"{"sync": {"page_size": 7}}"#, "\"sync.page_size\"", "did you mean page_size?"),
            ("c.json", #"{"config": "other.json"}"#, "\"config\"", "known are archive"),
            ("c.json", #"{"colour": null}"#, "\"colour\"", "known are archive")
        ])
    func unknownKeys(name: String, text: String, key: String, hint: String) async throws {
        try await withTemporaryDirectory { folder in
            let path = try write(text, to: "\(folder)/\(name)")
            let found = problems(flags: ["config": path]).map(\.description).joined()
            #expect(found.contains(key))
            #expect(found.contains("a key in \(path)"))
            #expect(found.contains(hint))
        }
    }

    @Test(
        "are refused when broken, without any of their content",
        arguments: [
            ("c.json", "{\"api_token\": \"\(secret)\""), ("c.json", "[]"), ("c.json", ""), ("c.json", "\(secret)"),
            ("c.json", "{\"api_token\": \"\(secret)\", \"api_token\": \"\(secret)\"}"),
            ("c.yaml", "api_token: \"\(secret)\n"), ("c.yaml", "api_token \(secret)\n"), ("c.yaml", "- \(secret)\n"),
            ("c.yaml", "api_token: \(secret)\n  x: y\n"), ("c.yaml", "api_token: \(secret)\napi_token: \(secret)\n"),
            ("c.yaml", "api_token: \t@\(secret): {\n"), ("c", "{\"api_token\": \(secret)}")
        ])
    func broken(name: String, text: String) async throws {
        try await withTemporaryDirectory { folder in
            let path = try write(text, to: "\(folder)/\(name)")
            let found = problems(flags: ["config": path])
            #expect(found.count == 1)
            #expect(found.first?.name == "config")
            #expect(found.first?.place == "flag --config")
            #expect(!"\(found)".contains(secret))
        }
    }

    @Test("are refused when they cannot be read, or are something else")
    func unreadable() async throws {
        try await withTemporaryDirectory { folder in
            let huge = try write(String(repeating: "#", count: 2 << 20), to: "\(folder)/huge.yaml")
            for path in ["\(folder)/none.yaml", folder, huge, ""] {
                let found = problems(flags: ["config": path])
                #expect(found.map(\.name) == ["config"], "\(path)")
            }
        }
    }

    @Test("are refused for a NUL character, which the system's calls would stop at")
    func nul() async throws {
        try await withTemporaryDirectory { folder in
            let path = try write(#"{"ca_file": "/a\u0000b"}"#, to: "\(folder)/c.json")
            #expect(problems(flags: ["config": path]).map(\.name) == ["ca_file"])
        }
    }
}
