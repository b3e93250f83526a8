import CivilTime
import Foundation
import Testing

@testable import CaptivateIQAPI

/// What the catalog's page says of the API, compared with what the client does.
@Suite("The page about the API")
struct DocumentedAPITests {
    private static func page() throws -> String {
        let repository = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" }
        return try String(
            contentsOfFile: "\(repository)/Sources/ExportCLI/Documentation.docc/TheAPI.md", encoding: .utf8)
    }

    @Test("names every member of a request's query, and no other")
    func query() throws {
        let day = try #require(CalendarDay("2025-02-23"))
        let request = PageRequest(query: EventQuery(startDate: day, endDate: day), offset: 7, limit: 5)
        let url = RequestTarget.page(request).url(under: try BaseURL(BaseURL.captivateIQ))
        let parts = url.split(separator: "?")
        let page = try Self.page()
        #expect(page.contains("GET \(parts[0])\n"))
        let names = parts[1].split(separator: "&").map { String($0.prefix { $0 != "=" }) }
        let rows = page.split(separator: "\n").drop { $0 != "| query | meaning |" }.dropFirst(2)
            .prefix { $0.hasPrefix("|") }
        #expect(Set(rows.map { String($0.dropFirst(3).prefix { $0 != "`" }) }) == Set(names))
        let organizations = RequestTarget.organizations(offset: 0).url(under: try BaseURL(BaseURL.captivateIQ))
        #expect(page.contains("`GET \(organizations.dropFirst(BaseURL.captivateIQ.count))`"))
    }

    @Test("has the client's limits")
    func limits() throws {
        let page = try Self.page()
        let settings = try APISettings(baseURL: BaseURL.captivateIQ)
        #expect(page.contains("50 by default, \(PageRequest.maximumLimit) at most"))
        #expect(
            page.contains("| \(settings.requestsPerSecond) requests a second and \(settings.requestsPerHour) an hour |")
        )
        #expect(page.contains("\(RetryPolicy.standard.maximumTries) times in all"))
    }
}
