@testable import AuditReport
import Foundation
import Testing
import TestSupport

/// Checksums by a program of others.
enum SHA256Sum {
    static func of(_ text: String) async throws -> [UInt8] {
        try await withTemporaryDirectory { folder in
            try text.write(toFile: "\(folder)/text", atomically: true, encoding: .utf8)
            let sum = try await CommandRunner(directory: folder).run("sha256sum", "text").text.prefix(64)
            return stride(from: 0, to: 64, by: 2).compactMap { UInt8(sum.dropFirst($0).prefix(2), radix: 16) }
        }
    }
}

/// WCAG 2.2: 1.4.3 for text, 1.4.11 for what is not text.
@Suite("The report's colours")
struct ContrastTests {
    private static let sheet = "\(ReportStyle.sheet)"

    /// The colours of each form: light, dark and on paper.
    private static var forms: [[String: String]] {
        sheet.split(separator: ":root{").map { block in
            let pairs = block.prefix { $0 != "}" }.matches(of: /--(\w+):(#[0-9a-f]+)/)
                .map { (String($0.1), String($0.2)) }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
    }

    private static func luminance(_ color: String) throws -> Double {
        var digits = String(color.dropFirst())
        if digits.count == 3 { digits = digits.map { "\($0)\($0)" }.joined() }
        let number = try #require(Int(digits, radix: 16))
        let parts = [number >> 16, number >> 8 & 255, number & 255].map { part in
            let value = Double(part) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    private static func contrast(_ one: String, _ other: String) throws -> Double {
        let (a, b) = (try luminance(one), try luminance(other))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    @Test("have the contrast that WCAG asks for, in each form")
    func contrast() throws {
        #expect(Self.forms.count == 3)
        for form in Self.forms {
            for (front, behind, least) in [
                ("fg", "bg", 4.5), ("soft", "bg", 4.5), ("fg", "band", 4.5), ("soft", "band", 4.5),
                ("warn", "band", 4.5),
                ("good", "band", 4.5), ("edge", "bg", 3), ("mark", "bg", 3), ("good", "bg", 3), ("l3", "bg", 3)
            ] {
                let (one, other) = (try #require(form[front]), try #require(form[behind]))
                #expect(try Self.contrast(one, other) >= least, "\(front) \(one) on \(behind) \(other)")
            }
            let levels = try ["bg", "l1", "l2", "l3", "l4"].map { try Self.luminance(try #require(form[$0])) }
            #expect(levels == levels.sorted() || levels == levels.sorted(by: >), "told apart without colour")
        }
    }
}
