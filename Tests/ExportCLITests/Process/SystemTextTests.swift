@testable import ExportCLI
import SystemPackage
import Testing
import TestSupport

@Suite("Text that is no UTF-8")
struct SystemTextTests {
    @Test("stays the bytes that it is, and all other text is what it says", arguments: [1, 2, 3])
    func roundTrip(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let pieces: [[UInt8]] = [
            Array("a/ü€😀".utf8), [0xFF], [0x80, 0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80],
            [0xC0, 0xAF], Array("\u{10FF80}\u{10FFFD}\u{10FE00}".utf8), [0xF4, 0x90, 0x80, 0x80]
        ]
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...6, using: &random)).flatMap { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }
            #expect(SystemText.bytes(of: SystemText.text(of: bytes)) == bytes, "seed \(seed): \(bytes)")
        }
        for text in ["", "/srv/audit", "/srv/ü€😀", "\u{10FE00}"] {
            #expect(SystemText.text(of: Array(text.utf8)) == text)
        }
    }

    @Test("names a file by its bytes")
    func path() {
        let path = FilePath(setting: SystemText.text(of: Array("/srv/".utf8) + [0xFF, 0x61]))
        #expect(path.withPlatformString { String(cString: $0) } != "/srv/a")
        #expect(Array(path.lastComponent?.string.utf8 ?? "".utf8) == [0xEF, 0xBF, 0xBD, 0x61])
        #expect(FilePath(setting: "/srv/audit") == "/srv/audit")
    }
}
