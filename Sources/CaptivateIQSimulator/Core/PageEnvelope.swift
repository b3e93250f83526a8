/// Puts a page together: `{"object":"list","total_count":…,"next":…,"previous":…,"data":[…]}`.
struct PageEnvelope {
    let listing: SimulatorConfiguration.Listing
    /// Path of the list, such as `/ciq/v1/audit-logs/`.
    let path: String
    /// The host the client asked, with its port.
    let host: String

    /// Everything before the records of a page.
    func head(_ query: PageQuery, _ page: PageSelector.Page) -> [UInt8] {
        let stated = listing.totalMode.stated(count: page.count, offset: query.offset, rows: page.numbers.count)
        var text = #"{"object":"list","total_count":\#(stated),"#
        if listing.nextStyle != .missing {
            text += #""next":\#(next(query, end: end(page, stated: stated))),"#
        }
        text += #""previous":\#(previous(query)),"data":["#
        return Array(text.utf8)
    }

    /// Everything after the records.
    static let tail = Array("]}".utf8)

    /// The offset behind which nothing is said to be listed; nil if there always is something.
    private func end(_ page: PageSelector.Page, stated: Int) -> Int? {
        guard listing.pageCycle == nil || page.numbers.isEmpty else { return nil }
        return min(listing.nextRule == .list ? page.rows : stated, listing.maxOffset ?? .max)
    }

    private func next(_ query: PageQuery, end: Int?) -> String {
        let (offset, overflow) = query.offset.addingReportingOverflow(query.limit)
        let isLast = overflow || end.map { offset >= $0 } ?? false
        switch listing.nextStyle {
        case .alwaysNull, .missing: return "null"
        case .neverNull: return link(query, offset: overflow ? query.offset : offset)
        case .absolute, .http, .otherHost, .relative: return isLast ? "null" : link(query, offset: offset)
        }
    }

    private func previous(_ query: PageQuery) -> String {
        guard query.offset > 0, listing.nextStyle != .alwaysNull else { return "null" }
        return link(query, offset: max(0, query.offset - query.limit))
    }

    private func link(_ query: PageQuery, offset: Int) -> String {
        let parameters = [("limit", String(query.limit)), ("offset", String(offset))] + query.others
        let joined = parameters.map { "\($0)=\(RequestTarget.encoded($1))" }.joined(separator: "&")
        let url = "\(origin)\(path)?\(joined)"
        return String(decoding: JSONFragment.string(url), as: UTF8.self)
    }

    private var origin: String {
        switch listing.nextStyle {
        case .relative: ""
        case .http: "http://\(host)"
        case .otherHost: "https://elsewhere.example"
        case .absolute, .alwaysNull, .neverNull, .missing: "https://\(host)"
        }
    }
}
