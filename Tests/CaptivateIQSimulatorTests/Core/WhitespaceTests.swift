@testable import CaptivateIQSimulator
import Foundation
import Testing

@Suite struct WhitespaceTests {
    @Test(arguments: [WhitespaceStyle.pretty, .ragged])
    func sameValuesMoreSpace(style: WhitespaceStyle) throws {
        let spaced = try Bench { $0.listing.whitespace = style }.list("?limit=300").body
        let compact = try Bench().list("?limit=300").body
        #expect(spaced.count > compact.count)
        let read = { (body: [UInt8]) in try JSONSerialization.jsonObject(with: Data(body)) as? NSDictionary }
        #expect(try read(spaced) == read(compact))
        #expect(Self.compacted(spaced) == compact)
    }

    @Test func raggedUsesEveryKindOfSpaceAroundTheWholePage() throws {
        let body = try Bench { $0.listing.whitespace = .ragged }.list().body
        #expect([0x20, 0x09, 0x0A, 0x0D].allSatisfy(body.contains))
    }

    /// Drops white space outside strings.
    private static func compacted(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var inString = false
        var escaped = false
        for byte in text {
            if inString {
                if !escaped, byte == UInt8(ascii: "\"") { inString = false }
                escaped = !escaped && byte == UInt8(ascii: "\\")
                out.append(byte)
            } else if ![0x20, 0x09, 0x0A, 0x0D].contains(byte) {
                inString = byte == UInt8(ascii: "\"")
                out.append(byte)
            }
        }
        return out
    }
}
