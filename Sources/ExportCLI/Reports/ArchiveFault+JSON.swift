import AuditArchive
import CivilTime

extension Range<Timestamp> {
    /// `{"from": …, "to": …}`.
    var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("from", lowerBound.description)
        object.add("to", upperBound.description)
        return object
    }
}

extension ArchiveFault {
    /// `{"kind": …, "path": …, "line": …, "detail": …, "remedy": …}`.
    var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("kind", kind.rawValue)
        object.add("path", path)
        object.add("line", line)
        object.add("detail", detail)
        object.add("remedy", remedy)
        return object
    }
}

extension ClosedRange<CalendarDay> {
    /// `{"from": …, "to": …}`.
    var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("from", lowerBound.description)
        object.add("to", upperBound.description)
        return object
    }
}

extension ArchiveOrganization {
    /// `{"id": …, "name": …}`.
    var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("id", id)
        object.add("name", name)
        return object
    }
}
