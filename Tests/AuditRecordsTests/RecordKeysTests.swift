import AuditRecords
import JSONText
import Testing
import TestSupport

/// Keys that repeat those of the record before are not looked into again: nothing may depend on that.
@Suite("Keys that repeat")
struct RecordKeysTests {
    /// What a record is, apart from where.
    private struct Seen: Equatable {
        var length: Int
        var isObject: Bool
        var insignificantBytes: Int
        var members: [JSONString?]

        init(_ record: RecordScan) {
            let start = record.range.lowerBound
            length = record.range.count
            isObject = record.isObject
            insignificantBytes = record.insignificantBytes
            members = [record.id, record.createdAt, record.organizationID, record.organizationName].map { member in
                member.map {
                    JSONString(
                        range: $0.range.lowerBound - start..<$0.range.upperBound - start, hasEscapes: $0.hasEscapes)
                }
            }
        }
    }

    private static let keys = [
        #""""#, #""i""#, #""id""#, #""ID""#, #""\u0069d""#, #""created_at""#, #""created_a""#, #""created_at2""#,
        #""organization_id""#, #""organization_ie""#, #""organization_name""#, #""ключ""#, #""a key with spaces: ""#
    ]
    private static let values = [#""a""#, #""a \" b""#, "0", "-1.5e3", "null", #"{"id":"b"}"#, "[]", #""""#]
    private static let spaces = ["", "", "", "", " ", "\n\t"]

    private static func members(_ random: inout SeededRandom) -> [String] {
        (0..<Int.random(in: 0...6, using: &random)).map { _ in
            let space = (0..<4).map { _ in pick(spaces, &random) }
            return space[0] + pick(keys, &random) + space[1] + ":" + space[2] + pick(values, &random) + space[3]
        }
    }

    private static func pick(_ choices: [String], _ random: inout SeededRandom) -> String {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    /// A record that has most members of the one before.
    private static func change(_ members: inout [String], _ random: inout SeededRandom) {
        for index in members.indices where Int.random(in: 0..<5, using: &random) == 0 {
            members[index] = self.members(&random).first ?? members[index]
        }
        if Int.random(in: 0..<5, using: &random) == 0 { members = Array(members.dropLast()) + self.members(&random) }
        if Int.random(in: 0..<9, using: &random) == 0 { members = members.map { $0.filter { $0 != " " } } }
    }

    private static func page(_ records: [String]) -> [UInt8] {
        Array((#"{"data":["# + records.joined(separator: ",") + "]}").utf8)
    }

    @Test(arguments: 0..<2_000 as Range<UInt64>)
    func everyRecordIsReadAsIfItWereAlone(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var members = Self.members(&random)
        let records = (0..<8).map { _ in
            Self.change(&members, &random)
            return "{" + members.joined(separator: ",") + "}"
        }
        let page = try PageScan(page: Self.page(records).span.bytes)
        let alone = try records.map { try RecordScan(line: Array($0.utf8).span.bytes) }
        #expect(page.records?.map(Seen.init) == alone.map(Seen.init), "seed \(seed): \(records)")
    }

    @Test(arguments: 0..<3_000 as Range<UInt64>)
    func aWrongByteIsFoundWhateverCameBefore(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let first = "{" + Self.members(&random).joined(separator: ",") + "}"
        let wrong: [UInt8] = [0, 0x0A, 0x20, 0x22, 0x2C, 0x3A, 0x5C, 0x7B, 0x7D, 0x80, 0xFF]
        let other = Self.page(["0", first])
        let repeating = Self.page([first, first])
        let fromEnd = Int.random(in: 3...first.utf8.count + 2, using: &random)
        let byte = wrong[Int.random(in: 0..<wrong.count, using: &random)]
        let results = [other, repeating].map { page in
            var page = page
            page[page.count - fromEnd] = byte
            return Self.outcome(page)
        }
        #expect(results[0] == results[1], "seed \(seed): \(first), \(fromEnd) from the end is \(byte)")
    }

    /// The records after the first, or the error's reason and its distance from the end.
    private static func outcome(_ page: [UInt8]) -> [String] {
        do {
            return try PageScan(page: page.span.bytes).records?.dropFirst().map { "\(Seen($0))" } ?? ["no records"]
        } catch {
            return ["\(error.reason), \(page.count - error.offset)"]
        }
    }

    @Test func moreKeysThanAreRemembered() throws {
        let record = "{" + (0..<200).map { #""key\#($0)":\#($0)"# }.joined(separator: ",") + #","id":"a"}"#
        let page = try PageScan(page: Self.page([record, record]).span.bytes)
        let alone = Seen(try RecordScan(line: Array(record.utf8).span.bytes))
        #expect(page.records?.map(Seen.init) == [alone, alone])
    }
}
