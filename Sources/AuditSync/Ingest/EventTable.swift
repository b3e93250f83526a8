import AuditArchive
import AuditRecords

/// What is remembered of each event of a window, by its key, in 36 to 40 bytes an event however many there are.
///
/// The entries lie in segments, so that growing copies none of them; the slots, four bytes each, are all that is built
/// anew. A dictionary would hold both copies of everything while it doubles, 200 MB for two million events.
struct EventTable: Sendable {
    /// What is remembered of an event.
    struct Entry: Sendable {
        /// The event.
        let key: EventKey
        /// Its content as it is written, if it is archived or on its way and ``value`` is not known.
        var digest: ContentDigest? {
            get { isValue ? nil : ContentDigest(word: digestWord) }
            set { (digestWord, isValue) = (newValue?.word ?? 0, false) }
        }
        /// Its content whatever the order of its members, once that had to be found out.
        var value: CanonicalDigest? {
            get { isValue ? CanonicalDigest(word: digestWord) : nil }
            set { (digestWord, isValue) = (newValue?.word ?? 0, newValue != nil) }
        }
        /// Whether it is archived or on its way.
        var isKnown: Bool { digestWord != 0 }
        /// The last pass that met it; 0 before the first.
        var lastPass: UInt32 = 0
        private var isValue = false
        /// An optional digest would take 16 bytes, padded.
        private var digestWord: UInt64 = 0

        fileprivate init(key: EventKey) {
            self.key = key
        }
    }

    /// 4 MiB a segment: the allocator maps what is that large apart from the heap, where segments between the pages that
    /// come and go would leave holes.
    private static let segmentBits = 17
    private static let segmentSize = 1 << segmentBits

    private var segments: [[Entry]] = []
    /// A power of two many, probed one after the other. One that is taken holds an entry's index plus 1 in its lower
    /// bits, as many as number the slots, and bits of the key's hash above them.
    private var slots: [UInt32] = []

    /// Events remembered.
    private(set) var count = 0

    /// A table of nothing.
    init() {}

    /// Where an event is remembered; `nil` if it is not.
    func index(of key: EventKey) -> Int? {
        guard !slots.isEmpty else { return nil }
        let slot = slot(of: key, hash: key.tableHash)
        return slots[slot] == 0 ? nil : index(in: slot)
    }

    /// Where an event is remembered from now on, if it was not before.
    mutating func insert(_ key: EventKey) -> Int {
        if count >= slots.count / 2 { grow() }
        let hash = key.tableHash
        let slot = slot(of: key, hash: hash)
        if slots[slot] != 0 { return index(in: slot) }
        if count == segments.count << Self.segmentBits {
            segments.append([])
            segments[segments.count - 1].reserveCapacity(Self.segmentSize)
        }
        segments[segments.count - 1].append(Entry(key: key))
        count += 1
        slots[slot] = UInt32(count) | tag(of: hash)
        assert(index(of: key) == count - 1, "an event is not found where it was put")
        return count - 1
    }

    /// How many of some events are probably remembered. To be asked before many are looked for: each of those lookups
    /// would wait for its slot to come from memory, this one asks for all the slots at once.
    func probableCount(of keys: some Sequence<EventKey>) -> Int {
        guard !slots.isEmpty else { return 0 }
        return keys.reduce(0) { $0 + (slots[firstSlot(for: $1.tableHash)] == 0 ? 0 : 1) }
    }

    /// The entry at an index that ``index(of:)`` or ``insert(_:)`` gave.
    subscript(index: Int) -> Entry {
        get { segments[index >> Self.segmentBits][index & (Self.segmentSize - 1)] }
        set { segments[index >> Self.segmentBits][index & (Self.segmentSize - 1)] = newValue }
    }

    /// The slot that holds the key's entry, or the free one where it belongs.
    private func slot(of key: EventKey, hash: UInt64) -> Int {
        let tag = tag(of: hash)
        var slot = firstSlot(for: hash)
        // An entry lies anywhere in the memory: the bits in the slot save looking at nearly all that have other keys.
        while slots[slot] != 0, slots[slot] & ~numberMask != tag || self[index(in: slot)].key != key {
            slot = slotAfter(slot)
        }
        return slot
    }

    private var numberMask: UInt32 { UInt32(slots.count - 1) }

    private func index(in slot: Int) -> Int { Int(slots[slot] & numberMask) - 1 }

    private func tag(of hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) & ~numberMask }

    private func firstSlot(for hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slots.count - 1) }

    private func slotAfter(_ slot: Int) -> Int { (slot + 1) & (slots.count - 1) }

    /// All keys differ, so none is compared.
    private mutating func grow() {
        slots = Array(repeating: 0, count: max(1 << 10, slots.count * 2))
        for index in 0..<count {
            let hash = self[index].key.tableHash
            var slot = firstSlot(for: hash)
            while slots[slot] != 0 { slot = slotAfter(slot) }
            slots[slot] = UInt32(index + 1) | tag(of: hash)
        }
        assert(slots.count & (slots.count - 1) == 0 && count < slots.count, "no slot is free for the next event")
    }
}
