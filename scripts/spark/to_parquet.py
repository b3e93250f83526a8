#!/usr/bin/env python3
"""Writes an archive of captivateiq-export as Parquet, partitioned by date, on as many machines as Spark has.

usage: spark-submit scripts/spark/to_parquet.py ARCHIVE OUTPUT

Both are folders as Hadoop names them: /srv/audit, hdfs://…, s3a://bucket/audit. Only dates whose files in the manifest
are others than those of the last run are written anew; dates that the manifest names no more are removed. Workers check
each file's SHA-256, sizes and number of events. OUTPUT/_state.json is written last and says which dates are there and
`complete_through`: dates up to it are final. While dates are written anew it says so of none of them. One run at a time.

A row has the columns of `captivateiq-export schema --for spark`, and `line`, the event's text as the API sent it.

Exit codes: 0 done, 65 the archive is damaged, 66 there is no archive, 75 it kept changing: run it again, 78 OUTPUT is
something else.
"""

import datetime
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Iterator
from typing import Any, NoReturn

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import DateType, StringType, StructField, StructType

# The documented fields, as `captivateiq-export schema --for spark` has them.
FIELDS = [
    "id", "object", "organization_id", "organization_name", "user_id", "user_name", "user_email", "logged_in_user_id",
    "logged_in_user_name", "logged_in_user_email", "ip_address", "created_at", "event_type", "version", "object_id",
    "object_name", "object_type", "data", "parent_objects",
]  # fmt: skip
JSON_OPTIONS = {"mode": "FAILFAST", "maxStringLen": str(1 << 30), "maxNestingDepth": "100000", "maxNumLen": str(1 << 20)}
# Readers of Parquet pass over names that begin with an underscore.
STATE = "_state.json"
# What Spark stages there while it writes, and what a driver that was killed leaves.
STAGING = ".spark-staging"
DAMAGE = "captivateiq-export damage: "
ATTEMPTS = 5


class Failure(Exception):
    """What is said to the user, and the exit code."""

    def __init__(self, code: int, message: str, hint: str) -> None:
        super().__init__(f"{message}\n  {hint}")
        self.code = code


class Folder:
    """A folder by Hadoop's file system, whichever it is."""

    def __init__(self, spark: SparkSession, name: str) -> None:
        self.jvm = spark._jvm
        configuration = spark._jsc.hadoopConfiguration()
        path = self.jvm.org.apache.hadoop.fs.Path(name.rstrip("/") or "/")
        # Of its own, since its checksums are off: a state and its checksum are not replaced in one step.
        self.system = self.jvm.org.apache.hadoop.fs.FileSystem.newInstance(path.toUri(), configuration)
        self.system.setWriteChecksum(False)
        self.system.setVerifyChecksum(False)
        self.path = self.system.makeQualified(path)
        self.context = self.jvm.org.apache.hadoop.fs.FileContext.getFileContext(self.path.toUri(), configuration)

    def place(self, name: str) -> Any:
        return self.jvm.org.apache.hadoop.fs.Path(self.path, name)

    def names(self) -> set[str]:
        """What is in it; nothing if it is not there."""
        if not self.system.exists(self.path):
            return set()
        return {status.getPath().getName() for status in self.system.listStatus(self.path)}

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None if it is not there."""
        if not self.system.exists(self.place(name)):
            return None
        stream = self.system.open(self.place(name))
        try:
            return bytes(self.jvm.org.apache.commons.io.IOUtils.toByteArray(stream))
        finally:
            stream.close()

    def replace(self, name: str, content: bytes) -> None:
        """Puts a file there in one step where the file system can."""
        new = self.place(f"{name}.new")
        stream = self.system.create(new, True)
        stream.write(content)
        stream.close()
        options = self.jvm.org.apache.hadoop.fs.Options.Rename
        overwrite = self.jvm.java.lang.reflect.Array.newInstance(options.OVERWRITE.getClass(), 1)
        overwrite[0] = options.OVERWRITE
        self.context.rename(new, self.place(name), overwrite)

    def remove(self, name: str) -> None:
        if not self.system.delete(self.place(name), True) and self.system.exists(self.place(name)):
            raise Failure(74, f"{self.place(name)} could not be removed", "Check the rights there.")


def read_manifest(archive: Folder) -> dict[str, Any]:
    """What the archive holds, after a check of the manifest's own sum."""
    content = archive.read("manifest.json")
    if content is None:
        raise Failure(66, f"{archive.path} has no manifest.json", "Check the path: nothing was ever committed there.")
    damaged = Failure(65, f"{archive.place('manifest.json')} is damaged", "`captivateiq-export verify` says where.")
    try:
        manifest = json.loads(content)
        end = content.rindex(b'  "sha256_above": ')
    except ValueError:
        raise damaged from None
    if manifest.get("format") != "captivateiq-audit-archive" or manifest.get("format_version") != 2:
        raise Failure(65, f"{archive.path} has a format that this does not know", "Take the script of the newer program.")
    if hashlib.sha256(content[:end]).hexdigest() != manifest["sha256_above"]:
        raise damaged
    return manifest


def files_by_date(manifest: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    dates: dict[str, list[dict[str, Any]]] = {}
    for file in manifest["files"]:
        dates.setdefault(file["date"], []).append(file)
    return dates


def digest(files: list[dict[str, Any]]) -> str:
    """Tells one set of files from another."""
    text = "".join(f"{file['sha256']} {file['path']}\n" for file in sorted(files, key=lambda file: file["path"]))
    return hashlib.sha256(text.encode()).hexdigest()


def read_state(output: Folder, archive_id: str) -> dict[str, Any]:
    """What the last run left at the other end."""
    content = output.read(STATE)
    empty = {"archive_id": archive_id, "generation": 0, "complete_through": None, "dates": {}}
    if content is None:
        others = {name for name in output.names() if not name.startswith((STAGING, STATE))}
        if others:
            raise Failure(78, f"{output.path} holds something else: {min(others)}", "Name an empty folder, or a new one.")
        return empty
    try:
        state = json.loads(content)
        found = state["archive_id"]
        {name: (date["files"], date["records"]) for name, date in state["dates"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        print(f"warning: {output.place(STATE)} cannot be read: everything is written anew", file=sys.stderr)
        return empty
    if found != archive_id:
        raise Failure(78, f"{output.path} is of another archive, {found}", "Name another folder.")
    return state


def write_state(output: Folder, state: dict[str, Any]) -> None:
    """One date a line, as the manifest has it."""
    dates = ",\n".join(f"  {json.dumps(name)}: {json.dumps(date)}" for name, date in sorted(state["dates"].items()))
    head = "".join(f'{json.dumps(key)}: {json.dumps(state[key])},\n' for key in ("archive_id", "generation", "complete_through"))
    output.replace(STATE, f'{{{head}"dates": {{\n{dates}\n}}}}\n'.encode())


def day_before(date: str) -> str:
    return (datetime.date.fromisoformat(date) - datetime.timedelta(days=1)).isoformat()


def lines_of(file: dict[str, Any], content: bytes) -> Iterator[tuple[datetime.date, str]]:
    """A file's events. Raises where it is not what the manifest names: the job then fails, and nothing of it is kept."""
    date = datetime.date.fromisoformat(file["date"])

    def damaged(what: str) -> NoReturn:
        raise ValueError(f"{DAMAGE}{file['path']}: {what}")

    if len(content) != file["size"]:
        damaged(f"it has {len(content)} bytes, the manifest says {file['size']}")
    if hashlib.sha256(content).hexdigest() != file["sha256"]:
        damaged("its SHA-256 is not that of the manifest")
    member, rest, size, records = zlib.decompressobj(wbits=31), b"", 0, 0
    try:
        while content and not member.eof:
            piece = member.decompress(content, 1 << 20)
            content = member.unconsumed_tail
            size += len(piece)
            *lines, rest = (rest + piece).split(b"\n")
            records += len(lines)
            for line in lines:
                yield date, line.decode("utf-8")
        piece = member.flush()
    except (zlib.error, UnicodeDecodeError) as error:
        damaged(str(error))
    if piece or rest or not member.eof or member.unused_data:
        damaged("it is not one gzip member of whole lines")
    if records != file["records"] or size != file["uncompressed_size"]:
        damaged(f"it has {records} events of {size} bytes, the manifest says {file['records']} of {file['uncompressed_size']}")


def read_events(spark: SparkSession, archive: Folder, files: list[dict[str, Any]]) -> DataFrame:
    """The table: the documented fields, the line, and the date of the folder."""
    # A file's name is used once, so that it stands for the file.
    entries = spark.sparkContext.broadcast({file["path"].rsplit("/", 1)[1]: file for file in files})
    # Names are taken for patterns otherwise.
    root = re.sub(r"([\\{}\[\]*?^])", r"\\\1", archive.path.toString())
    contents = (
        spark.read.format("binaryFile").option("recursiveFileLookup", True).load([f"{root}/{file['path']}" for file in files])
    )
    rows = contents.select("path", "content").rdd.flatMap(
        lambda row: lines_of(entries.value[row.path.rsplit("/", 1)[1]], bytes(row.content))
    )
    lines = spark.createDataFrame(rows, StructType([StructField("date", DateType()), StructField("line", StringType())]))
    schema = StructType([StructField(name, StringType()) for name in FIELDS])
    return lines.select("date", "line", F.from_json("line", schema, JSON_OPTIONS).alias("event")).select(
        *(f"event.{name}" for name in FIELDS), F.try_to_timestamp("event.created_at").alias("event_time"), "line", "date"
    )


def write_dates(spark: SparkSession, archive: Folder, output: Folder, dates: dict[str, list[dict[str, Any]]]) -> None:
    """Replaces the folders of these dates, and counts what is there then."""
    events = read_events(spark, archive, [file for files in dates.values() for file in files])
    # The same rows in the same order, however often it is done.
    events.repartition("date").sortWithinPartitions("date", "event_time", "id").write.partitionBy("date").option(
        "partitionOverwriteMode", "dynamic"
    ).mode("overwrite").parquet(output.path.toString())
    folders = [output.place(f"date={date}").toString() for date in dates]
    written = spark.read.option("basePath", output.path.toString()).parquet(*folders)
    found = {str(row["date"]): row["count"] for row in written.groupBy("date").count().collect()}
    for date, files in dates.items():
        expected = sum(file["records"] for file in files)
        if found.get(date) != expected:
            raise Failure(74, f"date={date} has {found.get(date)} rows, not {expected}", "Run it again; it begins there.")


def run_once(spark: SparkSession, archive: Folder, output: Folder) -> str:
    manifest = read_manifest(archive)
    state = read_state(output, manifest["archive_id"])
    for name in output.names():
        if name.startswith(STAGING):
            output.remove(name)
    dates = files_by_date(manifest)
    wanted = {
        date: {"files": digest(files), "records": sum(file["records"] for file in files)} for date, files in dates.items()
    }
    there = {name[5:] for name in output.names() if name.startswith("date=")}
    same = {date for date in wanted if date in there and state["dates"].get(date) == wanted[date]}
    changed, gone = sorted(wanted.keys() - same), sorted((there | state["dates"].keys()) - wanted.keys())
    after = {
        "archive_id": manifest["archive_id"], "generation": manifest["generation"],
        "complete_through": manifest["complete_through"], "dates": wanted,
    }  # fmt: skip
    if changed or gone:
        # From here on nobody takes these dates for what they were, whenever this is killed.
        final = state["complete_through"]
        if final is not None and [*changed, *gone]:
            final = min(final, day_before(min([*changed, *gone])))
        write_state(output, {**state, "complete_through": final, "dates": {date: wanted[date] for date in same}})
    if changed:
        write_dates(spark, archive, output, {date: dates[date] for date in changed})
    for date in gone:
        output.remove(f"date={date}")
    if state != after:
        write_state(output, after)
    events = sum(wanted[date]["records"] for date in changed)
    return (
        f"{len(changed)} dates written, {events} events; {len(same)} dates unchanged, {len(gone)} removed; "
        f"generation {manifest['generation']}, complete through {manifest['complete_through']}"
    )


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 64
    spark = SparkSession.builder.appName("captivateiq-export to Parquet").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    archive, output = Folder(spark, sys.argv[1]), Folder(spark, sys.argv[2])
    try:
        for attempt in range(ATTEMPTS):
            before = read_manifest(archive)["generation"]
            try:
                print(run_once(spark, archive, output))
                return 0
            except (PySparkException, Py4JError) as error:
                # A compaction or a prune took files away: again, from the manifest as it is now.
                if read_manifest(archive)["generation"] != before:
                    continue
                found = re.search(rf"{DAMAGE}(audit_logs/.*)", str(error))
                if found:
                    raise Failure(65, found[1], "`captivateiq-export verify` says more. Nothing of it was written.") from None
                missing = re.search(r"audit_logs-\d{4}-\d{2}-\d{2}-\d+-\d+\.ndjson\.gz", str(error))
                if missing and re.search("PATH_NOT_FOUND|FILE_NOT_EXIST|FileNotFoundException", str(error)):
                    raise Failure(65, f"{missing[0]} is not there", "`captivateiq-export verify` says more.") from None
                raise
        raise Failure(75, f"{archive.path} changed {ATTEMPTS} times while it was read", "Run it again.")
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return failure.code
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main())
