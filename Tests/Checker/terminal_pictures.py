#!/usr/bin/env python3
"""What the program looks like on a terminal of 40, 80 and 120 columns, as text.

    terminal_pictures.py EXPORTER SIMULATOR PAGE           compares with the pictures of the page
    terminal_pictures.py EXPORTER SIMULATOR PAGE --write   puts new pictures in their place

A picture is a block of code after a line `<!-- WHAT at COLUMNS columns -->`. Numbers, dates and where lines are broken differ
from run to run, and are not compared; that no line is longer than the terminal is wide is looked at by itself.
"""

import datetime
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios

WIDTHS = (40, 80, 120)


def on_terminal(columns, command, environment):
    """All that a command writes to a terminal of so many columns."""
    mine, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environment, start_new_session=True) as process:
        os.close(its)
        written = b""
        while True:
            try:
                some = os.read(mine, 1 << 16)
            except OSError:  # The other end is closed.
                break
            if not some:
                break
            written += some
    os.close(mine)
    if process.returncode != 0:
        raise SystemExit(f"{command[1]} ended with {process.returncode}:\n{written.decode()}")
    return written.decode().replace("\r\n", "\n")


def progress(written):
    """Of the drawings of the progress line that say most, the one in the middle."""
    drawn = [part.split("\n")[0] for part in written.split("\r\x1b[2K")[1:]]
    most = max(line.count("  ") for line in drawn)
    full = [line for line in drawn if line.count("  ") == most]
    return full[len(full) // 2] + "\n"


def start_simulator(simulator, *flags):
    process = subprocess.Popen([simulator, "--port", "0", *flags], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().removeprefix("listening on ").strip()


def take(exporter, simulator):
    """Every picture by its title."""
    exporter = os.path.abspath(exporter)
    pictures = {}
    start = str(datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=20))
    process, address = start_simulator(
        os.path.abspath(simulator), "--events", "3000", "--days", "12", "--seed", "7", "--latency-ms", "150")
    with tempfile.TemporaryDirectory() as folder, process:
        try:
            os.chdir(folder)
            environment = {
                "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color", "NO_COLOR": "1",
                "CAPTIVATEIQ_API_TOKEN": "simulator-token", "CAPTIVATEIQ_BASE_URL": address,
                "CAPTIVATEIQ_BACKFILL_START_TIME": start,
            }
            for columns in WIDTHS:
                archive = "audit" if columns == WIDTHS[0] else f"audit-{columns}"
                sync = [exporter, "sync", "--archive", archive, "--page-size", "200", "--concurrency", "2"]
                pictures[f"Progress at {columns} columns"] = progress(on_terminal(columns, sync, environment))
            for columns in WIDTHS:
                status = [exporter, "status", "--archive", "audit"]
                pictures[f"status at {columns} columns"] = on_terminal(columns, status, environment)
            for columns in WIDTHS:
                check = [exporter, "check", "--archive", "audit"]
                pictures[f"check at {columns} columns"] = on_terminal(columns, check, environment)
        finally:
            os.chdir("/")
            process.kill()
    return pictures


def essence(picture):
    """A picture without what differs from run to run."""
    text = re.sub(r"http://127\.0\.0\.1:\d+", "ADDRESS", picture)
    text = re.sub(r"\[[#-]+\]|[█▉▊▋▌▍▎▏]+", "BAR", text)
    text = re.sub(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d UTC)?", "DATE", text)
    text = re.sub(r"\d[\d,.]* (?:[KMGT]i)?B\b", "SIZE", text)
    text = re.sub(r"(?:\d[\d,.]* ?(?:ms|s|min|h|d)\b ?)+(?= |$|,|\)|;)", "DURATION ", text, flags=re.MULTILINE)
    text = re.sub(r"\d+(?:st|nd|rd|th)\b", "NTH", text)
    text = re.sub(r"\d[\d,.]*", "N", text)
    text = re.sub(r"\b(event|request|file|day)s\b", r"\1", text)
    # The first day of the events may have none, in the minute before midnight.
    return " ".join(text.replace("BAR", " ").replace("closed, empty", "closed").split())


def block(title, picture):
    return f"<!-- {title} -->\n```text\n{picture.rstrip()}\n```\n"


def main():
    exporter, simulator, page = sys.argv[1:4]
    with open(page, encoding="utf-8") as file:
        text = file.read()
    page = os.path.abspath(page)
    faults = []
    for title, picture in take(exporter, simulator).items():
        columns = int(title.split()[-2])
        for line in picture.splitlines():
            if len(line) > columns:
                faults.append(f"{title}: a line of {len(line)} characters: {line}")
        kept = re.search(rf"<!-- {title} -->\n```text\n(.*?)```\n", text, re.DOTALL)
        if kept is None:
            faults.append(f"{title}: the page has no such picture")
        elif "--write" in sys.argv:
            text = text.replace(kept.group(0), block(title, picture))
        elif essence(kept.group(1)) != essence(picture):
            faults.append(f"{title}: the page has another picture. Now it is\n{picture}\n{essence(picture)}\n{essence(kept.group(1))}")
    if "--write" in sys.argv:
        with open(page, "w", encoding="utf-8") as file:
            file.write(text)
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
