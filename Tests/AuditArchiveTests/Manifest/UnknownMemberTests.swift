@testable import AuditArchive
import JSONText
import Testing

/// What later writers say in a manifest is not this program's to drop.
@Suite("Members of a manifest that this program does not know")
struct UnknownMemberTests {
    /// Values in the forms that a writer may choose.
    static let members: [[(String, String)]] = [
        [("later_evidence", #"{"entries": 1234, "root": "00", "log": ["2026-11-25.ndjson", 5123]}"#)],
        [("a", "1.50e+1"), ("b \"\n", "null"), ("a", "\"\\u0041\\ud800\"")],
        [("later", "{\n    \"files\": [\n    {\"path\": 1}\n  ],\n  \"sha256_above\": \"x\"\n}")]
    ]

    private static func text(_ members: [(String, String)]) -> String {
        members.map { "  \(JSONOutput.quoted($0)): \($1),\n" }.joined()
    }

    @Test("are written as they were read, before the checksum", arguments: members)
    func roundTrip(members: [(String, String)]) throws {
        let text = Manifest.sample.text
        let place = try #require(text.ranges(of: "  \"sha256_above\"").last?.lowerBound)
        let expected = ManifestText.sealed(text[..<place] + Self.text(members) + text[place...])
        let manifest = try Manifest(decoding: expected)
        #expect(manifest.unknown == members.map { UnknownMember(key: $0, text: $1) })
        #expect(manifest.encoded() == expected)
    }

    @Test("survive commits and rebuilds, with and without the manifest", arguments: members)
    func commits(members: [(String, String)]) async throws {
        try await withArchive { archive in
            let event = TestEvent(1, at: "2025-02-23T10:00:00Z")
            try await archive.commit([event])
            try archive.editManifestText("  \"sha256_above\"", Self.text(members) + "  \"sha256_above\"")
            let expected = members.map { UnknownMember(key: $0, text: $1) }
            #expect(try await archive.commit([]) == nil)
            #expect(try archive.manifest().unknown == expected)
            try await archive.commit([TestEvent(2, at: "2025-02-24T10:00:00Z")])
            #expect(try archive.manifest().unknown == expected)
            try await archive.rebuild()
            #expect(try archive.manifest().unknown == expected)
            try archive.fileSystem.remove(archive.layout.manifest)
            #expect(try await archive.rebuild().source == .hint)
            #expect(try archive.manifest().unknown == expected)
        }
    }

    @Test("may hold a list that looks like the archive's files")
    func nestedFiles() throws {
        let text = Manifest.sample.text
        let list = try #require(text.firstRange(of: "  \"files\": [\n"))
        let nested = "{\n\(text[list.lowerBound...].prefix { $0 != "]" })]}"
        let place = try #require(text.firstRange(of: "  \"pending\"")?.lowerBound)
        let before = text[..<place] + "  \"later\": \(nested),\n" + text[place...]
        let manifest = try Manifest(decoding: ManifestText.sealed(String(before)))
        #expect(manifest.unknown == [UnknownMember(key: "later", text: nested)])
        #expect(manifest.files == Manifest.sample.files)
    }
}
