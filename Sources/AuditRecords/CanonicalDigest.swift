import Crypto
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
        word = max(1, Builder<KeyedHash>.hash(of: record))
    }

    /// The digest that ``word`` stands for; `nil` for 0.
    package init?(word: UInt64) {
        guard word != 0 else { return nil }
        self.word = word
    }
}

extension EventKey {
    /// What stands for a record that is no event among the keys, in this run of the program and in later ones: the same for the
    /// same value, whatever the order of its members.
    package init(standingFor record: RawSpan) {
        var word = Builder<LastingHash>.hash(of: record).littleEndian
        let bytes = withUnsafeBytes(of: &word) { Array($0) }
        self.init(id: bytes.span.bytes)
    }
}

/// How the parts of a value are hashed.
private protocol ValueHash {
    static func hash(_ one: UInt64, _ other: UInt64) -> UInt64
    static func hash(_ bytes: RawSpan) -> UInt64
}

extension KeyedHash: ValueHash {}

/// A hash that is the same in every process.
private enum LastingHash: ValueHash {
    static func hash(_ one: UInt64, _ other: UInt64) -> UInt64 {
        var words = (one.littleEndian, other.littleEndian)
        return withUnsafeBytes(of: &words) { word(of: SHA256.hash(data: $0)) }
    }

    static func hash(_ bytes: RawSpan) -> UInt64 {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return word(of: hash.finalize())
    }

    private static func word(of digest: SHA256.Digest) -> UInt64 {
        digest.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    }
}

private struct Builder<Hash: ValueHash> {
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
    private var value: UInt64 = 0
    private var levels: [Level] = []
    private var members: [Member] = []

    /// The hash of a text; that of its bytes where it is no JSON.
    static func hash(of text: RawSpan) -> UInt64 {
        var builder = Builder()
        do {
            try JSONTokens.visit(text) { builder.take($0, in: text) }
            return builder.value
        } catch {
            return Hash.hash(text)
        }
    }

    private mutating func take(_ token: JSONToken, in text: RawSpan) {
        switch token {
        case .openObject: levels.append(Level(isObject: true, start: members.count))
        case .openArray: levels.append(Level(isObject: false, start: members.count))
        case .close: close()
        case .key(let key): levels[levels.count - 1].key = key.withDecodedBytes(in: text) { Hash.hash($0) }
        case .string(let string): add(.string, string.withDecodedBytes(in: text) { Hash.hash($0) })
        case .scalar(let range): add(.scalar, Hash.hash(text.extracting(range)))
        }
    }

    private mutating func close() {
        guard let level = levels.popLast() else { return }
        guard level.isObject else { return add(.array, level.elements) }
        // Equal keys stay in their order.
        let sorted = members[level.start...].sorted { ($0.key, $0.position) < ($1.key, $1.position) }
        members.removeSubrange(level.start...)
        add(.object, sorted.reduce(0) { Hash.hash(Hash.hash($0, $1.key), $1.value) })
    }

    private mutating func add(_ kind: Kind, _ hash: UInt64) {
        let value = Hash.hash(kind.rawValue, hash)
        guard let level = levels.indices.last else {
            self.value = value
            return
        }
        if levels[level].isObject {
            members.append(Member(key: levels[level].key, value: value, position: members.count))
        } else {
            levels[level].elements = Hash.hash(levels[level].elements, value)
        }
    }
}
