/// The columns of the table, for all engines: the documented fields of an event as text, what is free-form as the text of its
/// JSON. No engine is left to guess a type from a sample of the files.
struct TableSchema: Sendable {
    /// One field of an event.
    struct Column: Sendable {
        /// The field's name.
        var name: String
        /// Whether it may be any JSON, and is given as its text.
        var isJSON = false
    }

    /// Where the archive is: a folder or a URL; empty for the folder in which the text is used.
    let location: String

    /// The documented fields, in the order in which the API sends them.
    static let columns =
        [
            "id", "object", "organization_id", "organization_name", "user_id", "user_name", "user_email",
            "logged_in_user_id",
            "logged_in_user_name", "logged_in_user_email", "ip_address", "created_at", "event_type", "version",
            "object_id",
            "object_name", "object_type"
        ].map { Column(name: $0) } + ["data", "parent_objects"].map { Column(name: $0, isJSON: true) }

    /// The table's folder.
    var table: String { location.isEmpty ? "audit_logs" : "\(location)/audit_logs" }

    /// All data files.
    var files: String { "\(table)/date=*/*.ndjson.gz" }

    /// The columns, each as `render` writes it, so many spaces in.
    static func list(indent: Int, separator: String = ",\n", _ render: (Column) -> String) -> String {
        columns.map { String(repeating: " ", count: indent) + render($0) }.joined(separator: separator)
    }
}

/// The programs for which there is a definition of the table.
enum SchemaEngine: String, CaseIterable, Sendable {
    case duckdb, spark, polars, pyarrow, pandas, clickhouse, athena, trino, bigquery, lnav

    /// The definition, ready to be used.
    func text(_ schema: TableSchema) -> String {
        switch self {
        case .duckdb: SQLSchema(schema).duckDB
        case .clickhouse: SQLSchema(schema).clickHouse
        case .athena: SQLSchema(schema).athena
        case .trino: SQLSchema(schema).trino
        case .bigquery: SQLSchema(schema).bigQuery
        case .spark: PythonSchema(schema).spark
        case .polars: PythonSchema(schema).polars
        case .pyarrow: PythonSchema(schema).pyArrow
        case .pandas: PythonSchema(schema).pandas
        case .lnav: LogFileSchema().lnav
        }
    }
}
