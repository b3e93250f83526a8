#!/usr/bin/env python3
"""Reads an archive in tight loops by pattern, with engines and plain tools, while compactions exchange its folders one by one.

A reader may fail, loudly, where a file that it had listed is gone. It may never end well with other events than there are.
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
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lake.d"))
from lake_test import Api  # noqa: E402

# What an event's line has once.
FIELD = '"event_type":"flip"'


def events(dates: int, halves: int) -> list[list[str]]:
    """Batches of events, each with one of every date."""
    first = 20_000
    batches: list[list[str]] = [[] for _ in range(halves)]
    for date in range(dates):
        year, day = divmod(first + date, 336)
        for half in range(halves):
            number = date * halves + half
            created = f"{year + 1965}-{day // 28 + 1:02}-{day % 28 + 1:02}T{half:02}:00:00Z"
            batches[half].append(
                f'{{"id":"00000000-0000-4000-8000-{number:012}","object":"audit_log","organization_id":"org_1",'
                f'"organization_name":"Acme","created_at":"{created}",{FIELD}}}'
            )
    return batches


def sync(exporter: str, archive: Path, url: str, lookback: str) -> None:
    subprocess.run(
        [exporter, "sync", "--quiet", "--archive", archive, "--base-url", url, "--backfill-start-time", "2024-01-01",
         "--lookback", lookback, "--requests-per-second", "1000", "--requests-per-hour", "1000000"],
        check=True, env=dict(os.environ, CAPTIVATEIQ_API_TOKEN="readers"), stderr=subprocess.DEVNULL,
    )  # fmt: skip


def shell(command: str) -> Callable[[], int]:
    """A pipe of plain tools that prints how many events it saw; a failure of any of them is one of all."""

    def run() -> int:
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], capture_output=True, text=True)
        if done.returncode != 0:
            raise OSError(done.stderr[-200:])
        return int(done.stdout)

    return run


def readers(exporter: str) -> dict[str, Callable[[], int]]:
    """Each reads the table in the current folder anew, and gives the number of different events, or minus that of doubles."""
    import duckdb
    import polars
    import pyarrow

    def text(engine: str) -> str:
        return subprocess.run([exporter, "schema", "--for", engine], check=True, capture_output=True, text=True).stdout

    texts = {engine: text(engine) for engine in ("duckdb", "polars", "pyarrow")}

    def different(ids: list[str]) -> int:
        doubles = sum(count - 1 for count in Counter(ids).values())
        return -doubles if doubles else len(ids)

    def by_duckdb() -> int:
        database = duckdb.connect()
        database.sql(texts["duckdb"])
        return different([row[0] for row in database.sql("SELECT id FROM audit_logs").fetchall()])

    def by_polars() -> int:
        names: dict[str, object] = {}
        exec(compile(texts["polars"], "polars", "exec"), names)
        return different(names["audit_logs"].select("id").collect()["id"].to_list())

    def by_pyarrow() -> int:
        names: dict[str, object] = {}
        exec(compile(texts["pyarrow"], "pyarrow", "exec"), names)
        return different([json.loads(line)["id"] for line in names["audit_logs"].to_table()["line"].to_pylist()])

    count = f"grep -oE '\"id\":\"[^\"]+\"' | sort | uniq -c | awk '{{ if ($1 > 1) twice += $1 - 1; n++ }} END {{ print twice ? -twice : n }}'"
    return {
        f"duckdb {duckdb.__version__}": by_duckdb,
        f"polars {polars.__version__}": by_polars,
        f"pyarrow {pyarrow.__version__}": by_pyarrow,
        "tar": shell(f"tar -cf - audit_logs | tar -xf - --to-command='gzip -dc' | {count}"),
        "find and zcat": shell(f"find audit_logs -name '*.gz' -print0 | xargs -0 gzip -dc | {count}"),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exporter", required=True)
    parser.add_argument("--flips", type=int, default=500)
    arguments = parser.parse_args()
    exporter = os.path.abspath(arguments.exporter)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        batches = events(arguments.flips, 3)
        Api.records = []
        for batch in batches:
            Api.records = sorted(Api.records + batch, key=lambda line: json.loads(line)["created_at"])
            sync(exporter, archive, url, "100000h")
        sync(exporter, archive, url, "1h")
        os.chdir(archive)
        wanted = len(Api.records)
        files = len(list(archive.glob("audit_logs/*/*.gz")))
        if files != wanted:
            print(f"FAILED: the archive begins with {files} files for {wanted} events", file=sys.stderr)
            return 1
        ended = threading.Event()
        tallies: dict[str, Counter[str]] = {name: Counter() for name in readers(exporter)}

        def loop(name: str, read: Callable[[], int]) -> None:
            last = False
            while not last:
                # Once more after the last exchange, when nothing can fail any more.
                last = ended.is_set()
                try:
                    found = read()
                except Exception:
                    tallies[name]["FAILED AT REST" if last else "failed loudly"] += 1
                    continue
                tallies[name]["right" if found == wanted else f"WRONG, {found} of {wanted}"] += 1

        threads = [threading.Thread(target=loop, args=item) for item in readers(exporter).items()]
        for thread in threads:
            thread.start()
        try:
            # One date a commit.
            for path in sorted(archive.glob("audit_logs/date=*")):
                day = path.name[5:]
                before = subprocess.run(["date", "-u", "-d", f"{day} +1 day", "+%F"], check=True, capture_output=True, text=True)
                subprocess.run(
                    [exporter, "compact", "--archive", archive, "--before", before.stdout.strip()], check=True, capture_output=True
                )
        finally:
            ended.set()
            for thread in threads:
                thread.join()
            os.chdir("/")
        left = sorted(archive.glob("audit_logs/*/*.gz"))
        lines = sum(gzip.decompress(path.read_bytes()).count(b"\n") for path in left)
    faults = len(left) != arguments.flips or lines != wanted
    print(f"{arguments.flips} folders exchanged, {files} files became {len(left)}, {lines} events")
    for name, tally in tallies.items():
        print(f"  {name}: {', '.join(f'{count} {what}' for what, count in sorted(tally.items()))}")
        faults = faults or not tally["right"] or any(what.startswith(("WRONG", "FAILED")) for what in tally)
    print("FAILED" if faults else f"readers: 0 silently wrong in {arguments.flips} flips")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
