import AuditArchive
import JSONText

/// Counts what a run kept aside, and tells it.
struct RefusedRecords: Sendable {
    private var counts: [QuarantineBatch.Reason: Int] = [:]
    private var examples: [QuarantineBatch.Reason: String] = [:]

    /// Other versions of events that were not kept, for there are enough of them.
    private(set) var surplus = 0

    /// Records newly kept aside.
    var kept: Int { counts.values.reduce(0, +) }

    /// Those of them that are new to the archive, and not other versions of what it has.
    var refused: Int { kept - counts[.changed, default: 0] }

    /// Those of them that are JSON.
    var refusedJSON: Int { refused - counts[.notJSON, default: 0] }

    /// Counts a record that was newly kept aside. `example`: what is wrong with it, taken from its text.
    mutating func record(_ reason: QuarantineBatch.Reason, example: @autoclosure () -> String?) {
        counts[reason, default: 0] += 1
        if examples[reason] == nil { examples[reason] = example() }
    }

    /// Counts another version that was not kept.
    mutating func recordSurplus() { surplus += 1 }

    /// What a person has to know, where `events` new events were archived beside.
    func warnings(events: Int) -> [String] {
        var warnings: [String] = []
        if refused > 0 {
            warnings.append(
                "\(refused) of \(refused + events) new records cannot be archived and are kept in quarantine: \(reasons)"
            )
        }
        let versions = counts[.changed, default: 0]
        if versions > 0 {
            let example = examples[.changed].map { ", such as \($0)" } ?? ""
            let more =
                surplus > 0
                ? "; \(surplus) more were only counted, since \(QuarantineBatch.mostVersions) versions of their events are "
                    + "kept: a field seems to differ whenever it is fetched" : ""
            warnings.append(
                "\(versions) records came back with other content under an id that is archived\(example): the archive "
                    + "keeps the first version, the other ones are in quarantine\(more)")
        }
        return warnings
    }

    /// Why new records were refused, the most frequent reason first.
    var reasons: String {
        let refused = counts.filter { $0.key != .changed }.sorted {
            ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
        }
        return refused.map { reason, count in
            "\(reason.rawValue) (\(count)\(examples[reason].map { ", such as \($0)" } ?? ""))"
        }.joined(separator: ", ")
    }

    /// A piece of a record's text for a person: short, and with nothing in it that a terminal would obey.
    static func excerpt(_ text: String) -> String {
        let start = text.unicodeScalars.prefix(48)
        let shown = VisibleText.oneLine(String(start))
        return "\"\(shown)\(start.count < text.unicodeScalars.count ? "…" : "")\""
    }
}
