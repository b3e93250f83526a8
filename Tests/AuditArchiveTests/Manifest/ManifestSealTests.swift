@testable import AuditArchive
import SystemPackage
import Testing
import TestSupport

/// The checksum that guards every byte of a manifest.
@Suite("The manifest's checksum")
struct ManifestSealTests {
    @Test("is what `head` and `sha256sum` say")
    func judgedByOthers() async throws {
        try await withTemporaryDirectory { path in
            let file = FilePath(path).appending("manifest.json")
            try PosixFileSystem().createDurably(file, Manifest.sample.encoded())
            let outcome = try await CommandRunner(directory: path).run(
                "sh", "-c", "head -n -2 manifest.json | sha256sum")
            #expect(outcome.text.prefix(64) == Manifest.sealedSample.digest)
        }
    }

    @Test("is that of the text read")
    func digest() throws {
        #expect(try Manifest(decoding: Manifest.sample.encoded()).digest == Manifest.sealedSample.digest)
    }

    @Test("no byte of a manifest can be changed by a bit")
    func everyByte() throws {
        let bytes = Manifest.sample.encoded()
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1 << (place % 8)
            guard (try? Manifest(decoding: changed)) != nil else { continue }
            Issue.record("taken with byte \(place) changed")
        }
    }

    static let tails = [
        "  \"sha256_above\": \"\(Manifest.sealedSample.digest)\"\n}\n\n",
        "  \"sha256_above\": \"\(Manifest.sealedSample.digest)\"\n}",
        "  \"sha256_above\": \"\(Manifest.sealedSample.digest)\",\n  \"later\": 1\n}\n",
        "  \"sha256_above\": \"\(Manifest.sealedSample.digest.uppercased())\"\n}\n",
        "  \"sha256_above\": \"\(String(repeating: "0", count: 64))\"\n}\n",
        "  \"sha256_above\": \"\"\n}\n", "  \"sha256_above\": null\n}\n", "  \"last\": 0\n}\n"
    ]

    @Test("is the last member, on a line of its own, and right", arguments: tails)
    func otherTails(tail: String) {
        let above = Manifest.sample.text.dropLast(87)
        do {
            _ = try Manifest(decoding: Array("\(above)\(tail)".utf8))
            Issue.record("taken")
        } catch {
            guard case .invalid(key: "sha256_above", reason: _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test("guards a manifest whose version was set back, too")
    func versionSetBack() {
        let text = Manifest.sample.text.replacing("\"format_version\": 2", with: "\"format_version\": 1")
        #expect(throws: ManifestError.self) { try Manifest(decoding: Array(text.utf8)) }
    }
}
