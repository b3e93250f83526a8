import AuditRecords
import CivilTime
import JSONText
import Testing

@Suite("The members of an event")
struct EventFieldsTests {
    private static func texts(_ line: String) throws -> [String?] {
        let bytes = line.utf8.span.bytes
        let fields = try EventFields(line: bytes)
        let members = [
            fields.id, fields.createdAt, fields.eventType, fields.ipAddress, fields.user.id, fields.user.name,
            fields.user.email, fields.loggedInUser.id, fields.loggedInUser.name, fields.loggedInUser.email,
            fields.object.id, fields.object.name, fields.object.type
        ]
        return members.map { $0?.string(in: bytes) } + [
            fields.data.map { bytes.extracting($0).withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
        ]
    }

    private static let keys = [
        "id", "created_at", "event_type", "ip_address", "user_id", "user_name", "user_email", "logged_in_user_id",
        "logged_in_user_name", "logged_in_user_email", "object_id", "object_name", "object_type"
    ]

    @Test("are found in whatever order, and whatever is nested in others")
    func order() throws {
        let nested = "{\(keys.map { "\"\($0)\":\"nested\"" }.joined(separator: ","))}"
        let members = Self.keys.reversed().map { "\"\($0)\":\"\($0)!\"" } + ["\"data\":\(nested)", "\"x\":\(nested)"]
        let expected = Self.keys.map { "\($0)!" } + [nested]
        #expect(try Self.texts("{\(members.joined(separator: ","))}") == expected)
        #expect(try Self.texts("{ \(members.joined(separator: " , ")) }") == expected)
    }

    @Test("are found where their keys are written with escapes, the last of duplicates", arguments: keys.indices)
    func escapes(index: Int) throws {
        let key = Self.keys[index]
        let escaped = "\\u00" + String(key.utf8.first ?? 0, radix: 16) + key.dropFirst()
        let texts = try Self.texts("{\"\(key)\":\"a\",\"\(escaped)\":\"b\\n\"}")
        #expect(texts[index] == "b\n")
        #expect(texts.compactMap(\.self).count == 1)
        #expect(try Self.texts("{\"\(key)\":\"a\",\"\(key)\":7}")[index] == nil)
    }

    @Test("are none of what is no object, and of text that is no JSON nothing is read")
    func others() throws {
        for text in ["[]", "7", "\"id\"", "null", "{}"] {
            #expect(try Self.texts(text).allSatisfy { $0 == nil })
        }
        for text in ["", "{", "{\"id\":\"a\"", "{\"id\":\"a\"} x", "{\"id\":a}"] {
            #expect(throws: JSONTextError.self) { try EventFields(line: text.utf8.span.bytes) }
        }
    }

    private var keys: [String] { Self.keys }
}
