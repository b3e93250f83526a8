import AuditArchive
import AuditRecords
import JSONText
import Synchronization

/// Remembers, from one run to the next, what stood in the place of a record and was no JSON: only what is the same in two
/// runs is taken for all that will ever come. In a private file, by digest; losing it costs another run's failure.
final class MalformedMemory: Sendable {
    /// More are not remembered.
    private static let most = 256

    private struct State {
        /// What earlier runs left; read when it is asked for, which most runs never do.
        var before: Set<String>?
        var now: [String] = []
    }

    private let state = Mutex(State())
    private let hints: HintStore

    /// What earlier runs left in `hints`.
    init(_ hints: HintStore) {
        self.hints = hints
    }

    /// Notes such bytes, at once. Says whether an earlier run got the same.
    func note(_ bytes: [UInt8]) -> Bool {
        let digest = EventKey(id: bytes.span.bytes).hexadecimal
        return state.withLock { state in
            let before = state.before ?? Set(hints.malformed)
            state.before = before
            if !state.now.contains(digest) {
                state.now.append(digest)
                // Those of earlier runs stay, for this one may not come to all places.
                let all = state.now + before.subtracting(state.now).sorted()
                hints.save(malformed: Array(all.prefix(Self.most)))
            }
            return before.contains(digest)
        }
    }
}

extension HintStore {
    /// Digests of what was malformed in earlier runs.
    var malformed: [String] {
        guard let bytes = contents(.malformed) else { return [] }
        var digests: [String] = []
        do {
            var reader = JSONReader(bytes)
            try reader.readArray { (reader) throws(JSONTextError) in digests.append(try reader.readString()) }
            try reader.finish()
            return digests
        } catch {
            return []
        }
    }

    /// Replaces the digests of what was malformed.
    func save(malformed digests: [String]) {
        replace(.malformed, with: Array("[\(digests.map(JSONOutput.quoted).joined(separator: ", "))]\n".utf8))
    }
}
