package import AuditArchive

/// What is remembered of each event of a window, by its key, in 36 to 40 bytes an event however many there are.
///
/// The entries lie in segments, so that growing copies none of them; the slots, four bytes each, are all that is built
/// anew. A dictionary would hold both copies of everything while it doubles, 200 MB for two million events.
package struct EventTable: Sendable {
    /// What is remembered of an event.
    package struct Entry: Sendable {
        /// The event.
        package let key: EventKey
        /// Its content, if it is archived or on its way.
        package var digest: ContentDigest? {
            get { ContentDigest(word: digestWord) }
            set { digestWord = newValue?.word ?? 0 }
        }
        /// The last walk that met it; 0 before the first.
        package var seenInWalk: UInt32 = 0
        /// An optional digest would take 16 bytes, padded.
        private var digestWord: UInt64 = 0

        fileprivate init(key: EventKey) {
            self.key = key
        }
    }

    private static let segmentBits = 15
    private static let segmentSize = 1 << segmentBits

    private var segments: [[Entry]] = []
    /// The number of an entry plus 1, or 0; linear probing, a power of two many.
    private var slots: [UInt32] = []

    /// Events remembered.
    package private(set) var count = 0

    /// A table of nothing.
    package init() {}

    /// Where an event is remembered; `nil` if it is not.
    package func index(of key: EventKey) -> Int? {
        guard !slots.isEmpty else { return nil }
        let number = slots[slot(of: key)]
        return number == 0 ? nil : Int(number) - 1
    }

    /// Where an event is remembered from now on, if it was not before.
    package mutating func insert(_ key: EventKey) -> Int {
        if count >= slots.count / 2 { grow() }
        let slot = slot(of: key)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        if count == segments.count << Self.segmentBits {
            segments.append([])
            segments[segments.count - 1].reserveCapacity(Self.segmentSize)
        }
        segments[segments.count - 1].append(Entry(key: key))
        count += 1
        slots[slot] = UInt32(count)
        return count - 1
    }

    /// The entry at an index that ``index(of:)`` or ``insert(_:)`` gave.
    package subscript(index: Int) -> Entry {
        get { segments[index >> Self.segmentBits][index & (Self.segmentSize - 1)] }
        set { segments[index >> Self.segmentBits][index & (Self.segmentSize - 1)] = newValue }
    }

    /// The slot that holds the key's entry, or the free one where it belongs.
    private func slot(of key: EventKey) -> Int {
        var slot = firstSlot(of: key)
        while slots[slot] != 0, self[Int(slots[slot]) - 1].key != key { slot = slotAfter(slot) }
        return slot
    }

    private func firstSlot(of key: EventKey) -> Int { Int(truncatingIfNeeded: key.tableHash) & (slots.count - 1) }

    private func slotAfter(_ slot: Int) -> Int { (slot + 1) & (slots.count - 1) }

    /// All keys differ, so none is compared: that would read entries all over the memory.
    private mutating func grow() {
        slots = Array(repeating: 0, count: max(1 << 10, slots.count * 2))
        for index in 0..<count {
            var slot = firstSlot(of: self[index].key)
            while slots[slot] != 0 { slot = slotAfter(slot) }
            slots[slot] = UInt32(index + 1)
        }
    }
}
