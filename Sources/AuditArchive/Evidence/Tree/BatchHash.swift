import CMultiBufferSHA256

/// Hashes of many leaves or nodes at once, which is faster where the processor can do that.
enum BatchHash {
    /// How many messages the processor hashes at once: 16, 2 or 0. With 0 nothing else here may be called.
    static let width = multi_buffer_sha256_width()

    /// Whether a width of 2 can be asked for, also where ``width`` is more.
    static let hasPairs = multi_buffer_sha256_has_pairs()

    /// SHA-256 of each of the messages that lie one after the other and end at `ends`, of which there is at least one.
    static func hashes(of messages: [UInt8], ends: [Int], width: Int = width) -> [TreeHash] {
        precondition(ends.last == messages.count, "the messages do not end where their bytes do")
        let ends = ends.map { UInt($0) }
        return [TreeHash](unsafeUninitializedCapacity: ends.count) { hashes, count in
            // A hash is its 32 bytes and nothing else (`TreeHash`), so that all of it is written.
            multi_buffer_sha256(width, messages, ends, ends.count, hashes.baseAddress)
            count = ends.count
        }
    }

    /// What ``TreeHash/node(_:_:)`` gives for each two of an even number of hashes.
    static func nodes(over hashes: [TreeHash], width: Int = width) -> [TreeHash] {
        var messages: [UInt8] = []
        messages.reserveCapacity(hashes.count / 2 * nodeSize)
        for (index, hash) in hashes.enumerated() {
            if index % 2 == 0 { messages.append(1) }
            withUnsafeBytes(of: hash) { messages.append(contentsOf: $0) }
        }
        return self.hashes(of: messages, ends: (1...hashes.count / 2).map { $0 * nodeSize }, width: width)
    }

    private static let nodeSize = 1 + 2 * TreeHash.byteCount
}
