#!/usr/bin/env python3
"""Reads archives that the program made of odd events with each engine, by the text of `schema --for ENGINE`.

Same number of events, same ids, same dates, or the limit that the table below names: anything else fails.
"""

import argparse
import gzip
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from collections import Counter
from pathlib import Path

from cases import CASES

# What an engine cannot read, by case: it has to say so, and may not read something else.
LIMITS: dict[str, set[str]] = {
    "duckdb": {"lone surrogate"},
    "polars": {"1e400"},
    "pyarrow": set(),
    "pandas": set(),
    "clickhouse": set(),
    "spark": set(),
    "lnav": {"1e400", "20 MB line", "30,000 keys"},
}

# What lnav, which is for people to look with and no engine, shows otherwise and does not say.
SHOWN_OTHERWISE: dict[str, set[str]] = {"lnav": {"over 2^63", "times of any form"}}


class Api(http.server.BaseHTTPRequestHandler):
    """The API as far as a sync needs it: a list that does not look at dates."""

    records: list[str] = []

    def do_GET(self) -> None:
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        if "organizations" in self.path:
            body = '{"object":"list","total_count":1,"next":null,"data":[{"id":"org_1","name":"Acme Corp"}]}'
        else:
            first, count = int(query.get("offset", 0)), int(query.get("limit", 50))
            page = self.records[first : first + count]
            rest = "null" if first + count >= len(self.records) else '"more"'
            body = f'{{"object":"list","total_count":{len(self.records)},"next":{rest},"previous":null,"data":[{",".join(page)}]}}'
        content = body.encode("utf-8")
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def make(archive: Path, exporter: str, url: str, syncs: list[list[str]]) -> None:
    """Makes an archive by a sync for each batch."""
    Api.records = []
    for batch in syncs:
        Api.records = Api.records + batch
        subprocess.run(
            [exporter, "sync", "--archive", archive, "--base-url", url, "--backfill-start-time", "2026-11-01", "--quiet",
             "--requests-per-second", "1000", "--requests-per-hour", "1000000"],
            check=True, env=dict(os.environ, CAPTIVATEIQ_API_TOKEN="lake"), stderr=subprocess.DEVNULL,
        )


def expected(archive: Path) -> tuple[list[str], Counter[str]]:
    """The ids and dates by the files alone."""
    ids, dates = [], Counter()
    for path in sorted(archive.glob("audit_logs/date=*/*.gz")):
        for line in gzip.open(path, "rb"):
            ids.append(json.loads(line.decode("utf-8"))["id"])
            dates[path.parent.name[5:]] += 1
    return sorted(ids), dates


def read(engine: str, text: str) -> tuple[list[str], Counter[str]]:
    """The ids and dates as an engine reads them in the current folder."""
    if engine == "duckdb":
        import duckdb

        database = duckdb.connect()
        database.sql(text)
        rows = database.sql("SELECT id, CAST(date AS VARCHAR), event_time, data, parent_objects FROM audit_logs").fetchall()
        return sorted(row[0] for row in rows), Counter(row[1] for row in rows)
    if engine == "clickhouse":
        from chdb import session

        database = session.Session()
        database.query(text)
        rows = database.query("SELECT id, toString(date), event_time, data FROM audit_logs", "JSONEachRow").bytes()
        found = [json.loads(line) for line in rows.decode("utf-8", "replace").splitlines()]
        return sorted(row["id"] for row in found), Counter(row["toString(date)"] for row in found)
    if engine == "lnav":
        return look(text)
    names: dict[str, object] = {}
    if engine == "spark":
        from pyspark.sql import SparkSession

        names["spark"] = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    exec(compile(text, engine, "exec"), names)  # the text that is under test
    table = names["audit_logs"]
    if engine == "spark":
        rows = table.select("id", "date", "event_time", "data").collect()
        return sorted(row[0] for row in rows), Counter(str(row[1]) for row in rows)
    if engine == "polars":
        frame = table.collect()
        return sorted(frame["id"].to_list()), Counter(str(date) for date in frame["date"].to_list())
    if engine == "pyarrow":
        whole = table.to_table()
        ids = [json.loads(line)["id"] for line in whole["line"].to_pylist()]
        return sorted(ids), Counter(str(date) for date in whole["date"].to_pylist())
    return sorted(table["id"]), Counter(table["date"])


def look(text: str) -> tuple[list[str], Counter[str]]:
    """The ids and dates as lnav shows them, by a format."""
    with tempfile.TemporaryDirectory() as folder:
        formats = Path(folder, "formats", "installed")
        formats.mkdir(parents=True)
        (formats / "captivateiq.json").write_text(text)
        files = sorted(str(path) for path in Path("audit_logs").glob("date=*/*.gz"))
        output = subprocess.run(
            ["lnav", "-n", "-q", "-I", folder, "-c", ";SELECT id, log_time FROM captivateiq_audit", "-c",
             ":write-json-to -", *files],
            check=True, capture_output=True, stdin=subprocess.DEVNULL, env=dict(os.environ, HOME=folder),
        ).stdout
    rows = json.loads(output)
    return sorted(str(row["id"]) for row in rows), Counter(row["log_time"][:10] for row in rows)


def judge(engine: str, exporter: str, archive: Path, case: str) -> str:
    """What is wrong with an engine's reading, or nothing."""
    # Java knows only the folder that it was started in.
    place = ["--location", archive] if engine == "spark" else []
    text = subprocess.run([exporter, "schema", "--for", engine, *place], check=True, capture_output=True, text=True).stdout
    os.chdir(archive)
    limited = case in LIMITS[engine]
    differs = case in SHOWN_OTHERWISE.get(engine, set())
    try:
        found = read(engine, text)
    except BaseException as error:
        return "" if limited else f"{type(error).__name__}: {str(error)[:300]}"
    if found != expected(archive) and not differs:
        return f"read {len(found[0])} events of {dict(found[1])}, the files have {dict(expected(archive)[1])}"
    return "a limit that it does not have any more" if limited or differs and found == expected(archive) else ""


def known(engine: str, case: str) -> str:
    """What is known to come of a case."""
    if case in LIMITS[engine]:
        return "refuses, as it says"
    return "shows it otherwise" if case in SHOWN_OTHERWISE.get(engine, set()) else "ok"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exporter", required=True)
    parser.add_argument("--engines", default=",".join(LIMITS))
    parser.add_argument("--cases", default="", help="only those whose names hold this text")
    arguments = parser.parse_args()
    exporter = os.path.abspath(arguments.exporter)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (case, syncs) in enumerate(CASES.items()):
            if arguments.cases not in case:
                continue
            archive = Path(folder) / f"archive-{number}"
            make(archive, exporter, url, syncs)
            outcomes = []
            for engine in arguments.engines.split(","):
                fault = judge(engine, exporter, archive, case)
                outcomes.append(f"{engine} {'FAILED' if fault else known(engine, case)}")
                if fault:
                    faults += 1
                    print(f"  {case}: {engine}: {fault}", file=sys.stderr)
            print(f"{case}: {', '.join(outcomes)}", flush=True)
            os.chdir("/")
    print(f"lake-test: {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
