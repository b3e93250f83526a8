"""Counts an archive's events by DuckDB: `duckdb_count.py ARCHIVE WHERE`."""

import sys

import duckdb

archive, where = sys.argv[1:]
table = f"read_ndjson('{archive}/audit_logs/*/*.gz', hive_partitioning=true, columns={{id: 'VARCHAR'}})"
print(duckdb.sql(f"SELECT count(DISTINCT id) FROM {table} {where}").fetchall()[0][0])
