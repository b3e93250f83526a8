import AuditReport
import JSONText

/// What stands below the events that `show` found.
enum ShowSummary {
    /// How many there were, and whether something may be missing.
    static func text(_ found: EventSearch.Result, isASCII: Bool) -> String {
        // Of all that stands in it only the reasons of a person may be anything.
        TextFrame(width: 1_000, isUnicode: !isASCII).shown("\(count(found)) \(found.completeness.note)") + "\n"
    }

    /// `14 events, 1 of them under impersonation.`
    static func count(_ found: EventSearch.Result) -> String {
        guard found.count > 0 else { return "No events." }
        let count = Units.count(found.count, "event")
        guard found.impersonated > 0 else { return "\(count)." }
        return found.count == 1
            ? "\(count), under impersonation."
            : "\(count), \(Units.count(found.impersonated)) of them under impersonation."
    }

    /// The end of the object, which begins with the events.
    static func jsonEnd(_ found: EventSearch.Result, _ query: EventQuery) -> String {
        var object = JSONObjectText()
        object.add("count", found.count)
        object.add("complete", isTrue: found.completeness.isComplete)
        object.add("note", found.completeness.note)
        if query.sinceGeneration != nil { object.add("generation", found.generation) }
        return "], \(object.text.dropFirst())\n"
    }

    /// The end of the object where the search failed on its way.
    static func jsonEnd(_ failure: Failure) -> String {
        var object = JSONObjectText()
        object.add("count", nil as Int?)
        object.add("complete", json: "false")
        object.add("note", "The search ended early: \(failure.headline).")
        object.add(error: failure)
        return "], \(object.text.dropFirst())\n"
    }
}
