import CivilTime
import JSONText

/// The longest page that a server has sent: a shorter one is a list's end. One that is as long may be what the server cuts
/// every page to without a word, with totals and `next` that say nothing of what is behind it, so that is asked for.
struct PageLength: Sendable, Equatable {
    /// Its rows; 0 before any.
    private(set) var rows: Int

    /// Whether there was something behind such a page although the server did not say so.
    private(set) var isCut: Bool

    /// When a run last began that found nothing behind such a page; `nil` if none has lately.
    private(set) var endedAt: Timestamp?

    /// When this run began.
    private var now: Timestamp?

    /// What servers cut to is a round number.
    private static let roundness = 50

    /// What earlier pages have shown.
    init(rows: Int = 0, isCut: Bool = false, endedAt: Timestamp? = nil) {
        self.rows = max(0, rows)
        self.isCut = isCut
        self.endedAt = endedAt
    }

    /// The same for a run that begins: what was found half a day ago is asked for once more. The server may send fewer rows
    /// by then than it did, and what is behind a short page is to be asked for too, unless it is known to be cut.
    func beginning(at now: Timestamp) -> PageLength {
        var length = self
        length.now = now
        if let end = endedAt, now < end || now - end >= TailFingerprint.lifetime { length.endedAt = nil }
        if length.endedAt == nil && !isCut { length.rows = 0 }
        return length
    }

    /// What a later run is to know.
    var lasting: PageLength { PageLength(rows: rows, isCut: isCut, endedAt: endedAt) }

    /// Whether a page of so many rows, fewer than were asked for, may have been cut.
    func mayBeCut(_ count: Int) -> Bool {
        count > rows || count == rows && (isCut || endedAt == nil || count.isMultiple(of: Self.roundness))
    }

    /// A page of so many rows was all that was asked for, or was the list's end, or the server said that it was not.
    mutating func record(_ count: Int) {
        guard count > rows || count == rows && endedAt == nil else { return }
        replace(count, isCut: isCut && count == rows, endedAt: now)
    }

    /// Behind a page of so many rows there was something all the same.
    mutating func recordCut(_ count: Int) { replace(count, isCut: true, endedAt: nil) }

    private mutating func replace(_ count: Int, isCut: Bool, endedAt: Timestamp?) {
        (rows, self.isCut, self.endedAt) = (count, isCut, endedAt)
    }
}
