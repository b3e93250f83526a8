import AuditRecords
import JSONText
import Testing

@Suite("Large records")
struct LargeRecordTests {
    private static let size = 50_000_000

    @Test func scansAndCompactsARecordOf50MB() throws {
        var page = Array(#"{"total_count":2,"data":["#.utf8)
        let start = page.count
        page += Array(#"{"id":"big", "note":""#.utf8)
        page += [UInt8](repeating: UInt8(ascii: "x"), count: Self.size)
        page += Array("\" , \"created_at\":\"2025-02-23T14:30:00Z\"}".utf8)
        let end = page.count
        page += Array(#",{"id":"small"}],"next":null}"#.utf8)

        let scan = try PageScan(page: page.span.bytes)
        let record = try #require(scan.records?.first)
        #expect(scan.records?.count == 2)
        #expect(record.range == start..<end)
        #expect(record.insignificantBytes == 3)
        #expect(record.createdAt?.string(in: page.span.bytes) == "2025-02-23T14:30:00Z")

        var output: [UInt8] = []
        JSONCompaction.append(page.span.bytes, range: record.range, to: &output)
        #expect(output.count == record.range.count - 3)
        #expect(try RecordScan(line: output.span.bytes).insignificantBytes == 0)
    }
}
