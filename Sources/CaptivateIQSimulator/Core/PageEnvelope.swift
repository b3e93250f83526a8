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

/// Gives compact JSON text the insignificant white space of a style. Strings and numbers stay as they are.
struct WhitespaceWriter {
    private let style: WhitespaceStyle
    private var random: SeededGenerator
    private var out: [UInt8] = []
    private var depth = 0

    static func rewrite(_ compact: [UInt8], _ style: WhitespaceStyle, seed: UInt64) -> [UInt8] {
        guard style != .compact else { return compact }
        var writer = WhitespaceWriter(style: style, random: SeededGenerator(seed: seed, stream: UInt64(compact.count)))
        writer.out.reserveCapacity(compact.count * 2)
        writer.write(compact)
        return writer.out
    }

    private init(style: WhitespaceStyle, random: SeededGenerator) {
        self.style = style
        self.random = random
    }

    private mutating func write(_ compact: [UInt8]) {
        var inString = false
        var escaped = false
        for byte in compact {
            if inString {
                out.append(byte)
                inString = escaped || byte != UInt8(ascii: "\"")
                escaped = !escaped && byte == UInt8(ascii: "\\")
            } else {
                inString = byte == UInt8(ascii: "\"")
                writeOutsideString(byte)
            }
        }
        if style == .ragged { space() }
    }

    private mutating func writeOutsideString(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            surround(byte, spaceAfter: nil, depthChange: 1)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if style == .pretty { newLine() }
            surround(byte, spaceAfter: false, depthChange: 0)
        case UInt8(ascii: ","):
            surround(byte, spaceAfter: nil, depthChange: 0)
        case UInt8(ascii: ":"):
            surround(byte, spaceAfter: true, depthChange: 0)
        default:
            out.append(byte)
        }
    }

    /// - Parameter spaceAfter: for the pretty style: a space (true), nothing (false) or a new line (nil).
    private mutating func surround(_ byte: UInt8, spaceAfter: Bool?, depthChange: Int) {
        if style == .ragged { space() }
        out.append(byte)
        depth += depthChange
        if style == .ragged { return space() }
        switch spaceAfter {
        case nil: newLine()
        case .some(true): out.append(UInt8(ascii: " "))
        case .some(false): break
        }
    }

    private mutating func newLine() {
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    private mutating func space() {
        let kinds: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
        for _ in 0..<random.below(3) { out.append(kinds[random.below(4)]) }
    }
}
