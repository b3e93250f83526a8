@testable import CaptivateIQSimulator
import Testing

@Suite struct OddRecordTests {
    private func bench(_ kind: OddRecord, share: Double = 0.2) throws -> Bench {
        try Bench { $0.population.traits.oddShares = [kind: share] }
    }

    @Test(arguments: OddRecord.allCases)
    func thereAreSomeOfTheKindAndNoneInTheArchive(kind: OddRecord) throws {
        let bench = try bench(kind)
        let page = try bench.page("?limit=1000")
        #expect(page.total == 300 && page.records.count == 300)
        let odd = page.records.count { Self.isOdd($0, kind) }
        #expect((30...90).contains(odd))
        let archive = bench.core.events(at: bench.now)
        #expect(archive.count == 300 - odd)
        #expect(Set(archive.map(\.id)).isSubset(of: Set(page.ids)))
    }

    private static func isOdd(_ record: Any, _ kind: OddRecord) -> Bool {
        guard let object = record as? [String: Any] else { return kind == .notAnObject }
        return switch kind {
        case .noID: object["id"] == nil
        case .idNotAString: object["id"] != nil && !(object["id"] is String)
        case .notAnObject: false
        case .noCreatedAt: object["created_at"] == nil
        case .unreadableCreatedAt:
            object["created_at"] != nil && (object["created_at"] as? String).flatMap(TimestampText.parse) == nil
        }
    }

    @Test func foreignOrganization() throws {
        let bench = try Bench { $0.population.traits.foreignShare = 0.1 }
        let names = try bench.page("?limit=1000").objects.compactMap { $0["organization_id"] as? String }
        #expect(Set(names) == ["org_123456", "org_foreign"])
        #expect((10...60).contains(names.count { $0 == "org_foreign" }))
    }
}
