import AuditArchive
import AuditReport

/// The files of a statement beside the population, as they are written.
struct StatementFiles {
    /// The events of the period.
    static let population = "population.ndjson.gz"
    private static let text = "statement.txt"
    private static let object = "statement.json"
    private static let sums = "SHA256SUMS"

    /// Their names and bytes.
    let list: [(name: String, bytes: [UInt8])]

    init(_ statement: Statement) {
        let text = Array(StatementText(statement).text.utf8)
        let object = Array(StatementObject(statement).text.utf8)
        // As sha256sum prints them.
        let sums =
            "\(TreeHash.plain(text.span.bytes).hexadecimal)  \(Self.text)\n"
            + "\(TreeHash.plain(object.span.bytes).hexadecimal)  \(Self.object)\n"
            + "\(statement.population.digest.sha256)  \(Self.population)\n"
        list = [(Self.text, text), (Self.object, object), (Self.sums, Array(sums.utf8))]
    }
}
