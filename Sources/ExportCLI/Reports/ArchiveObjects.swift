import AuditArchive
import CivilTime

extension TimeRange {
    /// `{"from": …, "to": …}`.
    var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("from", from.description)
        object.add("to", to.description)
        return object
    }
}

extension ArchiveFault {
    /// `{"kind": …, "path": …, "line": …, "detail": …}`.
    var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("kind", kind.rawValue)
        object.add("path", path)
        object.add("line", line)
        object.add("detail", detail)
        return object
    }
}
