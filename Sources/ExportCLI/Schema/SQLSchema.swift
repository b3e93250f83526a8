/// The table's definition for engines that read SQL.
struct SQLSchema: Sendable {
    private let schema: TableSchema

    init(_ schema: TableSchema) {
        self.schema = schema
    }

    /// A view of DuckDB.
    var duckDB: String {
        """
        CREATE OR REPLACE VIEW audit_logs AS
        SELECT *, try_cast(created_at AS TIMESTAMPTZ) AS event_time
        FROM read_json(
          \(Self.quoted(schema.files)),
          format = 'newline_delimited', maximum_object_size = 67108864,
          columns = {
        \(TableSchema.list(indent: 4) { "\($0.name): '\($0.isJSON ? "JSON" : "VARCHAR")'" })
          },
          hive_partitioning = true, hive_types = {date: DATE});

        """
    }

    /// A view of ClickHouse, chdb and `clickhouse local`.
    var clickHouse: String {
        """
        CREATE OR REPLACE VIEW audit_logs AS
        SELECT *, parseDateTime64BestEffortOrNull(created_at, 6, 'UTC') AS event_time,
          toDate(extract(_path, 'date=([0-9-]{10})')) AS date
        FROM file(
          \(Self.quoted(schema.files)), 'JSONEachRow',
          \(Self.quoted(TableSchema.columns.map { "\($0.name) Nullable(String)" }.joined(separator: ", "))));

        """
    }

    /// A table of Athena over whole lines, and a view of their fields. Days are found without `MSCK REPAIR`.
    var athena: String {
        """
        CREATE EXTERNAL TABLE audit_log_lines (line string)
        PARTITIONED BY (`date` string)
        ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\037' LINES TERMINATED BY '\\n'
        STORED AS TEXTFILE
        LOCATION \(Self.quoted(schema.table + "/"))
        TBLPROPERTIES (
          'projection.enabled' = 'true', 'projection.date.type' = 'date', 'projection.date.format' = 'yyyy-MM-dd',
          'projection.date.range' = '2015-01-01,NOW+1DAYS',
          'storage.location.template' = \(Self.quoted(schema.table + "/date=${date}/")));

        CREATE OR REPLACE VIEW audit_logs AS
        SELECT
        \(TableSchema.list(indent: 2, Self.prestoField)),
          try(from_iso8601_timestamp_nanos(json_extract_scalar(line, '$.created_at'))) AS event_time,
          cast("date" AS date) AS "date", line
        FROM audit_log_lines;

        """
    }

    /// A table of Trino's Hive connector over whole lines, and a view of their fields.
    var trino: String {
        """
        CREATE TABLE hive.default.audit_log_lines (line varchar, "date" date)
        WITH (
          format = 'TEXTFILE', textfile_field_separator = U&'\\001F', partitioned_by = ARRAY['date'],
          external_location = \(Self.quoted(schema.table)));

        -- After each copy: new days are partitions that are not known yet.
        CALL hive.system.sync_partition_metadata('default', 'audit_log_lines', 'FULL');

        CREATE OR REPLACE VIEW hive.default.audit_logs AS
        SELECT
        \(TableSchema.list(indent: 2, Self.prestoField)),
          try(from_iso8601_timestamp_nanos(json_extract_scalar(line, '$.created_at'))) AS event_time,
          "date", line
        FROM hive.default.audit_log_lines;

        """
    }

    /// A table of BigQuery over whole lines, and a view of their fields.
    var bigQuery: String {
        """
        CREATE OR REPLACE EXTERNAL TABLE audit.audit_log_lines (line STRING)
        WITH PARTITION COLUMNS (date DATE)
        OPTIONS (
          format = 'CSV', field_delimiter = '\\x1f', quote = '', compression = 'GZIP',
          uris = [\(Self.quoted(schema.table + "/*.ndjson.gz"))], hive_partition_uri_prefix = \(Self.quoted(schema.table)));

        CREATE OR REPLACE VIEW audit.audit_logs AS
        SELECT
        \(TableSchema.list(indent: 2, Self.bigQueryField)),
          SAFE_CAST(JSON_VALUE(line, '$.created_at') AS TIMESTAMP) AS event_time, date, line
        FROM audit.audit_log_lines;

        """
    }

    private static func prestoField(_ column: TableSchema.Column) -> String {
        column.isJSON
            ? "json_format(json_extract(line, '$.\(column.name)')) AS \(column.name)"
            : "json_extract_scalar(line, '$.\(column.name)') AS \(column.name)"
    }

    private static func bigQueryField(_ column: TableSchema.Column) -> String {
        "\(column.isJSON ? "JSON_QUERY" : "JSON_VALUE")(line, '$.\(column.name)') AS \(column.name)"
    }

    /// A literal.
    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}
