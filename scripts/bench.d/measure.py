#!/usr/bin/env python3
"""Runs a command again and again, in turn with another one, and prints what the runs cost.

usage: measure.py [--fresh FOLDER] RUNS OTHER COMMAND...

FOLDER is removed before each run of the command; that costs the command nothing.
OTHER is one string for a shell, or empty for none. A command's last line of output that is a JSON object is taken for
a sync's summary. One warm-up of each is not counted. Prints name=value lines: cpu, wall (seconds), peak (MiB) and, with
OTHER, cpu_ratio and wall_ratio pair by pair, each as minimum and median; requests and retries as maximum."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def run(command):
    """One run: its costs from the kernel's accounting of that process and its children."""
    with tempfile.TemporaryFile() as output:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - begin
        output.seek(0)
        lines = output.read().splitlines()
    if process.returncode != 0:
        sys.exit(f"{command} ended with {process.returncode}")
    costs = {"cpu": usage.ru_utime + usage.ru_stime, "wall": wall, "peak": usage.ru_maxrss / 1024}
    if lines and lines[-1].startswith(b"{"):
        summary = json.loads(lines[-1])
        costs |= {key: summary[key] for key in ("requests", "retries") if key in summary}
    return costs


def main():
    arguments, fresh = sys.argv[1:], None
    if arguments[0] == "--fresh":
        fresh, arguments = arguments[1], arguments[2:]
    runs, other, command = int(arguments[0]), arguments[1], arguments[2:]
    found = {}
    for number in range(runs + 1):
        if fresh and os.path.exists(fresh):
            shutil.rmtree(fresh)
        costs = run(command)
        if other:
            against = run(["bash", "-c", other])
            costs |= {name + "_ratio": costs[name] / against[name] for name in ("cpu", "wall")}
        if number > 0:
            for name, value in costs.items():
                found.setdefault(name, []).append(value)
    for name, values in found.items():
        if name in ("requests", "retries"):
            print(f"{name}={max(values)}")
        else:
            print(f"{name}_min={min(values):.3f}\n{name}_median={statistics.median(values):.3f}")


main()
