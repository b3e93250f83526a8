@testable import AuditReport
import Testing

@Suite("What an event says to have changed")
struct EventChangesTests {
    @Test(
        "is read from the forms that are known",
        arguments: [
            (
                #"{"changes":{"quota_1":{"old":42,"new":null},"b":{"old":"x\"","new":[1,{"a":2}]}},"n":1}"#,
                ["quota_1: 42 → null", #"b: "x\"" → [1,{"a":2}]"#]
            ),
            (#"{"rate":{"from":1.10,"to":1e5}}"#, ["rate: 1.10 → 1e5"]),
            (
                #"{"changes":[{"field":"a","old":1,"new":2},{"name":"b","before":false,"after":true},{"old":1}]}"#,
                ["a: 1 → 2", "b: false → true"]
            ),
            (#"[{"field":"a","new":2}]"#, ["a: – → 2"]), (#"{"changes":{"a":{"old":1}}}"#, ["a: 1 → –"]),
            (#"{"changes":{"a":{"old":1,"new":2}},"changes":{"c":{"old":3,"new":4}}}"#, ["c: 3 → 4"]),
            (#"{"items":[1,[],{}],"inner":{"items":[2]}}"#, []), (#"{"method":"sso","mfa":true}"#, []), ("null", []),
            ("{}", []), ("[]", []), (#""old""#, []), ("7", []), (#"{"changes":7}"#, []), (#"{"changes":{"a":7}}"#, []),
            (#"{"a":{"old":"\u001b[2J","new":"\u202e"}}"#, [#"a: "\u001b[2J" → "\u202e""#])
        ])
    func forms(data: String, expected: [String]) {
        let changes = EventChanges(data: data.utf8.span.bytes).list.map { "\($0.field): \($0.old) → \($0.new)" }
        #expect(changes == expected)
    }
}
