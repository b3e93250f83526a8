/// Finds the events of a page. Lists that are not a plain range of the catalog are kept until the catalog or the listing
/// changes.
struct PageSelector: Sendable {
    /// The rows of a page and of the list it is cut from.
    struct Page: Sendable {
        /// The numbers of the page's events, in order.
        var numbers: [Int32]
        /// Rows of the whole list.
        var rows: Int
        /// Those of them that an honest `total_count` counts.
        var count: Int
    }

    private let seed: UInt64
    private let population: Int
    private var kept: [PageQuery.Filter: [Int32]] = [:]
    private var generation = -1

    /// A selector for a catalog that began with `population` events.
    init(seed: UInt64, population: Int) {
        self.seed = seed
        self.population = population
    }

    /// Forgets lists that were made for another listing.
    mutating func reset() { kept.removeAll() }

    /// A page.
    ///
    /// - Parameter ordinal: which request this is; ties that move depend on it.
    mutating func page(
        _ query: PageQuery, _ listing: SimulatorConfiguration.Listing, of catalog: EventCatalog, ordinal: Int
    ) -> Page {
        if generation != catalog.generation {
            kept.removeAll()
            generation = catalog.generation
        }
        let filter = query.filter
        let range = catalog.range(from: filter.lower, to: filter.upper)
        if let doubled = listing.doubled {
            // Ties that move do so before some of them are doubled.
            let whole =
                filter.order == .shuffledTies && filter.email == nil
                ? shuffled(range, 0..<range.count, catalog, ordinal) : list(filter, catalog)
            let rows = doubled.applied(to: whole, population: population, seed: seed)
            let numbers = Array(rows[Self.slice(rows.count, query, listing)])
            return Page(numbers: numbers, rows: rows.count, count: doubled.areCounted ? rows.count : whole.count)
        }
        if filter.email != nil || filter.order == .unordered {
            let list = list(filter, catalog)
            let numbers = Array(list[Self.slice(list.count, query, listing)])
            return Page(numbers: numbers, rows: list.count, count: list.count)
        }
        let slice = Self.slice(range.count, query, listing)
        return Page(
            numbers: plain(range, slice, filter.order, catalog, ordinal), rows: range.count, count: range.count)
    }

    private static func slice(
        _ count: Int, _ query: PageQuery, _ listing: SimulatorConfiguration.Listing
    ) -> Range<Int> {
        let count = min(count, listing.maxOffset ?? .max)
        let offset = listing.pageCycle.map { query.offset % ($0 * query.limit) } ?? query.offset
        let start = min(offset, count)
        return start..<(start + min(query.limit, count - start))
    }

    private func plain(
        _ range: Range<Int>, _ slice: Range<Int>, _ order: EventOrder, _ catalog: EventCatalog, _ ordinal: Int
    ) -> [Int32] {
        switch order {
        case .descending:
            return catalog.visible[(range.upperBound - slice.upperBound)..<(range.upperBound - slice.lowerBound)]
                .reversed()
        case .shuffledTies:
            return shuffled(range, slice, catalog, ordinal)
        case .ascending, .unordered:
            return Array(catalog.visible[(range.lowerBound + slice.lowerBound)..<(range.lowerBound + slice.upperBound)])
        }
    }

    private mutating func list(_ filter: PageQuery.Filter, _ catalog: EventCatalog) -> [Int32] {
        if let list = kept[filter] { return list }
        var list = Array(catalog.visible[catalog.range(from: filter.lower, to: filter.upper)])
        if let email = filter.email {
            list.removeAll { Vocabulary.people[Int(catalog.events[Int($0)].person)].emailText != email }
        }
        switch filter.order {
        case .descending: list.reverse()
        case .unordered: list = mixedUp(list)
        case .ascending, .shuffledTies: break
        }
        kept[filter] = list
        return list
    }

    /// By a key that belongs to the event alone, so that the order is the same whatever else is in the list.
    private func mixedUp(_ list: [Int32]) -> [Int32] {
        list.map { (key: SeededGenerator.mixed(seed &+ UInt64($0) &* 0x9E37_79B9_7F4A_7C15), number: $0) }
            .sorted { $0.key < $1.key }
            .map(\.number)
    }

    /// A slice in which the events of one time have another order for each request, also across the slice's edges.
    private func shuffled(
        _ range: Range<Int>, _ slice: Range<Int>, _ catalog: EventCatalog, _ ordinal: Int
    ) -> [Int32] {
        let time = { (position: Int) in catalog.events[Int(catalog.visible[position])].createdAt }
        let wanted = (range.lowerBound + slice.lowerBound)..<(range.lowerBound + slice.upperBound)
        var numbers: [Int32] = []
        var start = wanted.lowerBound
        while start > range.lowerBound, start < range.upperBound, time(start - 1) == time(start) { start -= 1 }
        let skipped = wanted.lowerBound - start
        while start < wanted.upperBound {
            var end = start + 1
            while end < range.upperBound, time(end) == time(start) { end += 1 }
            var random = SeededGenerator(seed: seed ^ UInt64(bitPattern: time(start)), stream: UInt64(ordinal))
            numbers.append(contentsOf: catalog.visible[start..<end].shuffled(using: &random))
            start = end
        }
        return Array(numbers.dropFirst(skipped).prefix(wanted.count))
    }
}
