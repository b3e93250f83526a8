package import AuditArchive
package import JSONText

/// What the last complete walk of the look-back window found: enough to see with one request whether anything is new.
/// It is a hint: without it, or with a wrong one, the window is walked in full.
package struct TailHint: Sendable, Equatable {
    /// The archive's generation that holds all it speaks of; a restored copy has another one.
    package var generation: Int

    /// `start_date` of the query, which has no end.
    package var start: CalendarDay

    /// `total_count` of the query.
    package var total: Int

    /// The order of the rows.
    package var order: RowOrder

    /// The newest rows, in their order: the last ones if ascending, the first ones if descending.
    package var edge: [EventKey]

    /// When a walk of the whole window last found its events complete.
    package var walkedAt: Timestamp

    /// How many rows are remembered.
    package static let edgeCount = 16

    /// Gathers what a walk found; `nil` if that would not help.
    package init?(
        generation: Int, start: CalendarDay, total: Int, order: RowOrder?, edge: [EventKey], walkedAt: Timestamp
    ) {
        guard let order, edge.count == min(Self.edgeCount, total), Set(edge).count == edge.count, !edge.isEmpty else {
            return nil
        }
        self.generation = generation
        self.start = start
        self.total = total
        self.order = order
        self.edge = edge
        self.walkedAt = walkedAt
    }

    /// Whether it is time for a whole walk: one request cannot see an arrival that a removal elsewhere makes up for.
    ///
    /// A walk begins a day before the look-back, so that half a day later it still finds what was late by all of that.
    package func isStale(at now: Timestamp) -> Bool {
        now < walkedAt || now - walkedAt >= .seconds(43_200)
    }
}

extension TailHint {
    /// The hint's file.
    package func encoded() -> [UInt8] {
        let keys = edge.map { "\"\($0.hexadecimal)\"" }.joined(separator: ",")
        return Array(
            """
            {"generation": \(generation), "start": "\(start)", "total": \(total), "order": "\(order.rawValue)", \
            "walked_at": "\(walkedAt)", "edge": [\(keys)]}

            """.utf8)
    }

    /// Reads the hint's file; `nil` if it cannot be made sense of.
    package init?(decoding bytes: [UInt8]) {
        var (generation, total): (Int?, Int?)
        var (start, order, walkedAt): (String?, String?, String?)
        var edge: [EventKey?] = []
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, key) throws(JSONTextError) in
                switch key {
                case "generation": generation = try reader.readInteger()
                case "total": total = try reader.readInteger()
                case "start": start = try reader.readString()
                case "order": order = try reader.readString()
                case "walked_at": walkedAt = try reader.readString()
                case "edge":
                    try reader.readArray { (reader) throws(JSONTextError) in
                        edge.append(EventKey(hexadecimal: try reader.readString()))
                    }
                default: try reader.skipValue()
                }
            }
            try reader.finish()
        } catch {
            return nil
        }
        guard let generation, let total, let day = start.flatMap(CalendarDay.init(_:)),
            let walkedAt = walkedAt.flatMap({ Timestamp(rfc3339: $0) })
        else { return nil }
        self.init(
            generation: generation, start: day, total: total, order: order.flatMap(RowOrder.init(rawValue:)),
            edge: edge.compactMap { $0 }, walkedAt: walkedAt)
    }
}
