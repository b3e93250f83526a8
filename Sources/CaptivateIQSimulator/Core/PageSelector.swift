/// Finds the events of a page. Lists that are not a plain range of the catalog are kept until the catalog changes.
struct PageSelector: Sendable {
    private let seed: UInt64
    private var kept: [PageQuery.Filter: [Int32]] = [:]
    private var generation = -1

    init(seed: UInt64) {
        self.seed = seed
    }

    /// The numbers of the page's events in order, and how many events match the filter in all.
    ///
    /// - Parameter ordinal: which request this is; ties that move depend on it.
    mutating func page(
        _ query: PageQuery, of catalog: EventCatalog, ordinal: Int
    ) -> (numbers: [Int32], total: Int) {
        if generation != catalog.generation {
            kept.removeAll()
            generation = catalog.generation
        }
        let filter = query.filter
        if filter.email != nil || filter.order == .unordered {
            let list = list(filter, catalog)
            let slice = Self.slice(list.count, query)
            return (Array(list[slice]), list.count)
        }
        let range = catalog.range(from: filter.lower, to: filter.upper)
        let slice = Self.slice(range.count, query)
        return (plain(range, slice, filter.order, catalog, ordinal), range.count)
    }

    private static func slice(_ count: Int, _ query: PageQuery) -> Range<Int> {
        let start = min(query.offset, count)
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
