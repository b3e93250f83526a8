/// What is to be found out about the lines of a file.
enum LineHashing: Sendable {
    /// Nothing.
    case none
    /// The root over all of them.
    case root
    /// The hash of each.
    case leaves
}

/// The hashes of a file's lines, as they are read.
enum LineHashes: Sendable, Equatable {
    case none
    case root(LineTree)
    case leaves([TreeHash])

    /// Before the first line.
    init(_ hashing: LineHashing) {
        switch hashing {
        case .none: self = .none
        case .root: self = .root(LineTree())
        case .leaves: self = .leaves([])
        }
    }

    /// Adds a line, given without its end.
    mutating func append(_ line: RawSpan) {
        switch self {
        case .none: return
        case .root(var tree):
            // So that the list of hashes has one owner and is not copied.
            self = .none
            tree.append(line)
            self = .root(tree)
        case .leaves(var leaves):
            self = .none
            leaves.append(.leaf(line))
            self = .leaves(leaves)
        }
    }

    /// How many lines there were, where that is known.
    var count: Int? {
        switch self {
        case .none: nil
        case .root(let tree): tree.count
        case .leaves(let leaves): leaves.count
        }
    }

    /// The root over the lines, where it is known.
    var root: TreeHash? {
        switch self {
        case .none: nil
        case .root(let tree): tree.root
        case .leaves(let leaves): TreeEdge(leaves).root
        }
    }
}
