#!/usr/bin/env python3
"""Runs a command again and again, in turn with another one, and prints what the runs cost.

usage: measure.py RUNS OTHER COMMAND...

OTHER is one string for a shell, or empty for none. A command's last line of output that is a JSON object is taken for
a sync's summary. One warm-up of each is not counted. Prints name=value lines: cpu, wall (seconds), peak (MiB) and, with
OTHER, cpu_ratio and wall_ratio pair by pair, each as minimum and median; requests and retries as maximum."""

import json
import os
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
    runs, other, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    found = {}
    for number in range(runs + 1):
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
