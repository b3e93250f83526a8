/// How `total_count` differs from the number of records.
package enum TotalMode: Equatable, Sendable {
    /// The rows that match the filter.
    case exact
    /// The rows of this page.
    case page
    /// The offset and the rows of this page.
    case running
    /// What there is, but at most so many.
    case capped(Int)
    /// So many too many, also on an empty list.
    case plus(Int)
    /// So many too few, and never less than none.
    case minus(Int)
    /// Always none.
    case zero

    /// The `total_count` of a page.
    ///
    /// - Parameters:
    ///   - count: rows that match the filter.
    ///   - offset: where the page begins.
    ///   - rows: rows of the page.
    package func stated(count: Int, offset: Int, rows: Int) -> Int {
        switch self {
        case .exact: count
        case .page: rows
        case .running: offset.addingReportingOverflow(rows).overflow ? .max : offset + rows
        case .capped(let most): min(count, most)
        case .plus(let more): count + more
        case .minus(let less): max(0, count - less)
        case .zero: 0
        }
    }

    /// The number that belongs to the mode, if one does.
    var number: Int? {
        switch self {
        case .capped(let number), .plus(let number), .minus(let number): number
        case .exact, .page, .running, .zero: nil
        }
    }
}

extension TotalMode: LosslessStringConvertible {
    /// Reads `exact`, `page`, `running`, `capped:N`, `plus:N`, `minus:N` or `zero`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let number = parts.count == 2 ? Int(parts[1]) : nil
        switch (parts.first, parts.count, number) {
        case ("exact", 1, _): self = .exact
        case ("page", 1, _): self = .page
        case ("running", 1, _): self = .running
        case ("zero", 1, _): self = .zero
        case ("capped", 2, let number?): self = .capped(number)
        case ("plus", 2, let number?): self = .plus(number)
        case ("minus", 2, let number?): self = .minus(number)
        default: return nil
        }
    }

    /// As it is read.
    package var description: String {
        switch self {
        case .exact: "exact"
        case .page: "page"
        case .running: "running"
        case .capped(let most): "capped:\(most)"
        case .plus(let more): "plus:\(more)"
        case .minus(let less): "minus:\(less)"
        case .zero: "zero"
        }
    }
}

/// What decides whether `next` is null.
package enum NextRule: String, CaseIterable, Sendable {
    /// Whether there are more rows.
    case list
    /// Whether the page ends below the stated `total_count`.
    case total
}
