import AuditArchive
import AuditRecords
import JSONText
import Synchronization

/// Remembers, from one run to the next, what stood in the place of a record and was no JSON: only what is the same in two
/// runs is taken for all that will ever come. In a private file, by digest; losing it costs another run's failure.
final class MalformedMemory: Sendable {
    /// Some bytes, without them.
    struct Entry: Hashable, Sendable {
        /// Their digest.
        var digest: String
        /// How many they are; 0 if that is not known.
        var length: Int
    }

    /// More are not remembered.
    private static let most = 256

    private struct State {
        /// What earlier runs left; read when it is asked for.
        var before: Set<Entry>?
        var now: [Entry] = []
    }

    private let state = Mutex(State())
    private let hints: HintStore

    /// What earlier runs left in `hints`.
    init(_ hints: HintStore) {
        self.hints = hints
    }

    /// All that is remembered.
    var entries: [Entry] {
        state.withLock { state in
            let before = entriesBefore(&state)
            return state.now + before.subtracting(state.now)
        }
    }

    /// Notes such bytes, at once. Says whether an earlier run got the same.
    func note(_ bytes: [UInt8]) -> Bool {
        let entry = Entry(bytes[...])
        return state.withLock { state in
            let before = entriesBefore(&state)
            if !state.now.contains(entry) {
                state.now.append(entry)
                // Those of earlier runs stay, for this one may not come to all places.
                let others = before.subtracting(state.now).sorted { $0.digest < $1.digest }
                let all = Array((state.now + others).prefix(Self.most))
                if Set(all) != before { hints.save(malformed: all) }
            }
            return before.contains { $0.digest == entry.digest }
        }
    }

    private func entriesBefore(_ state: inout State) -> Set<Entry> {
        let before = state.before ?? Set(hints.malformed)
        state.before = before
        return before
    }
}

extension MalformedMemory.Entry {
    /// What is remembered of `bytes`.
    init(_ bytes: ArraySlice<UInt8>) {
        self.init(digest: EventKey(id: bytes.span.bytes).hexadecimal, length: bytes.count)
    }

    fileprivate var text: String { "\(digest) \(length)" }

    fileprivate init(text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        self.init(digest: parts.first.map(String.init) ?? "", length: parts.dropFirst().first.flatMap { Int($0) } ?? 0)
    }
}

extension HintStore {
    /// What was malformed in earlier runs.
    var malformed: [MalformedMemory.Entry] {
        guard let bytes = contents(.malformed) else { return [] }
        var texts: [String] = []
        do {
            var reader = JSONReader(bytes)
            try reader.readArray { (reader) throws(JSONTextError) in texts.append(try reader.readString()) }
            try reader.finish()
            return texts.map(MalformedMemory.Entry.init(text:))
        } catch {
            return []
        }
    }

    /// Replaces what was malformed.
    func save(malformed entries: [MalformedMemory.Entry]) {
        let list = entries.map { JSONOutput.quoted($0.text) }.joined(separator: ", ")
        replace(.malformed, with: Array("[\(list)]\n".utf8))
    }
}
