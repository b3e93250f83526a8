import CivilTime
import JSONText

/// Events as CSV (RFC 4180): one line an event, whatever stands in it.
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe. Characters that hide or reorder text are
/// written as escapes, so that no cell holds a line end.
package enum EventCSV {
    private static let columns = [
        "created_at", "event_type", "object_type", "object_name", "object_id", "user_name", "user_email", "user_id",
        "impersonated", "logged_in_user_name", "logged_in_user_email", "logged_in_user_id", "ip_address", "changes",
        "id"
    ]

    /// The first line, which names the columns.
    package static var header: String { columns.joined(separator: ",") + lineEnd }

    private static let lineEnd = "\r\n"
    /// What begins a formula in one spreadsheet or another, also as it is written in East Asian scripts.
    private static let formulaStarts: Set<Character> = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]

    static func line(_ event: FoundEvent) -> String {
        let changes = event.changes.list.map { "\($0.field): \($0.old) → \($0.new)" }.joined(separator: "; ")
        let cells = [
            event.time.description, event.type, event.objectType, event.objectName, event.objectID, event.user.name,
            event.user.email, event.user.id, event.isImpersonated ? "true" : "false", event.loggedInUser.name,
            event.loggedInUser.email, event.loggedInUser.id, event.ip, changes, event.id
        ]
        return cells.map { cell($0 ?? "") }.joined(separator: ",") + lineEnd
    }

    /// A cell's text, harmless and quoted where it has to be.
    static func cell(_ text: String) -> String {
        let visible = VisibleText.oneLine(text)
        // White space before a formula does not make it text for every spreadsheet.
        let isFormula = visible.first { !$0.isWhitespace }.map(formulaStarts.contains) ?? false
        let safe = isFormula ? "'" + visible : visible
        guard safe.contains(where: { ",\"\r\n;".contains($0) }) || safe != text else { return safe }
        return "\"\(safe.replacing("\"", with: "\"\""))\""
    }
}
