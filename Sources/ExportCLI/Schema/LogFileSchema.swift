import JSONText

/// The format of the data files for programs that show log files.
struct LogFileSchema: Sendable {
    /// A format file of lnav, to be kept as `~/.config/lnav/formats/installed/captivateiq.json`.
    var lnav: String {
        let values = TableSchema.list(indent: 6) { column in
            let isIdentifier = column.name.hasSuffix("_id") || ["ip_address", "event_type"].contains(column.name)
            let kind = column.isJSON ? "json" : "string"
            return "\"\(column.name)\": {\"kind\": \"\(kind)\"\(isIdentifier ? ", \"identifier\": true" : "")}"
        }
        return """
            {
              "$schema": "https://lnav.org/schemas/format-v1.schema.json",
              "captivateiq_audit": {
                "title": "CaptivateIQ audit log",
                "description": "Events of a captivateiq-export archive",
                "file-type": "json",
                "file-pattern": "audit_logs-.*\\\\.ndjson(\\\\.gz)?$",
                "hide-extra": true,
                "timestamp-field": "created_at",
                "body-field": "event_type",
                "line-format": [
                  {"field": "__timestamp__"}, " ", {"field": "user_email", "default-value": "-"}, " ",
                  {"field": "event_type"}, " ", {"field": "object_type", "default-value": ""}, " ",
                  {"field": "object_name", "default-value": ""}
                ],
                "value": {
            \(values)
                }
              }
            }

            """
    }
}
