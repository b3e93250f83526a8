/// Puts a page together: `{"object":"list","total_count":…,"next":…,"previous":…,"data":[…]}`.
struct PageEnvelope {
    let listing: SimulatorConfiguration.Listing
    /// Path of the list, such as `/ciq/v1/audit-logs/`.
    let path: String
    /// The host the client asked, with its port.
    let host: String

    /// Everything before the records.
    func head(_ query: PageQuery, total: Int) -> [UInt8] {
        let shown = total + listing.totalOffset
        var text = #"{"object":"list","total_count":\#(shown),"#
        if listing.nextStyle != .missing {
            text += #""next":\#(next(query, total: total)),"#
        }
        text += #""previous":\#(previous(query)),"data":["#
        return Array(text.utf8)
    }

    /// Everything after the records.
    static let tail = Array("]}".utf8)

    private func next(_ query: PageQuery, total: Int) -> String {
        let (offset, overflow) = query.offset.addingReportingOverflow(query.limit)
        let isLast = overflow || offset >= total
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
