import JSONText

/// What tells one value of a record from another within a run of the program, whatever the order of its members: a keyed
/// hash, new in each process.
///
/// Two texts are the same value if their members are, in any order and at every level; numbers and literals are compared as
/// they are written, strings by what they say. A key that stands twice is a sequence: the order of its values counts.
/// It costs several times what ``ContentDigest`` does, and is asked for only where that one differs.
package struct CanonicalDigest: Hashable, Sendable {
    /// The digest in eight bytes, never 0.
    package let word: UInt64

    /// The digest of a record's text.
    package init(of record: RawSpan) {
        var builder = Builder()
        do {
            try JSONTokens.visit(record) { builder.take($0, in: record) }
            word = max(1, builder.value)
        } catch {
            // What is no JSON is the same as its own bytes alone.
            word = ContentDigest(line: record).word
        }
    }

    /// The digest that ``word`` stands for; `nil` for 0.
    package init?(word: UInt64) {
        guard word != 0 else { return nil }
        self.word = word
    }
}

private struct Builder {
    private struct Level {
        var isObject: Bool
        /// The first of its members among ``Builder/members``.
        var start: Int
        /// The hash of the elements so far, of an array.
        var elements: UInt64 = 0
        /// The key whose value comes next, of an object.
        var key: UInt64 = 0
    }

    private struct Member {
        var key: UInt64
        var value: UInt64
        var position: Int
    }

    /// Numbers that keep the kinds of values apart.
    private enum Kind: UInt64 {
        case scalar = 1, string, array, object
    }

    /// The hash of the whole text, once all of it was taken.
    private(set) var value: UInt64 = 0
    private var levels: [Level] = []
    private var members: [Member] = []

    mutating func take(_ token: JSONToken, in text: RawSpan) {
        switch token {
        case .openObject: levels.append(Level(isObject: true, start: members.count))
        case .openArray: levels.append(Level(isObject: false, start: members.count))
        case .close: close()
        case .key(let key): levels[levels.count - 1].key = key.withDecodedBytes(in: text) { KeyedHash.hash($0) }
        case .string(let string): add(.string, string.withDecodedBytes(in: text) { KeyedHash.hash($0) })
        case .scalar(let range): add(.scalar, KeyedHash.hash(text.extracting(range)))
        }
    }

    private mutating func close() {
        guard let level = levels.popLast() else { return }
        guard level.isObject else { return add(.array, level.elements) }
        // Equal keys stay in their order.
        let sorted = members[level.start...].sorted { ($0.key, $0.position) < ($1.key, $1.position) }
        members.removeSubrange(level.start...)
        add(.object, sorted.reduce(0) { KeyedHash.hash(KeyedHash.hash($0, $1.key), $1.value) })
    }

    private mutating func add(_ kind: Kind, _ hash: UInt64) {
        let value = KeyedHash.hash(kind.rawValue, hash)
        guard let level = levels.indices.last else {
            self.value = value
            return
        }
        if levels[level].isObject {
            members.append(Member(key: levels[level].key, value: value, position: members.count))
        } else {
            levels[level].elements = KeyedHash.hash(levels[level].elements, value)
        }
    }
}
