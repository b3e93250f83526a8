import AuditArchive
import AuditSync
import Foundation
import SystemPackage
import Testing

@testable import ExportCLI

/// What the catalog's pages name, compared with what the program has.
@Suite("The documentation")
struct DocumentationTests {
    private static let repository = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" }

    private static func page(_ name: String) throws -> String {
        try String(
            contentsOfFile: "\(repository)/Sources/ExportCLI/Documentation.docc/\(name).md", encoding: .utf8)
    }

    /// The cells of the table under a heading, without the table's own heading.
    private static func table(under heading: String, of page: String) throws -> [[String]] {
        let start = try #require(page.firstRange(of: "## \(heading)\n")).upperBound
        let rows = page[start...].split(separator: "\n").drop { !$0.hasPrefix("| ") }.prefix { $0.hasPrefix("|") }
        return rows.dropFirst(2).map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
        }
    }

    /// Every key of a JSON text, at any depth.
    private static func keys(of json: some StringProtocol) -> Set<String> {
        Set(String(json).matches(of: /"(\w+)": ?[^,}\]]/).map { String($0.1) })
    }

    /// The first block of JSON of a page.
    private static func example(of page: String) throws -> Substring {
        let start = try #require(page.firstRange(of: "```json\n")).upperBound
        return page[start...].prefix { $0 != "`" }
    }

    @Test("names every command of the program, and no other")
    func commands() async throws {
        let program = TestProgram()
        #expect(await program.run(["--help"]) == .done)
        let help = program.output.text
        let list = help[try #require(help.firstRange(of: "SUBCOMMANDS:\n")).upperBound...]
        let present = list.matches(of: #/(?m)^ {2}([a-z]+) +/#).map { String($0.1) }
        let documented = try Self.table(under: "Commands", of: Self.page("CommandLine")).map { $0[0] }
        #expect(documented.sorted() == present.sorted())
    }

    @Test("names every setting with its default, and no other")
    func settings() async throws {
        let program = TestProgram()
        #expect(await program.run(["sync", "--help"]) == .done)
        let help = program.output.text.filter { !$0.isWhitespace }
        var present: [String: String] = [:]
        for match in help.matches(of: /\[CAPTIVATEIQ_([A-Z_]+)[^\]]*\](\(default:([^)]*)\))?/) {
            present[match.1.lowercased()] = match.3.map(String.init) ?? "none"
        }
        // The token has no flag, and so no line of its own.
        present["api_token"] = "none"
        let rows = try Self.table(under: "Settings", of: Self.page("CommandLine"))
        let documented = Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        #expect(documented == present)
    }

    @Test("names every exit code", arguments: ExportCLI.ExitStatus.allCases)
    func exitCodes(status: ExportCLI.ExitStatus) throws {
        let codes = try Self.table(under: "Exit codes", of: Self.page("CommandLine")).map { $0[0] }
        #expect(codes.filter { $0 == "\(status.rawValue)" }.count == 1)
        let readme = try String(contentsOfFile: "\(Self.repository)/README.md", encoding: .utf8)
        let told = try Self.table(under: "Exit codes", of: readme).flatMap { $0[0].split(separator: ", ") }
        #expect(told.contains("\(status.rawValue)"))
    }

    @Test("shows the keys of a sync's result, all of them")
    func syncResult() throws {
        let documented = try Self.keys(of: Self.example(of: Self.page("CommandLine")))
        let present = Self.keys(of: SyncSummary(SyncReport()).json)
        #expect(present.subtracting(documented) == [])
    }

    @Test("shows the keys of a manifest, all of them and no other")
    func manifest() async throws {
        let page = try Self.page("ArchiveFormat")
        let documented = try Self.keys(of: Self.example(of: page))
        let folder = FileManager.default.temporaryDirectory.appending(path: "documented-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let layout = try await SmallArchive.make(in: folder)
        let manifest = try String(contentsOfFile: layout.manifest.string, encoding: .utf8)
        #expect(Self.keys(of: manifest).subtracting(documented) == [])
        let sources = try Self.sources(of: "AuditArchive")
        for key in documented { #expect(sources.contains("\"\(key)\""), "\(key)") }
        for term in page.matches(of: /- term `(\w+)`/) { #expect(documented.contains(String(term.1)), "\(term.1)") }
    }

    /// The text of a module's sources, quotation marks without backslashes.
    private static func sources(of module: String) throws -> String {
        let folder = "\(repository)/Sources/\(module)"
        let files = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
        return try files.filter { $0.hasSuffix(".swift") }.map {
            try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
        }.joined().replacing("\\\"", with: "\"")
    }

    @Test("links every page of the catalog, and names only files that exist")
    func pages() throws {
        let catalog = "\(Self.repository)/Sources/ExportCLI/Documentation.docc"
        let first = try Self.page("Documentation")
        for file in try FileManager.default.contentsOfDirectory(atPath: catalog) where file != "Documentation.md" {
            #expect(first.contains("<doc:\(file.dropLast(3))>"), "\(file)")
        }
        for match in try Self.page("HowToChangeThis").matches(of: /`((?:Sources|Tests|scripts)\/[\w\/.+-]+)`/) {
            let path = String(match.1).replacing("/NAME/", with: "/page/")
            #expect(FileManager.default.fileExists(atPath: "\(Self.repository)/\(path)"), "\(path)")
        }
    }
}
