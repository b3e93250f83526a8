import AuditArchive
import AuditReport
import CivilTime

/// The exceptions of a statement as a JSON object.
struct StatementExceptionsObject {
    private let exceptions: StatementExceptions

    init(_ exceptions: StatementExceptions) {
        self.exceptions = exceptions
    }

    /// The object in one line.
    var text: String {
        var object = JSONObjectText()
        object.add("late", json: late)
        object.add("changed_by_vendor", json: changed)
        object.add("moved", json: moved)
        object.add("gone_at_vendor", objects: exceptions.gone.map(Self.object))
        object.add("quarantined", objects: exceptions.quarantined.map(Self.object))
        object.add("pruned", objects: exceptions.pruned.map(Self.object))
        object.add("erased", objects: exceptions.erased.map(Self.object))
        object.add("held", objects: exceptions.held.map(Self.object))
        object.add("pending", objects: exceptions.pending.map(\.object))
        return object.text
    }

    private var late: String {
        var object = JSONObjectText()
        object.add("events", exceptions.late.events)
        object.add("longest_seconds", seconds: exceptions.late.longest)
        object.add("before_the_archive", exceptions.late.backfilled)
        object.add("unknown", exceptions.late.unknown)
        object.add("ids", list: exceptions.late.ids)
        return object.text
    }

    private var changed: String {
        var object = JSONObjectText()
        object.add("events", exceptions.changed.events)
        object.add("ids", list: exceptions.changed.ids)
        return object.text
    }

    private var moved: String {
        var object = JSONObjectText()
        object.add("events", exceptions.changed.moved)
        object.add("into_the_period", exceptions.changed.movedIn)
        return object.text
    }

    private static func object(_ gone: StatementExceptions.Gone) -> JSONObjectText {
        var object = JSONObjectText()
        object.add("from", gone.from.description)
        object.add("to", gone.to.description)
        object.add("events", gone.events)
        object.add("accepted", isTrue: gone.isAccepted)
        return object
    }

    private static func object(_ kept: StatementExceptions.Quarantined) -> JSONObjectText {
        var object = JSONObjectText()
        object.add("reason", kept.reason)
        object.add("records", kept.records)
        return object
    }

    private static func object(_ run: PrunedRun) -> JSONObjectText {
        var object = JSONObjectText()
        object.add("from", run.from.description)
        object.add("to", run.to.description)
        object.add("records", run.records)
        object.add("pruned_at", run.prunedAt.description)
        object.add("reason", run.reason)
        return object
    }

    private static func object(_ erased: EvidenceReview.Erased) -> JSONObjectText {
        var object = JSONObjectText()
        object.add("date", erased.date.description)
        object.add("events", erased.events)
        object.add("erased_at", erased.at.description)
        object.add("reason", erased.reason)
        return object
    }

    private static func object(_ hold: Hold) -> JSONObjectText {
        var object = JSONObjectText()
        object.add("name", hold.name)
        object.add("from", hold.from.description)
        object.add("to", hold.to.description)
        object.add("reason", hold.reason)
        return object
    }
}
