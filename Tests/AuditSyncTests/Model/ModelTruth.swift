import CaptivateIQSimulator
import CivilTime
import SyncTestSupport

/// What the server has and ever had, as far as looks at it between commands tell.
struct ModelTruth {
    /// A line that an archive may hold.
    struct Line {
        var id: String
        var time: Timestamp
    }

    /// Before all events; in the end every archive begins there.
    static let start = SyncHarness.begin - .seconds(86_400 * 40)

    /// How late after its time an event may become visible and still be found, whatever a sync is given.
    static let lookback = Duration.seconds(3_600 * ModelRound.shortestLookback)

    /// The events at the last look, by id.
    private(set) var events: [String: SimulatedHistory] = [:]
    /// Every content that was ever listed.
    private(set) var lines: [String: Line] = [:]
    /// When an event was first seen at the time that it has now.
    private(set) var firstSeen: [String: Timestamp] = [:]
    /// Events that did not appear at the newest end, or left it since.
    private(set) var late: Set<String> = []
    /// Events that no sync has to find: they got a time that was older than the look-back while they were not archived, or
    /// before anybody could see them, so that they are late by more than the look-back.
    private(set) var excused: Set<String> = []
    /// Whether an event was ever listed no more, or elsewhere.
    private(set) var hasRemovals = false

    private let isUnordered: Bool

    /// `isUnordered`: members may come in any order.
    init(isUnordered: Bool) { self.isUnordered = isUnordered }

    /// The ids of what is listed.
    var listed: Set<String> { Set(events.values.lazy.filter(\.isListed).map(\.id)) }

    /// The newest time that is listed.
    private var newest: Int64 { events.values.lazy.filter(\.isListed).map(\.createdAt).max() ?? .min }

    /// Looks at the server. `archived`: the ids that the archive holds; `hasRun`: whether a command ran since the last look,
    /// between whose requests events arrived one after the other.
    mutating func look(_ core: SimulatorCore, _ now: SimulatorInstant, archived: Set<String>, hasRun: Bool) {
        let time = Timestamp(microseconds: now.wall)
        let newest = newest
        let histories = core.histories(at: now)
        let newestNow = hasRun ? histories.lazy.filter(\.isListed).map(\.createdAt).max() ?? newest : newest
        for event in histories {
            let old = events.updateValue(event, forKey: event.id)
            if old?.versions.count != event.versions.count { learn(event) }
            if old.map({ $0.createdAt != event.createdAt || $0.isListed && !event.isListed }) ?? false {
                hasRemovals = true
            }
            guard old?.createdAt != event.createdAt else { continue }
            firstSeen[event.id] = time
            if event.createdAt <= newest || event.createdAt < newestNow { late.insert(event.id) }
            let hasMoved = old != nil || event.times.contains { $0 != event.createdAt }
            let isTooLate = hasMoved && Timestamp(microseconds: event.createdAt) < time - Self.lookback
            if isTooLate && !archived.contains(event.id) { excused.insert(event.id) }
        }
    }

    /// A copy was put back that lacks these events. Those that moved since may lie where no sync looks any more.
    mutating func noteLoss(of ids: Set<String>) {
        for id in ids where Set(events[id]?.times ?? []).count > 1 { excused.insert(id) }
    }

    /// A line, or its members in one order where they come in any.
    func canonical(_ line: String) -> String {
        isUnordered ? JSONMembers.sorted(line) : line
    }

    private mutating func learn(_ event: SimulatedHistory) {
        for (version, time) in zip(event.versions, event.times) {
            let line = canonical(String(decoding: version, as: UTF8.self))
            lines[line] = Line(id: event.id, time: Timestamp(microseconds: time))
        }
    }
}

/// The members of an object's compact text.
enum JSONMembers {
    /// The text with its members sorted by their bytes.
    static func sorted(_ object: String) -> String {
        let bytes = Array(object.utf8)
        var members: [[UInt8]] = []
        var (start, depth, isInString, isEscaped) = (1, 0, false, false)
        for (index, byte) in bytes.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
                isInString = byte != UInt8(ascii: "\"")
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                depth += 1
            } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                depth -= 1
            } else if byte == UInt8(ascii: ",") && depth == 1 {
                members.append(Array(bytes[start..<index]))
                start = index + 1
            }
        }
        members.append(Array(bytes[min(start, bytes.count)..<max(start, bytes.count - 1)]))
        let texts = members.map { String(decoding: $0, as: UTF8.self) }.sorted()
        return "{" + texts.joined(separator: ",") + "}"
    }
}
