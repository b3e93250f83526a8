/// Puts answers into the order of their offsets: one that overtook others is held back until they have come, so that what
/// is made of a list depends on the list alone, and not on how fast which answer was.
struct ArrivalOrder<Answer> {
    private var asked: [Int] = []
    private var held: [(offset: Int, answer: Answer)] = []

    /// How many answers are held back.
    var heldCount: Int { held.count }

    /// A request for a page at `offset` is sent.
    mutating func ask(_ offset: Int) { asked.append(offset) }

    /// Takes the answer to the request for the page at `offset`. Returns the answers whose turn it is, in their order.
    mutating func receive(_ answer: Answer, at offset: Int) -> [Answer] {
        if let index = asked.firstIndex(of: offset) { asked.remove(at: index) }
        let place = held.firstIndex { $0.offset > offset } ?? held.endIndex
        held.insert((offset, answer), at: place)
        let next = asked.min() ?? .max
        let ready = held.prefix { $0.offset < next }
        held.removeFirst(ready.count)
        return ready.map(\.answer)
    }

    /// Gives out what is held back, in order, where nothing else will come.
    mutating func drain() -> [Answer] {
        defer { held = [] }
        return held.map(\.answer)
    }
}
