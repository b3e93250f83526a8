import Foundation

/// What the cases of the model may have in them. By default everything; `MODEL_FEATURES` narrows it: `restore,zones` for
/// these alone, `-restore,-zones` for all but these, and the empty text for none. A seed is the same case but for what is
/// left out.
enum ModelFeature: String, CaseIterable, Sendable {
    /// Commands are stopped by the API or by cancellation.
    case stops
    /// Commands die at a call of the file system.
    case deaths
    /// The oldest events, or any, are removed.
    case removals
    /// Events become visible up to 20 h late, or four less than the look-back.
    case late
    /// Pages repeat or leave out rows at their edges.
    case slips
    /// Equal times come in another order each time.
    case ties
    /// Sorted lists are turned round between commands.
    case orders
    /// The server's longest page changes between commands.
    case limits
    /// Records without an id or a time.
    case odd
    /// The filter's zone changes between commands, or has a summer time.
    case zones
    /// The filter's zone changes while a command runs.
    case zonesInRun
    /// `total_count` is not exact, or `next` goes by it.
    case totals
    /// Rows at deep offsets are not listed.
    case offsets
    /// Totals are cut like the rows at deep offsets, and `next` goes by them.
    case silentCuts
    /// Rows are listed twice.
    case doubled
    /// Two pages are listed in turn for ever, while one command runs.
    case cycles
    /// Events get another `created_at`.
    case moves
    /// Events get another content.
    case edits
    /// Members come in another order each time.
    case members
    /// `reconcile`.
    case reconcile
    /// `reconcile --repair`.
    case repair
    /// `reconcile --accept-gone`.
    case acceptGone
    /// `reconcile --retry-quarantine`.
    case retryQuarantine
    /// `rebuild`.
    case rebuild
    /// `compact`.
    case compact
    /// `prune`.
    case prune
    /// `evidence erase`.
    case erase
    /// `evidence hold`.
    case hold
    /// An older copy is put back.
    case restore
    /// The system's clock is wrong.
    case clocks
    /// Answers have no `Date`.
    case dateless
    /// Weeks without a sync.
    case pauses
    /// Events are dated in the future.
    case future
    /// `backfill_start_time` changes from one command to the next.
    case starts
    /// `lookback` grows from one command to the next, and events are late by more than before.
    case lookbacks

    /// Those that are on in this process.
    static let current = features(ProcessInfo.processInfo.environment["MODEL_FEATURES"])

    /// Those that a text names.
    static func features(_ text: String?) -> Set<ModelFeature> {
        guard let text else { return Set(allCases) }
        let words = text.split(separator: ",").map(String.init)
        let named = { (prefix: String) in
            Set(
                words.filter { $0.hasPrefix(prefix) }.compactMap {
                    ModelFeature(rawValue: String($0.dropFirst(prefix.count)))
                })
        }
        return words.contains { $0.hasPrefix("-") } ? Set(allCases).subtracting(named("-")) : named("")
    }
}
