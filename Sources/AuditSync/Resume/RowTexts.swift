import AuditArchive
import JSONText

/// Hashes of the texts that rows of a list had when the archive took them in, or was found to hold them. With them a later
/// sync sees that it need not compare these rows again.
struct RowTexts: Sendable, Equatable {
    /// The first half of a text's SHA-256: the same in every process, and too long for a sender to find two texts that share
    /// it.
    struct Hash: Sendable, Equatable {
        fileprivate var high, low: UInt64

        /// The hash of the text of one of a page's events.
        init(_ event: ParsedPage.Event, of page: ParsedPage) {
            (high, low) = page.withLine(of: event) { line, _ in TreeHash.plain(line).firstHalf }
        }

        fileprivate init(_ high: UInt64, _ low: UInt64) {
            self.high = high
            self.low = low
        }
    }

    /// The most that are remembered: those of a page. An ascending list needs its newest rows alone, far fewer.
    static let most = 1_000

    private var hashes: [Hash] = []

    /// Of no row.
    init() {}

    /// Of a page's rows, in their order; of none where one of them is no event.
    init(_ page: ParsedPage) {
        guard page.unusable.isEmpty else { return }
        hashes = page.events.prefix(Self.most).map { Hash($0, of: page) }
    }

    /// Of rows with these hashes, ``most`` at the most.
    init(_ hashes: some Sequence<Hash>) { self.hashes = Array(hashes.prefix(Self.most)) }

    /// How many rows' texts these are.
    var count: Int { hashes.count }

    /// Those of the last rows.
    func suffix(_ count: Int) -> RowTexts { RowTexts(hashes.suffix(count)) }

    /// Whether these events of a page have the texts of the first rows.
    func begin(with events: ArraySlice<ParsedPage.Event>, of page: ParsedPage) -> Bool {
        events.count <= count && zip(events, hashes).allSatisfy { Hash($0, of: page) == $1 }
    }
}

extension RowTexts {
    /// Hex digits of a hash.
    private static let digits = 32

    /// All hashes as hex digits.
    var hexadecimal: String {
        func digits(_ half: UInt64) -> String {
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: Self.digits / 2 - digits.count) + digits
        }
        return hashes.map { digits($0.high) + digits($0.low) }.joined()
    }

    /// Reads ``hexadecimal``; `nil` if it is anything else, or too much.
    init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: Self.digits), digits.count <= Self.most * Self.digits else { return nil }
        let bytes = digits.span.bytes
        hashes.reserveCapacity(digits.count / Self.digits)
        for start in stride(from: 0, to: digits.count, by: Self.digits) {
            var words: [UInt64] = []
            for place in stride(from: start, to: start + Self.digits, by: 8) {
                guard let word = HexDigits.value(of: bytes.word(at: place)) else { return nil }
                words.append(word)
            }
            hashes.append(Hash(words[0] << 32 | words[1], words[2] << 32 | words[3]))
        }
    }
}
