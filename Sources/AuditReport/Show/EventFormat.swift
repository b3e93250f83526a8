import AuditRecords
import CivilTime
import JSONText

/// How an event that was found is written.
package enum EventFormat: Sendable {
    /// Its archived bytes and a line feed.
    case ndjson
    /// Its archived JSON on a terminal or inside a larger document: the same value, in which nothing that a terminal
    /// would obey, or that hides or reorders text, stands as it is.
    case visibleJSON(end: String)
    /// A line of ``EventCSV``.
    case csv
    /// A line for people, and one for each change.
    case text(EventLine)

    /// Appends an event.
    func append(_ fields: EventFields, _ line: RawSpan, _ time: Timestamp, to output: inout [UInt8]) {
        switch self {
        case .ndjson:
            line.withUnsafeBytes { output.append(contentsOf: $0) }
            output.append(ASCII.lineFeed)
        case .visibleJSON(let end):
            output.append(contentsOf: Self.visible(line).utf8)
            output.append(contentsOf: end.utf8)
        case .csv:
            output.append(contentsOf: EventCSV.line(FoundEvent(fields, line, time)).utf8)
        case .text(let style):
            output.append(contentsOf: style.text(FoundEvent(fields, line, time)).utf8)
        }
    }

    /// Compact JSON holds such characters in its strings alone, where each can be written as an escape.
    private static func visible(_ line: RawSpan) -> String {
        let text = line.text
        guard text.unicodeScalars.contains(where: VisibleText.isHidden) else { return text }
        var output = ""
        for scalar in text.unicodeScalars {
            if VisibleText.isHidden(scalar) {
                // Between quotation marks; the two are taken off again.
                output += VisibleText.quotedJSON(String(scalar)).dropFirst().dropLast()
            } else {
                output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}

/// An event's members as texts, safe to look at and each on one line; nil where it has none.
struct FoundEvent: Sendable {
    /// Who somebody is.
    struct Person: Sendable {
        var id, name, email: String?

        /// The best there is to call them.
        var label: String? { [name, email, id].lazy.compactMap(\.self).first { !$0.isEmpty } }

        init(_ person: EventFields.Person, in line: RawSpan) {
            id = person.id.map { VisibleText.oneLine($0.string(in: line)) }
            name = person.name.map { VisibleText.oneLine($0.string(in: line)) }
            email = person.email.map { VisibleText.oneLine($0.string(in: line)) }
        }
    }

    var time: Timestamp
    var id, createdAt, type, ip: String?
    var objectID, objectName, objectType: String?
    var user, loggedInUser: Person
    var isImpersonated: Bool
    var changes: EventChanges

    init(_ fields: EventFields, _ line: RawSpan, _ time: Timestamp) {
        func text(_ string: JSONString?) -> String? { string.map { VisibleText.oneLine($0.string(in: line)) } }
        self.time = time
        id = text(fields.id)
        createdAt = text(fields.createdAt)
        type = text(fields.eventType)
        ip = text(fields.ipAddress)
        objectID = text(fields.object.id)
        objectName = text(fields.object.name)
        objectType = text(fields.object.type)
        user = Person(fields.user, in: line)
        loggedInUser = Person(fields.loggedInUser, in: line)
        isImpersonated = fields.isImpersonated(in: line)
        changes = fields.data.map { EventChanges(data: line.extracting($0)) } ?? EventChanges()
    }
}
