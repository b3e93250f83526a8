@testable import CaptivateIQSimulator
import Foundation
import Testing

@Suite struct EventGeneratorTests {
    private static let time: Int64 = 1_795_219_200_123_456

    private func events(_ count: UInt64 = 4_000, seed: UInt64 = 1, _ traits: EventTraits = EventTraits())
        -> [SimulatedEvent]
    {
        let generator = EventGenerator(seed: seed, traits: traits)
        return (0..<count).map { generator.event(number: $0, at: Self.time + Int64($0) * 7_919) }
    }

    @Test func sameSeedSameBytes() {
        #expect(events(500) == events(500))
        #expect(events(500).map(\.json) != events(500, seed: 2).map(\.json))
    }

    @Test func idsAreUniqueLowerCaseVersion4() throws {
        let ids = events().map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids {
            let uuid = try #require(UUID(uuidString: id))
            #expect(uuid.uuidString.lowercased() == id)
            #expect(Array(id.utf8)[14] == UInt8(ascii: "4"))
        }
    }

    @Test func everyEventIsAnObjectWithTheDocumentedFields() throws {
        let required = [
            "id", "object", "organization_id", "organization_name", "user_id", "user_name", "user_email",
            "logged_in_user_id", "logged_in_user_name", "logged_in_user_email", "ip_address", "created_at",
            "event_type",
            "version", "object_id", "object_name", "object_type", "parent_objects"
        ]
        for event in events() {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any])
            #expect(required.allSatisfy { object[$0] != nil })
            #expect(object["id"] as? String == event.id)
            let text = try #require(object["created_at"] as? String)
            #expect(TimestampText.parse(text) == event.createdAt)
        }
    }

    @Test func textIsCompact() {
        for event in events(300) {
            let before = String(decoding: event.json, as: UTF8.self)
            #expect(!before.hasPrefix(" ") && !before.hasSuffix(" ") && !before.contains("\n"))
            #expect(!before.contains(#"": "#) && !before.contains(#"", ""#))
        }
    }

    @Test func averageSizeIsThatOfRealEvents() {
        let sizes = events().map(\.json.count)
        let average = sizes.reduce(0, +) / sizes.count
        #expect((700...820).contains(average), "average of \(average) bytes")
    }

    @Test(arguments: [
        "\u{2028}", "東京", "\u{1F389}", "e\u{301}", "דנה", #"\""#, #"\\"#, #"\/"#, #"\u00e9"#, #"\ud83c\udf89"#,
        #"\u0000"#,
        "9007199254740993", "123456789012345678901234567890", "1.10", "1e5", "-0", "\"data\":null", "\"trace_id\":",
        "+05:30\"", "\"parent_objects\":[]", "\"parent_objects\":[{"
    ])
    func holdsWhatRealTextHolds(fragment: String) {
        // By bytes: Swift strings hold composed and decomposed letters for equal.
        let text = Data(events().flatMap(\.json))
        #expect(text.range(of: Data(fragment.utf8)) != nil, "\(fragment)")
    }

    @Test func fractionDigitsVary() throws {
        var seen: Set<Int> = []
        for event in events() {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any])
            let text = try #require(object["created_at"] as? String)
            let digits = text.split(separator: ".").dropFirst().first?.prefix { $0.isNumber }
            seen.insert(digits?.count ?? 0)
        }
        #expect(seen == [0, 3, 6, 9])
    }

    @Test func someAreImpersonated() throws {
        let differing = try events().filter { event in
            let object = try #require(try JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any])
            return object["user_id"] as? String != object["logged_in_user_id"] as? String
        }
        #expect((40...250).contains(differing.count))
    }

    @Test func halfSurrogatesOnlyWhenAsked() {
        var traits = EventTraits()
        let halves = [#"half \ud83d"#, #"\udE00 half"#, #"\ud800\ud800"#]
        let count = { (events: [SimulatedEvent]) in
            events.count { event in
                let text = String(decoding: event.json, as: UTF8.self)
                return halves.contains { text.contains($0) }
            }
        }
        #expect(count(events(4_000, traits)) == 0)
        traits.loneSurrogates = true
        #expect(count(events(4_000, traits)) > 10)
    }

    @Test func organizationNamesAreEscaped() throws {
        var traits = EventTraits()
        traits.organizationName = "A \"B\" \\ \n C"
        let event = try #require(events(1, traits).first)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any])
        #expect(object["organization_name"] as? String == "A \"B\" \\ \n C")
    }

    private func events(_ count: UInt64, _ traits: EventTraits) -> [SimulatedEvent] {
        events(count, seed: 1, traits)
    }
}
