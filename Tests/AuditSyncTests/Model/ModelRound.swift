/// One step of a case's course: time passes, the vendor does something, and then a command runs.
struct ModelRound: Sendable {
    /// What the vendor does.
    enum Change: Sendable {
        /// New events at the newest end.
        case arrive(Int, ties: Int)
        /// New events dated up to 20 h back, or four less than the look-back.
        case arriveLate(Int)
        /// New events of the whole time since the round before.
        case arriveAllAlong(Int)
        /// New events dated so many hours ahead.
        case arriveAhead(hours: Int)
        /// The oldest are removed.
        case purge(Int)
        /// Any are removed.
        case remove(Int)
        /// Any get another time.
        case move(Int)
        /// Any get another content.
        case edit(Int)
    }

    /// What becomes of the manifest before a rebuild.
    enum Damage: CaseIterable, Sendable {
        case none, deleted, overwritten, older
    }

    /// What is put back from an older copy.
    enum Restore: CaseIterable, Sendable {
        /// The whole archive.
        case all
        /// All but the private folder, which stays as it is.
        case allButPrivate
        /// All but the private folder, which is gone.
        case withoutPrivate
        /// The private folder alone.
        case onlyPrivate
    }

    /// What is run.
    enum Command: Sendable {
        case sync
        /// `from`, `to`: days back from the day of the command.
        case reconcile(repairs: Bool, from: Int?, to: Int?)
        /// What the API has no more is accepted.
        case acceptGone(from: Int?, to: Int?)
        case retryQuarantine
        case rebuild(Damage)
        case compact
        /// `keeping`: days.
        case prune(keeping: Int)
        /// `place`: which of the archived events, by their ids.
        case erase(place: Int)
        /// `from`, `to`: days back from the day of the command.
        case hold(from: Int, to: Int)
        /// `age`: which copy, 0 for the newest.
        case restore(Restore, age: Int)
    }

    /// Where a command is stopped.
    enum Stop: Sendable {
        /// From this request on none succeeds.
        case failure(Int)
        /// The task is cancelled at this request.
        case cancellation(Int)
        /// The task is cancelled after this many seconds.
        case duration(Int)
        /// The process is gone before this call of the file system.
        case death(Int)
    }

    var pause = 0
    var changes: [Change] = []
    var command = Command.sync
    var stop: Stop?
    /// Whether the server changes between any two requests.
    var isMoving = false
    /// Seconds that each request takes.
    var latency = 0
    /// Seconds by which the system's clock is ahead.
    var skew = 0
    var hasDate = true
    /// The filter's zone from this round on, in minutes.
    var zone: Int?
    /// Whether a sorted list is the other way round from this round on.
    var isTurned: Bool?
    /// The server's longest page from this round on.
    var limitCap: Int?
    /// The zone that it changes to at a request of the command.
    var zoneInRun: (request: Int, minutes: Int)?
    var cycles = false
    /// Pages that windows of a backfill have at most.
    var windowPages: Int?
    /// Hours from the event time at which the archive is to begin to the beginning of the case; `nil` for long before all
    /// events.
    var start: Int?
    /// Hours that syncs look back.
    var lookback = Self.shortestLookback
    var seed: UInt64 = 0

    /// Hours that syncs look back where nothing else is said.
    static let shortestLookback = 24

    /// Hours by which events may be late and still be found.
    var latest: Int { lookback - 4 }
}

extension ModelRound: CustomStringConvertible {
    var description: String {
        var words: [String] = []
        if pause > 0 { words.append("after \(pause) s") }
        words += changes.map { "\($0)" }
        if let zone { words.append("zone \(zone)") }
        if let isTurned { words.append(isTurned ? "list turned round" : "list as at first") }
        if let limitCap { words.append("server's most \(limitCap)") }
        if let windowPages { words.append("windows of \(windowPages) pages") }
        if let start { words.append("to begin \(start) h before") }
        if lookback != Self.shortestLookback { words.append("looking back \(lookback) h") }
        words.append("\(command)".uppercased())
        if let stop { words.append("stopped by \(stop)") }
        if isMoving { words.append("moving") }
        if latency > 0 { words.append("\(latency) s a request") }
        if skew != 0 { words.append("clock off by \(skew) s") }
        if !hasDate { words.append("no Date") }
        if let zoneInRun { words.append("zone \(zoneInRun.minutes) at request \(zoneInRun.request)") }
        if cycles { words.append("two pages in turn") }
        return words.joined(separator: ", ")
    }
}
