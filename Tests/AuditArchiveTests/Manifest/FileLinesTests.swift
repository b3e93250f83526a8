@testable import AuditArchive
import CivilTime
import Testing

/// The quick way to read the list of files reads what the general one does, or leaves it to that.
@Suite("The lines of a manifest's files")
struct FileLinesTests {
    /// Changes of the text that leave its meaning and take it out of the form that is read quickly.
    static let otherForms: [(String, String)] = [
        ("  \"files\": [\n", "  \"files\":  [\n"), ("    {\"path\": \"audit", "    { \"path\": \"audit"),
        ("\"size\": 700", "\"size\":  700"),
        ("    {\"path\": \"audit_logs/date=2025-02-24", "{\"path\": \"audit_logs/date=2025-02-24")
    ]

    @Test("are the same in another form", arguments: otherForms)
    func otherForm(old: String, new: String) throws {
        let text = Manifest.sample.text
        try #require(text.contains(old))
        var slow = try Manifest(decoding: ManifestText.sealed(text.replacing(old, with: new)))
        slow.digest = Manifest.sealedSample.digest
        #expect(slow == .sealedSample)
    }

    @Test("of another member are not the archive's", arguments: ["{\"files\": [", "{\n  \"files\": [\n"])
    func nested(opening: String) throws {
        let text = Manifest.sample.text
        let list = try #require(text.firstRange(of: "  \"files\": [\n"))
        let entries = text[list.upperBound...].prefix { $0 != "]" }
        let nested = "  \"later\": \(opening)\(entries)]},\n"
        let start = try #require(text.firstRange(of: "  \"pending\""))
        let before = ManifestText.sealed("\(text[..<start.lowerBound])\(nested)\(text[start.lowerBound...])")
        var manifest = try Manifest(decoding: before)
        manifest.digest = Manifest.sealedSample.digest
        #expect(manifest.unknown.map(\.key) == ["later"])
        manifest.unknown = []
        #expect(manifest == .sealedSample)
        // Also where the archive's own list says something else.
        let own = "\(text[list.lowerBound...].prefix { $0 != "]" })]"
        let emptied = String(decoding: before, as: UTF8.self).replacing("\n\(own)", with: "\n  \"files\": []")
        #expect((try? Manifest(decoding: ManifestText.sealed(emptied)))?.files.isEmpty ?? true)
    }

    @Test("of many random manifests are what was written", arguments: 1...20)
    func random(seed: UInt64) throws {
        var random = Splitmix(state: seed)
        var manifest = Manifest.sample
        manifest.generation = 2_000_000
        manifest.files = (0..<random.below(40)).map { index in
            let date = CalendarDay(number: Int32(18_000 + index / 2))
            var file = DataFile(
                name: DataFileName(
                    date: date, generation: index % 2 == 0 ? random.below(900) : 1_000_000 + index,
                    part: random.below(200)),
                digest: FileDigest(
                    sha256: .plain(String(random.next())),
                    size: random.below(1 << 30), uncompressedSize: random.below(1 << 40), records: random.below(10)),
                firstEventTimestamp: date.start,
                lastEventTimestamp: date.start + .microseconds(random.below(86_400_000_000)))
            if random.below(2) == 0 { file.archivedAt = date.start + .seconds(random.below(1_000_000)) }
            if random.below(4) == 0 { file.replaces = random.below(100) }
            return file
        }
        let text = manifest.seal()
        #expect(try Manifest(decoding: text) == manifest, "seed \(seed)")
        var slow = try Manifest(
            decoding: ManifestText.sealed(
                String(decoding: text, as: UTF8.self).replacing("  \"files\": ", with: "  \"files\":  ")))
        slow.digest = manifest.digest
        #expect(slow == manifest, "seed \(seed)")
    }
}

/// Random numbers that are the same in every run.
private struct Splitmix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
