/// The arrays and objects that are open, one bit each. Up to 64 levels need no memory of their own.
struct Nesting {
    /// How many are open.
    private(set) var depth = 0
    private var word: UInt64 = 0
    private var fullWords: [UInt64] = []

    /// Whether the innermost is an object. Meaningless while nothing is open.
    var isObject: Bool { word & 1 == 1 }

    /// Opens one more.
    mutating func push(isObject: Bool) {
        if depth > 0 && depth % 64 == 0 {
            fullWords.append(word)
        }
        word = word << 1 | (isObject ? 1 : 0)
        depth += 1
    }

    /// Closes the innermost.
    mutating func pop() {
        depth -= 1
        word >>= 1
        if depth > 0 && depth % 64 == 0, let full = fullWords.popLast() { word = full }
    }
}
