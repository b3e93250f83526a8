@testable import ExportCLI
import Testing

@Suite("What a program was built from")
struct BuildInfoTests {
    @Test("is read from its stamp, and named in manifests and by --version")
    func stamped() {
        let info = BuildInfo(stamp: "6068b5f 6.3.1", zlib: "1.2.13")
        #expect(info.writer == "captivateiq-export \(ExportProgram.version) (6068b5f)")
        #expect(info.text == "captivateiq-export \(ExportProgram.version) (6068b5f)\nSwift 6.3.1, zlib 1.2.13")
    }

    @Test("names no commit where there is no stamp, and says why")
    func unstamped() {
        let info = BuildInfo(stamp: "", zlib: "1.2.13")
        #expect(info.commit == nil)
        #expect(info.writer == "captivateiq-export \(ExportProgram.version)")
        #expect(info.text.contains("\nSwift 6."))
        #expect(info.text.hasSuffix(", zlib 1.2.13\ncommit unknown: not built by scripts/package"))
    }

    @Test("of these tests has no stamp")
    func current() {
        #expect(BuildInfo.current == BuildInfo(stamp: "", zlib: BuildInfo.current.zlib))
        #expect(BuildInfo.current.zlib.hasPrefix("1."))
    }
}
