#!/usr/bin/env python3
"""Runs scripts/spark/to_parquet.py on a local cluster of two workers over a large archive, and has DuckDB read what comes.

A worker is killed while it works, and the driver at several moments; a second run finds nothing to do, a late event is
one date's work, and a damaged file fails the job by name.
"""

import argparse
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyspark

JOB = Path(__file__).resolve().parent.parent / "spark" / "to_parquet.py"
PATIENCE = 1800


class Run:
    """One run of the job, in a session of its own, so that all of it can be killed."""

    def __init__(self, archive: Path, output: Path, scratch: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SPARK_")}
        environment |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_DIRS": str(scratch), "SPARK_LOCAL_IP": "127.0.0.1"}
        submit = Path(sys.executable).parent / "spark-submit"
        self.process = subprocess.Popen(
            [submit, "--master", "local-cluster[2,1,1024]", "--conf", "spark.ui.enabled=false", JOB, archive, output],
            env=environment, cwd=scratch, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self.log: list[str] = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        for line in self.process.stderr:
            with self.changed:
                self.log.append(line)
                self.changed.notify_all()

    def wait_for(self, text: str) -> None:
        """Waits until the log has a line that fits."""
        seen = 0
        with self.changed:
            while True:
                if any(re.search(text, line) for line in self.log[seen:]):
                    return
                seen = len(self.log)
                if not self.changed.wait(PATIENCE) or self.process.poll() is not None:
                    raise AssertionError(f"the log never had {text}: {''.join(self.log[-40:])}")

    def end(self) -> tuple[int, str, str]:
        """Exit code, what the job said last, and all else: spark-submit has the job's errors on standard output too."""
        said = self.process.stdout.read()
        code = self.process.wait(PATIENCE)
        self.reader.join()
        return code, "".join(said.splitlines()[-1:]), "".join(self.log) + said

    def kill_a_worker(self) -> None:
        """Kills one of the executors that run tasks."""
        executors = [number for number in self.processes() if b"CoarseGrainedExecutorBackend" in command_of(number)]
        expect(len(executors) == 2, f"there are executors: {executors}")
        os.kill(executors[0], signal.SIGKILL)

    def kill(self) -> None:
        """Kills driver and workers at once."""
        for number in self.processes():
            os.kill(number, signal.SIGKILL)
        self.end()

    def processes(self) -> list[int]:
        """The processes of its session: executors have groups of their own."""
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and session_of(name) == self.process.pid]


def session_of(number: str) -> int:
    try:
        return int(Path(f"/proc/{number}/stat").read_text().rsplit(") ", 1)[1].split()[3])
    except (OSError, IndexError):
        return -1


def command_of(number: int) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return b""


def expect(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def files_of(output: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of each file of the table."""
    return {
        str(path.relative_to(output)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in output.glob("date=*/*.parquet")
    }


def expect_same(archive: Path, output: Path) -> None:
    """DuckDB finds the archive's lines in the Parquet files, each once, by date, with fields that are those of the line."""
    manifest = json.loads((archive / "manifest.json").read_text())
    state = json.loads((output / "_state.json").read_text())
    for key in ("archive_id", "generation", "complete_through"):
        expect(state[key] == manifest[key], f"{key}: {state[key]}, not {manifest[key]}")
    dates = sorted({file["date"] for file in manifest["files"]})
    expect(sorted(state["dates"]) == dates, "the state has other dates")
    expect(sorted(path.name[5:] for path in output.glob("date=*")) == dates, "the table has other dates")
    database = duckdb.connect()
    for date in dates:
        table = f"read_parquet('{output}/date={date}/*.parquet', hive_partitioning = true)"
        lines = [row[0] for row in database.sql(f"SELECT line FROM {table}").fetchall()]
        files = [archive / file["path"] for file in manifest["files"] if file["date"] == date]
        wanted = [line for path in files for line in gzip.decompress(path.read_bytes()).decode().split("\n") if line]
        expect(sorted(lines) == sorted(wanted), f"{date}: {len(lines)} lines, not the {len(wanted)} of the archive")
        wrong = database.sql(
            f"SELECT count(*) FROM {table} WHERE id IS DISTINCT FROM json_extract_string(line, '$.id')"
            " OR user_name IS DISTINCT FROM json_extract_string(line, '$.user_name')"
            f" OR event_time IS DISTINCT FROM CAST(created_at AS TIMESTAMPTZ) OR date <> DATE '{date}'"
        ).fetchall()
        expect(wrong == [(0,)], f"{date}: {wrong} rows have other fields than their line")


def expect_honest(output: Path) -> None:
    """What the state says to be there after a kill is there."""
    if not (output / "_state.json").exists():
        return
    state = json.loads((output / "_state.json").read_text())
    for date, entry in state["dates"].items():
        count = duckdb.sql(f"SELECT count(*) FROM read_parquet('{output}/date={date}/*.parquet')").fetchall()
        expect(count == [(entry["records"],)], f"{date}: the state says {entry['records']} rows, there are {count}")


class Bench:
    """An archive, the simulator that it is made from, and a place for tables."""

    def __init__(self, folder: Path, exporter: str, simulator: str, events: int) -> None:
        self.folder, self.exporter = folder, exporter
        self.archive, self.scratch = folder / "archive", folder / "scratch"
        self.scratch.mkdir()
        self.simulator = subprocess.Popen(
            [simulator, "--port", "0", "--events", str(events), "--days", "30"], stdout=subprocess.PIPE, text=True
        )
        self.address = self.simulator.stdout.readline().split()[-1]
        self.sync()

    def sync(self) -> None:
        start = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 40 * 86400))
        subprocess.run(
            [self.exporter, "sync", "--quiet", "--archive", self.archive, "--base-url", self.address,
             "--backfill-start-time", start, "--requests-per-second", "1000", "--requests-per-hour", "1000000"],
            check=True, env=dict(os.environ, CAPTIVATEIQ_API_TOKEN="simulator-token"), stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def arrive(self, query: str) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.address}/_simulator/arrive?{query}", method="POST")).close()
        self.sync()

    def start(self, output: Path) -> Run:
        return Run(self.archive, output, self.scratch)

    def run(self, output: Path, wanted: str) -> None:
        """A run that ends well and says what is wanted."""
        begin = time.monotonic()
        code, said, log = self.start(output).end()
        expect(code == 0 and re.search(wanted, said) is not None, f"exit {code}, said {said!r}, not {wanted}: {log[-4000:]}")
        print(f"  {said} ({time.monotonic() - begin:.0f} s)", flush=True)


def step(text: str) -> None:
    print(text, flush=True)


def try_table(bench: Bench) -> None:
    output = bench.folder / "table"
    dates = len(list(bench.archive.glob("audit_logs/date=*")))
    step("a worker is killed while it reads")
    run = bench.start(output)
    run.wait_for(r"Starting task 1\.0 in stage 0\.0")
    run.kill_a_worker()
    code, said, log = run.end()
    expect(code == 0 and said.startswith(f"{dates} dates written"), f"exit {code}, {said!r}: {log[-4000:]}")
    expect("Lost executor" in log or "Lost task" in log, "no worker was lost")
    expect_same(bench.archive, output)
    step("nothing to do")
    before = files_of(output)
    bench.run(output, f"^0 dates written, 0 events; {dates} dates unchanged, 0 removed")
    expect(files_of(output) == before, "a run with nothing to do has written")
    step("a late event")
    bench.arrive("count=1&late_hours=20")
    bench.run(output, f"^1 dates written, .* {dates - 1} dates unchanged")
    expect_same(bench.archive, output)
    same = before.items() & files_of(output).items()
    expect(len({name.split("/")[0] for name, _ in same}) == dates - 1, "other dates were written too")
    step("a damaged file")
    bench.arrive("count=1")
    path = max(bench.archive.glob("audit_logs/date=*/*.gz"), key=lambda path: path.name.split("-")[4])
    sound = path.read_bytes()
    path.write_bytes(sound[:-9] + bytes([sound[-9] ^ 1]) + sound[-8:])
    code, _, log = bench.start(output).end()
    expect(code == 65 and f"error: audit_logs/{path.parent.name}/{path.name}: its SHA-256" in log, f"{code}: {log[-4000:]}")
    expect_honest(output)
    path.unlink()
    code, _, log = bench.start(output).end()
    expect(code == 65 and f"error: {path.name} is not there" in log, f"exit {code}: {log[-4000:]}")
    path.write_bytes(sound)
    step("compacted and pruned")
    subprocess.run([bench.exporter, "compact", "--archive", bench.archive], check=True, capture_output=True)
    subprocess.run([bench.exporter, "prune", "--archive", bench.archive, "--keep", "20d"], check=True, capture_output=True)
    bench.run(output, r"dates written, .* [1-9]\d* removed")
    expect_same(bench.archive, output)


def try_killed_drivers(bench: Bench) -> None:
    output = bench.folder / "killed"
    for moment in (r"Starting task 0\.0 in stage 0\.0", r"Starting task 0\.0 in stage 2\.0", r"Finished task 0\.0 in stage 2\.0"):
        step(f"the driver is killed at {moment}")
        run = bench.start(output)
        run.wait_for(moment)
        run.kill()
        expect_honest(output)
    bench.run(output, r"^[1-9]\d* dates written")
    expect_same(bench.archive, output)
    expect(not list(output.glob(".spark-staging*")), "what killed drivers left is there")


def try_schema(bench: Bench) -> None:
    text = subprocess.run([bench.exporter, "schema", "--for", "spark"], check=True, capture_output=True, text=True).stdout
    names = [*re.findall(r'StructField\("(\w+)", StringType', text), "event_time", "line", "date"]
    table = f"read_parquet('{bench.folder}/killed/*/*.parquet', hive_partitioning = true)"
    found = duckdb.sql(f"DESCRIBE SELECT * FROM {table}").fetchall()
    expect([row[0] for row in found] == names, f"columns are {found}")
    expect(dict(row[:2] for row in found)["event_time"] == "TIMESTAMP WITH TIME ZONE", f"columns are {found}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exporter", required=True)
    parser.add_argument("--simulator", required=True)
    parser.add_argument("--events", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), os.path.abspath(arguments.exporter), os.path.abspath(arguments.simulator), arguments.events)
        try:
            try_table(bench)
            try_killed_drivers(bench)
            try_schema(bench)
        except AssertionError as error:
            print(f"FAILED: {error}", file=sys.stderr)
            return 1
        finally:
            bench.simulator.terminate()
            # A local cluster works in the folder of its installation.
            shutil.rmtree(Path(pyspark.__file__).parent / "work", ignore_errors=True)
    print(f"spark: {arguments.events} events hold")
    return 0


if __name__ == "__main__":
    sys.exit(main())
