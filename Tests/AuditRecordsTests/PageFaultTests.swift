import JSONTestSupport
import AuditRecords
import Testing
import TestSupport

@Suite("Where a page breaks")
struct PageFaultTests {
    private func fault(_ text: String) -> PageFault? { PageFault(page: text.utf8.span.bytes) }

    @Test("is nowhere in a page that is JSON", arguments: ["{}", "[]", #"{"data":[1,{"a":2}],"total_count":2}"#])
    func none(text: String) {
        #expect(fault(text) == nil)
    }

    @Test(
        "is told by the elements before it and where the broken one begins",
        arguments: [
            (#"{"total_count":9,"data":[{"id":"a"},{"id":"b"},{"n":NaN}]}"#, 2, #"{"n":NaN}"#, 9),
            (#"{"data":[{"n":NaN}],"total_count":9}"#, 0, #"{"n":NaN}"#, nil),
            ("\u{FEFF}" + #" {"data" : [ {"id":"a"} , {"n":-} ]}"#, 1, #"{"n":-}"#, nil),
            (#"{"data":[{"id":"a"},{"id":"b"}},{"id":"c"}]}"#, 2, #"{"id":"b"}"#, nil),
            (#"{"data":[{"id":"a"}],{"id":"b"}]}"#, 1, #"{"id":"a"}"#, nil),
            (#"{"data":[{"id":"a"#, 0, #"{"id":"a"#, nil)
        ])
    func places(text: String, records: Int, start: String, total: Int?) throws {
        let found = try #require(fault(text))
        #expect(found.records.count == records)
        let begin = try #require(found.start)
        #expect(Array(text.utf8)[begin...].starts(with: start.utf8))
        #expect(found.totalCount == total)
    }

    @Test("is not within the elements elsewhere", arguments: ["", "x", "[NaN]", #"{"x":NaN}"#, #"{"data":{"a":NaN}}"#])
    func elsewhere(text: String) throws {
        #expect(try #require(fault(text)).start == nil)
    }

    @Test(
        "is cut out of a page that has it alone",
        arguments: [
            #"{"n":NaN}"#, #"{"a":[1,NaN,{"b":[]}],"c":"]}"}"#, #"{"a":"b"c","d":[1]}"#, "{\"a\":\"x\ty\"}", "NaN",
            "'x'",
            #"{"id":"a"}}"#, #"{"id":"a"}]"#, #"{"id":"a""#, #"{"a":"\x"}"#
        ])
    func cuts(record: String) throws {
        for (head, tail) in [
            (#"{"total_count":7,"data":["#, #"],"next":null}"#), (#"{"data": [ "#, #" ],"total_count":7,"tags":[1]}"#)
        ] {
            let text = Array((head + record + tail).utf8)
            let found = try #require(PageFault(page: text.span.bytes)?.onlyRecord(in: text))
            #expect(String(decoding: text[found.range], as: UTF8.self) == record)
            #expect(found.page.totalCount == 7 && found.page.records?.count == 1)
        }
    }

    @Test("traps for no damage", arguments: 0..<2_000 as Range<UInt64>)
    func damage(seed: UInt64) {
        var mutator = Mutator(seed: seed)
        let record = mutator.document()
        let page = Array(#"{"total_count":1,"data":["#.utf8) + record + Array("]}".utf8)
        guard let found = PageFault(page: page.span.bytes) else { return }
        if let only = found.onlyRecord(in: page) { #expect(only.page.records?.count == 1, "seed \(seed)") }
    }
}
