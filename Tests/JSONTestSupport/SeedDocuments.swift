/// Documents the mutations start from: between them every production of the grammar.
package enum SeedDocuments {
    package static let all: [[UInt8]] = texts.map { Array($0.utf8) } + [nested(60), nested(511)]

    /// `depth` arrays and objects inside one another, in a pattern that differs along the way.
    package static func nested(_ depth: Int, around core: String = "1") -> [UInt8] {
        let areObjects = (0..<depth).map { $0 % 3 == 1 || $0 % 64 == 5 }
        let open = areObjects.map { $0 ? #"{"k":"# : "[0," }.joined()
        let close = areObjects.reversed().map { $0 ? #","l":2}"# : ",[]]" }.joined()
        return Array((open + core + close).utf8)
    }

    private static let texts = [
        "12", "-0.5e+10", "\"a\"", "true", "false", "null", "[]", "{}", " [ 1 , 2 ] ", "1E308", "[1e-308,1.79e308]",
        #"["\ud83d\ude00","\uD834\uDd1e\u0041","\ud83d\ude00\ud83d\ude00"]"#,
        #"{"a":"\"\\\/\b\f\n\r\t\u0000","b":[{},[],{"c":null}]}"#,
        "{\"Zoë\":\"Ångström\",\"東京\":\"日本語 𝄞 🇨🇭\",\"\u{7FF}\u{800}\u{FFFF}\u{10000}\":\"\u{10FFFF}\"}",
        "{\r\n\t\"object\" : \"list\" ,\n\t\"data\" : [ { \"id\" : 1 } , { \"id\" : 2 } ]\r\n}\n",
        #"[0,-0,10,1.5,-1.25,1e5,1E-5,2.5e+3,9007199254740993,0.000001,123456789012345678901234567890]"#,
        #"{"id":"a","id":"b","\u0069d":"c","":0}"#,
        """
        {"object":"list","total_count":2,"next":null,"previous":null,"data":[\
        {"id":"550e8400-e29b-41d4-a716-446655440000","organization_name":"Acme Corp",\
        "created_at":"2025-02-23T14:30:00Z","event_type":"user.login","version":0,\
        "parent_objects":[],"data":{"before":{"rate":0.075,"paid":false},"after":{"rate":1.5e-2,"paid":true}}}]}
        """
    ]
}
