import AuditArchive
import AuditRecords
import CivilTime
import JSONText

/// What the last complete pass of the look-back window found: enough to see with one request, or two, whether anything is
/// new. It is a hint: without it, or with a wrong one, the window is read in full.
struct TailFingerprint: Sendable, Equatable {
    /// The digest of the manifest that holds all it speaks of: a copy that was put back has another one.
    var manifest: String

    /// `start_date` of the query, which has no end.
    var start: CalendarDay

    /// Rows of the list.
    var rows: Int

    /// `total_count` of the query, which need not be as many.
    var total: Int

    /// Rows that a page holds at the most.
    var page: Int

    /// Whether the last page named a next one all the same.
    var isEndless: Bool

    /// The order of the rows; ascending where they have none.
    var order: RowOrder

    /// Whether the rows have an order. Of those without one, all are remembered: an arrival may be anywhere among them.
    var isSorted: Bool

    /// The newest rows, in their order: the last ones if ascending, the first ones if descending.
    var edge: [EventKey]

    /// The texts of ``edge``, and in a descending list of the rows that follow it; none where they are not known.
    var texts: RowTexts

    /// The oldest rows, at the list's other end, in their order; empty where they were not read.
    var far: [EventKey]

    /// When a pass of the whole window last found its events complete.
    var walkedAt: Timestamp

    /// The newest event time that this pass had seen and that was not ahead of the clock; `nil` for none.
    var seenTo: Timestamp?

    /// The most of the newest rows that are remembered.
    static let edgeCount = 16

    /// How many of the newest rows are remembered: at most half a page, so that one holds arrivals as well. All of a list
    /// without an order; `nil` where they are too many for one page.
    static func edgeCount(rows: Int, page: Int, isSorted: Bool) -> Int? {
        isSorted ? min(edgeCount, rows, max(1, page / 2)) : rows < page ? rows : nil
    }

    /// How many of the oldest rows are remembered.
    static let farCount = 4

    /// Gathers what a pass found; `nil` if that would not help.
    init?(
        manifest: String, start: CalendarDay, rows: Int, total: Int, page: Int, isEndless: Bool, order: RowOrder?,
        isSorted: Bool, edge: [EventKey], texts: RowTexts, far: [EventKey], walkedAt: Timestamp,
        seenTo: Timestamp?
    ) {
        guard let order, rows > 0, total >= 0, page > 0,
            edge.count == Self.edgeCount(rows: rows, page: page, isSorted: isSorted),
            rows == total || far.count == min(Self.farCount, rows)
        else { return nil }
        self.manifest = manifest
        self.start = start
        self.rows = rows
        self.total = total
        self.page = page
        self.isEndless = isEndless
        self.order = order
        self.isSorted = isSorted
        self.edge = edge
        self.texts = texts
        self.far = far
        self.walkedAt = walkedAt
        self.seenTo = seenTo
    }

    /// Whether it is time for a whole pass: one request cannot see an arrival that a removal elsewhere makes up for.
    func isStale(at now: Timestamp) -> Bool {
        now < walkedAt || now - walkedAt >= Self.lifetime
    }

    /// How long after a whole pass probes may stand in for another.
    static let lifetime = Duration.seconds(43_200)
}

extension TailFingerprint {
    /// The fingerprint's file.
    func encoded() -> [UInt8] {
        func list(_ keys: [EventKey]) -> String { keys.map { "\"\($0.hexadecimal)\"" }.joined(separator: ",") }
        let seen = seenTo.map { "\"seen_to\": \"\($0)\", " } ?? ""
        return Array(
            """
            {"manifest": "\(manifest)", "start": "\(start)", "rows": \(rows), "total": \(total), "page": \(page), \
            "endless": \(isEndless), "order": "\(order.rawValue)", "sorted": \(isSorted), "walked_at": "\(walkedAt)", \
            \(seen)"edge": [\(list(edge))], "texts": "\(texts.hexadecimal)", "far": [\(list(far))]}

            """.utf8)
    }

    /// Reads the file; `nil` if it cannot be made sense of.
    init?(decoding bytes: [UInt8]) {
        var fields = Fields()
        do {
            var reader = JSONReader(bytes)
            try fields.read(&reader)
            try reader.finish()
        } catch {
            return nil
        }
        guard let manifest = fields.manifest, ResumeStore.isDigest(manifest), let rows = fields.rows,
            let total = fields.total, let page = fields.page,
            let isEndless = fields.isEndless, let isSorted = fields.isSorted,
            let day = fields.start.flatMap(CalendarDay.init(_:)),
            let walkedAt = fields.walkedAt.flatMap({ Timestamp(rfc3339: $0) })
        else { return nil }
        let seenTo = fields.seenTo.flatMap { Timestamp(rfc3339: $0) }
        guard (seenTo == nil) == (fields.seenTo == nil), let texts = RowTexts(hexadecimal: fields.texts ?? "") else {
            return nil
        }
        self.init(
            manifest: manifest, start: day, rows: rows, total: total, page: page, isEndless: isEndless,
            order: fields.order.flatMap(RowOrder.init(rawValue:)), isSorted: isSorted,
            edge: fields.edge.compactMap { $0 }, texts: texts,
            far: fields.far.compactMap { $0 }, walkedAt: walkedAt, seenTo: seenTo)
    }

    /// The members of the file as they are read.
    private struct Fields {
        var manifest, start, order, walkedAt, seenTo, texts: String?
        var rows, total, page: Int?
        var isEndless, isSorted: Bool?
        var edge, far: [EventKey?]

        init() { (edge, far) = ([], []) }

        mutating func read(_ reader: inout JSONReader) throws(JSONTextError) {
            try reader.readObject { (reader, key) throws(JSONTextError) in
                switch key {
                case "manifest": manifest = try reader.readString()
                case "start": start = try reader.readString()
                case "rows": rows = try reader.readInteger()
                case "total": total = try reader.readInteger()
                case "page": page = try reader.readInteger()
                case "endless": isEndless = try reader.readBool()
                case "sorted": isSorted = try reader.readBool()
                case "order": order = try reader.readString()
                case "walked_at": walkedAt = try reader.readString()
                case "seen_to": seenTo = try reader.readString()
                case "edge": edge = try Self.keys(&reader)
                case "texts": texts = try reader.readString()
                case "far": far = try Self.keys(&reader)
                default: try reader.skipValue()
                }
            }
        }

        private static func keys(_ reader: inout JSONReader) throws(JSONTextError) -> [EventKey?] {
            var keys: [EventKey?] = []
            try reader.readArray { (reader) throws(JSONTextError) in
                keys.append(EventKey(hexadecimal: try reader.readString()))
            }
            return keys
        }
    }
}
