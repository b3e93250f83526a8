import Foundation
import Testing

extension EndToEnd {
    @Suite("The guarantees name their tests")
    struct GuaranteeTests {
        @Test("every suite that holds a guarantee is there, and every guarantee has one")
        func suites() throws {
            let page = try String(
                contentsOfFile: "\(Places.repository)/Sources/ExportCLI/Documentation.docc/Guarantees.md",
                encoding: .utf8)
            let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| guarantee") }
            #expect(rows.count > 20)
            let files = try #require(FileManager.default.enumerator(atPath: "\(Places.repository)/Tests"))
                .compactMap { $0 as? String }
            for row in rows {
                let names = row.split(separator: "`").filter { $0.hasSuffix("Tests") }
                #expect(!names.isEmpty, "\(row)")
                for name in names { #expect(Self.isSuite(name, in: files), "\(name)") }
            }
        }

        /// Whether there is a file of this name, in this target if the name has one.
        private static func isSuite(_ name: Substring, in files: [String]) -> Bool {
            let parts = name.split(separator: "/")
            return files.contains { file in
                file.hasSuffix("/\(parts[parts.count - 1]).swift")
                    && (parts.count == 1 || file.hasPrefix("\(parts[0])/"))
            }
        }
    }
}
