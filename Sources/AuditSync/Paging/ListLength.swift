import CivilTime

/// The longest list of a server that was shown to be whole.
///
/// A longer one may be what the server cuts every list to without a word, in its total as well. Then it counts more in parts of
/// the days asked for than in all of them.
struct ListLength: Sendable, Equatable {
    /// The rows of the longest list that was shown to be whole: its parts were counted to no more than it has, or the server has
    /// counted more elsewhere. 0 before any.
    private(set) var whole: Int

    /// The rows that lists turned out to be cut to.
    private(set) var cut: Int?

    /// When a run last began that found out.
    private(set) var foundAt: Timestamp?

    /// When this run began.
    private var now: Timestamp?

    /// What earlier lists have shown.
    init(whole: Int = 0, cut: Int? = nil, foundAt: Timestamp? = nil) {
        self.whole = max(0, whole)
        self.cut = cut.flatMap { $0 > 0 ? $0 : nil }
        self.foundAt = foundAt
    }

    /// The same for a run that begins: what was found half a day ago is to be found once more.
    func beginning(at now: Timestamp) -> ListLength {
        let isKnown = foundAt.map { $0 <= now && now - $0 < TailFingerprint.lifetime } ?? false
        var length = isKnown ? self : ListLength()
        length.now = now
        return length
    }

    /// What a later run is to know.
    var lasting: ListLength { ListLength(whole: whole, cut: cut, foundAt: foundAt) }

    /// Whether a list of so many rows may have been cut. `shortest`: rows that a server would not cut a list to.
    func mayBeCut(_ rows: Int, shortest: Int) -> Bool { rows >= shortest && rows > whole }

    /// The server has counted so many: it cuts no shorter list.
    mutating func record(total: Int) { recordWhole(total - 1) }

    /// A list of so many rows was shown to be whole.
    mutating func recordWhole(_ rows: Int) {
        guard rows > whole else { return }
        (whole, foundAt) = (rows, now)
        if let cut, cut <= rows { self.cut = nil }
    }

    /// Lists turned out to be cut to so many rows.
    mutating func recordCut(_ rows: Int) {
        guard rows > 0 else { return }
        (whole, cut, foundAt) = (min(whole, rows - 1), rows, now)
    }
}
