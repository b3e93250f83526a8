import AuditRecords

/// Hashes of the texts that rows of a list had when the archive took them in, or was found to hold them. With them a later
/// sync sees that it need not compare these rows again.
///
/// A text is hashed as an id is: the first half of its SHA-256, the same in every process, and too long for a sender to find
/// two texts that share it.
struct RowTexts: Sendable, Equatable {
    /// The most that are remembered: those of a page. An ascending list needs its newest rows alone, far fewer.
    static let most = 1_000

    private var hashes: [EventKey] = []

    /// Of no row.
    init() {}

    /// Of a page's rows, in their order; of none where one of them is no event.
    init(_ page: ParsedPage) {
        guard page.unusable.isEmpty else { return }
        hashes = page.events.prefix(Self.most).map { Self.hash(of: $0, in: page) }
    }

    /// Of rows with these hashes, ``most`` at the most.
    init(_ hashes: some Sequence<EventKey>) { self.hashes = Array(hashes.prefix(Self.most)) }

    /// The hash of the text of one of a page's events.
    static func hash(of event: ParsedPage.Event, in page: ParsedPage) -> EventKey {
        page.withLine(of: event) { line, _ in EventKey(id: line) }
    }

    /// How many rows' texts these are.
    var count: Int { hashes.count }

    /// Those of the last rows.
    func suffix(_ count: Int) -> RowTexts { RowTexts(hashes.suffix(count)) }

    /// Whether the first rows have these texts of other ones: of so many in the middle.
    func begin(with rows: Range<Int>, of texts: RowTexts) -> Bool {
        rows.upperBound <= texts.count && rows.count <= count && hashes.starts(with: texts.hashes[rows])
    }
}

extension RowTexts {
    /// Hex digits of a hash.
    private static let digits = 32

    /// All hashes as hex digits.
    var hexadecimal: String { hashes.map(\.hexadecimal).joined() }

    /// Reads ``hexadecimal``; `nil` if it is anything else, or too much.
    init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: Self.digits), digits.count <= Self.most * Self.digits else { return nil }
        hashes.reserveCapacity(digits.count / Self.digits)
        for start in stride(from: 0, to: digits.count, by: Self.digits) {
            guard let hash = EventKey(hexadecimal: digits.span.bytes.extracting(start..<start + Self.digits)) else {
                return nil
            }
            hashes.append(hash)
        }
    }
}
