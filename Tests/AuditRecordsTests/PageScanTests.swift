import AuditRecords
import JSONTestSupport
import JSONText
import Testing

@Suite("Page scan")
struct PageScanTests {
    private static func scan(_ text: String) throws(JSONTextError) -> PageScan {
        try PageScan(page: Array(text.utf8).span.bytes)
    }

    @Test func findsTheDocumentedEnvelope() throws {
        let text =
            #"{"object":"list","total_count":3,"next":"https://x/?offset=2","previous":null,"data":[{"id":"a"}, 7]}"#
        let page = try Self.scan(text)
        let records = try #require(page.records)
        #expect(page.totalCount == 3)
        #expect(page.next == .present)
        #expect(records.map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) } == [#"{"id":"a"}"#, "7"])
        #expect(records.map(\.isObject) == [true, false])
    }

    @Test(arguments: [
        ("12", 12), ("0", 0), ("9223372036854775807", Int.max), ("9223372036854775808", nil), ("-1", nil), ("-0", nil),
        ("1.0", nil), ("12e0", nil), (#""12""#, nil), ("null", nil), ("true", nil), ("[12]", nil), ("{}", nil),
        ("99999999999999999999999", nil), ("12 ,\"x\":1", 12), ("1,\"total_count\":2", 2),
        ("1,\"total_count\":\"2\"", nil)
    ])
    func readsTotalCount(value: String, count: Int?) throws {
        #expect(try Self.scan("{\"total_count\":\(value)}").totalCount == count)
        #expect(try Self.scan("{\"data\":[{\"total_count\":5}], \"total_count\" : \(value)}").totalCount == count)
    }

    @Test(arguments: [
        (#"{}"#, PageScan.Next.missing), (#"{"next":null}"#, .null), (#"{"next" : null }"#, .null),
        (#"{"next":"https://x"}"#, .present), (#"{"next":false}"#, .present), (#"{"next":""}"#, .present),
        (#"{"next":{"next":null}}"#, .present), (#"{"next":"null"}"#, .present), (#"{"x":{"next":null}}"#, .missing),
        (#"{"next":null,"next":1}"#, .present), (#"{"next":1,"next":null}"#, .null), (#"{"ne\u0078t":null}"#, .null)
    ])
    func readsNext(text: String, next: PageScan.Next) throws {
        #expect(try Self.scan(text).next == next)
    }

    @Test(arguments: [
        (#"{}"#, nil), (#"{"data":null}"#, nil), (#"{"data":{"data":[1]}}"#, nil), (#"{"data":[]}"#, 0),
        (#"{"data":[ ]}"#, 0), (#"{"data":[1,[2,3],{"data":[]}]}"#, 3), (#"{"data":[1],"data":[1,2]}"#, 2),
        (#"{"data":[1],"data":null}"#, nil), (#"{"\u0064ata":[1]}"#, 1), (#"{"Data":[1]}"#, nil), ("[]", nil),
        (#"[{"data":[1]}]"#, nil), ("null", nil), (#""data""#, nil), ("12", nil)
    ])
    func findsRecords(text: String, count: Int?) throws {
        #expect(try Self.scan(text).records?.count == count)
    }

    @Test(arguments: 0..<3_000 as Range<UInt64>)
    func agreesWithTheReference(seed: UInt64) throws {
        var generator = TextGenerator(seed: seed)
        let bytes = Array((generator.space() + generator.page() + generator.space()).utf8)
        let text = "seed \(seed): \(String(decoding: bytes, as: UTF8.self))"
        let page = try PageScan(page: bytes.span.bytes)
        let reference = ReferenceJSON(bytes)
        #expect(page.next == Self.next(in: reference), "\(text)")
        #expect(page.totalCount == Self.totalCount(in: reference), "\(text)")
        guard case .array(let elements) = reference.member("data") else {
            #expect(page.records == nil, "\(text)")
            return
        }
        let records = try #require(page.records, "\(text)")
        try #require(records.count == elements.count, "\(text)")
        for (record, element) in zip(records, elements) {
            let problem = RecordReference.disagreement(of: record, with: element, in: bytes)
            #expect(problem == nil, "\(text)")
        }
    }

    private static func next(in reference: ReferenceJSON) -> PageScan.Next {
        guard let value = reference.member("next") else { return .missing }
        return value == .scalar(Array("null".utf8)) ? .null : .present
    }

    private static func totalCount(in reference: ReferenceJSON) -> Int? {
        guard case .scalar(let token) = reference.member("total_count"), token.first != 0x2D else { return nil }
        return Int(String(decoding: token, as: UTF8.self))
    }
}
