import JSONText

/// The table's definition for libraries of Python.
struct PythonSchema: Sendable {
    private let schema: TableSchema

    init(_ schema: TableSchema) {
        self.schema = schema
    }

    /// A StructType and a data frame of Spark.
    var spark: String {
        """
        from pyspark.sql import functions as F
        from pyspark.sql.types import DateType, StringType, StructField, StructType

        # Free-form members stay the text of their JSON: a type that is inferred would change from day to day.
        schema = StructType([
        \(TableSchema.list(indent: 4) { "StructField(\"\($0.name)\", StringType())" }),
            StructField("date", DateType()),
        ])
        audit_logs = (
            spark.read.schema(schema)
            .options(mode="FAILFAST", maxStringLen=1 << 30, maxNestingDepth=100_000, maxNumLen=1 << 20)
            .json(\(JSONOutput.quoted(schema.table)))
            .withColumn("event_time", F.try_to_timestamp("created_at"))
        )

        """
    }

    /// A lazy frame of Polars.
    var polars: String {
        """
        import polars as pl

        schema = {
        \(TableSchema.list(indent: 4) { "\"\($0.name)\": pl.String" }),
        }
        audit_logs = pl.scan_ndjson(
            \(JSONOutput.quoted(schema.files)), schema=schema, include_file_paths="path",
        ).with_columns(
            pl.col("path").str.extract(r"date=(\\d{4}-\\d{2}-\\d{2})").str.to_date().alias("date"),
            pl.col("created_at").str.to_datetime(time_unit="us", time_zone="UTC", strict=False).alias("event_time"),
        )

        """
    }

    /// A data set of PyArrow: whole lines, since its JSON reader takes no column of mixed types.
    var pyArrow: String {
        """
        import pyarrow as pa
        import pyarrow.csv as csv
        import pyarrow.dataset as ds

        # Whole lines: no byte of JSON is below 0x20, so that none is a delimiter.
        lines = ds.CsvFileFormat(
            parse_options=csv.ParseOptions(delimiter="\\x1f", quote_char=False),
            read_options=csv.ReadOptions(column_names=["line"], block_size=64 << 20),
            convert_options=csv.ConvertOptions(column_types={"line": pa.string()}, strings_can_be_null=False),
        )
        audit_logs = ds.dataset(
            \(JSONOutput.quoted(schema.table)), format=lines,
            partitioning=ds.partitioning(pa.schema([("date", pa.date32())]), flavor="hive"),
        )

        """
    }

    /// A function that reads days into a data frame of pandas.
    var pandas: String {
        """
        import glob
        import gzip
        import json
        import re

        import pandas as pd

        COLUMNS = [
        \(TableSchema.list(indent: 4) { "\"\($0.name)\"" }),
        ]


        def members(line):
            \"\"\"The members of an event, each with the text of its value: lines have no needless white space.\"\"\"
            decode, at = json.JSONDecoder().raw_decode, 1
            while line[at] != "}":
                key, at = decode(line, at)
                value, end = decode(line, at + 1)
                yield key, value if isinstance(value, str) else None if value is None else line[at + 1 : end]
                at = end + (line[end] == ",")


        def read(days="*"):
            \"\"\"The events of the days that a pattern names, such as 2025-02-*.\"\"\"
            rows = []
            for path in sorted(glob.glob(\(JSONOutput.quoted(schema.table + "/date=")) + days + "/*.ndjson.gz")):
                with gzip.open(path, "rt", encoding="utf-8", newline="\\n") as file:
                    for line in file:
                        event = dict(members(line.rstrip("\\n")))
                        rows.append([event.get(name) for name in COLUMNS] + [re.search("date=([0-9-]+)", path)[1]])
            frame = pd.DataFrame(rows, columns=COLUMNS + ["date"], dtype="object")
            frame["event_time"] = pd.to_datetime(frame["created_at"], utc=True, format="ISO8601", errors="coerce")
            return frame


        audit_logs = read()

        """
    }
}
