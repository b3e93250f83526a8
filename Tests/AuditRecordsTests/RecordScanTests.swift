import AuditRecords
import JSONTestSupport
import JSONText
import Testing

@Suite("Record scan")
struct RecordScanTests {
    @Test func findsTheMembersOfTheDocumentedSample() throws {
        let text = Array(
            """
             {"id": "550e8400-e29b-41d4-a716-446655440000", "object": "audit_log", "organization_id": "org_123456",
              "organization_name": "Acme Corp", "created_at": "2025-02-23T14:30:00Z", "version": 0,
              "parent_objects": [{"id": "nested"}], "data": {"created_at": "nested"}}\n
            """.utf8)
        let record = try RecordScan(line: text.span.bytes)
        #expect(record.isObject)
        #expect(record.range == 1..<text.count - 1)
        #expect(record.id?.string(in: text.span.bytes) == "550e8400-e29b-41d4-a716-446655440000")
        #expect(record.createdAt?.string(in: text.span.bytes) == "2025-02-23T14:30:00Z")
        #expect(record.organizationID?.string(in: text.span.bytes) == "org_123456")
        #expect(record.organizationName?.string(in: text.span.bytes) == "Acme Corp")
    }

    @Test(arguments: [
        (#"{"id":"a"}"#, "a"), (#"{"id":1}"#, nil), (#"{"id":null}"#, nil), (#"{"id":["a"]}"#, nil), ("{}", nil),
        (#"{"id":"a","id":"b"}"#, "b"), (#"{"id":"a","id":1}"#, nil), (#"{"id":1,"id":"b"}"#, "b"),
        (#"{"\u0069d":"a"}"#, "a"), (#"{"id":"a","\u0069\u0064":"b"}"#, "b"), (#"{"\u0069d":"a","id":"b"}"#, "b"),
        (#"{"ID":"a"}"#, nil), (#"{"id ":"a"}"#, nil), (#"{"x":{"id":"a"}}"#, nil), (#"[{"id":"a"}]"#, nil),
        (#"{"id":"a","x":{"id":"b"}}"#, "a"), (#"{"id":""}"#, ""), (#"{"id":"\u0061\n"}"#, "a\n"),
        (#"{"\u0069":"a"}"#, nil), (#"{"id\u0000":"a"}"#, nil), (#""id""#, nil)
    ])
    func findsItsOwnId(text: String, id: String?) throws {
        let bytes = Array(text.utf8)
        #expect(try RecordScan(line: bytes.span.bytes).id?.string(in: bytes.span.bytes) == id)
    }

    @Test func findsEveryMemberUnderAnEscapedKey() throws {
        let bytes = Array(
            #"{"created\u005fat":"1","organization\u005fid":"2","organization\u005Fname":"3","i\u0064":"4"}"#.utf8)
        let record = try RecordScan(line: bytes.span.bytes)
        let members = [record.createdAt, record.organizationID, record.organizationName, record.id]
        #expect(members.map { $0?.string(in: bytes.span.bytes) } == ["1", "2", "3", "4"])
    }

    @Test(arguments: [
        (#"{"a":1}"#, 0), (#" {"a":1} "#, 0), (#"{ "a":1}"#, 1), (#"{"a" : [ 1 , 2 ] }"#, 7), (#"{"a b":" \n "}"#, 0),
        ("{\r\n}", 2), ("[ ]", 1), ("\t1\n", 0), (#"[ "é " ]"#, 2)
    ])
    func countsWhiteSpaceInside(text: String, count: Int) throws {
        #expect(try RecordScan(line: Array(text.utf8).span.bytes).insignificantBytes == count)
    }

    @Test(arguments: ["", " ", "{} {}", "{}\n{}", "{},", "{\"id\":}", "\u{FEFF}{}"])
    func refusesWhatIsNotOneText(text: String) {
        #expect(throws: JSONTextError.self) { try RecordScan(line: Array(text.utf8).span.bytes) }
    }

    @Test(arguments: 0..<2_000 as Range<UInt64>)
    func agreesWithTheReference(seed: UInt64) throws {
        var generator = TextGenerator(seed: seed)
        let bytes = Array((generator.space() + generator.record() + generator.space()).utf8)
        let record = try RecordScan(line: bytes.span.bytes)
        let problem = RecordReference.disagreement(of: record, with: ReferenceJSON(bytes), in: bytes)
        #expect(problem == nil, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
    }
}
