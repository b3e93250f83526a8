"""The records kept aside: shape of the files and of their lines."""

import os
import re

from . import events, members, timestamps
from .faults import Faults
from .tree import QUARANTINE

_NAME = re.compile(r"quarantine-(\d{6}|[1-9]\d{6,})-(\d\d|[1-9]\d{2,})\.ndjson\.gz", re.ASCII)
_KEYS = ("reason", "received_at", "record")


def check(root: str, generation: int, faults: Faults) -> int:
    """Checks every quarantine file and returns how many records they hold."""
    folder = os.path.join(root, QUARANTINE)
    seen: dict[bytes, str] = {}
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = f"{QUARANTINE}/{name}"
        match = _NAME.fullmatch(name)
        if match is None:
            faults.add(path, "not the name of a quarantine file")
            continue
        faults.check(
            int(match[1]) <= generation, path, "from a later generation than the manifest"
        )
        _check_file(root, path, seen, faults)
    return len(seen)


def _check_file(root: str, path: str, seen: dict[bytes, str], faults: Faults) -> None:
    try:
        with open(os.path.join(root, path), "rb") as file:
            content = members.inflate(path, file.read(), faults)
    except OSError as error:
        faults.add(path, f"cannot be read: {error.strerror}")
        return
    for number, line in members.lines(path, content, faults) if content is not None else ():
        where = f"{path}:{number}"
        try:
            _check_line(line)
        except events.BadEvent as error:
            faults.add(where, str(error))
            continue
        # The record stands last, and no quote in the reason is unescaped: this is where it begins.
        record = line.partition(b'"record":')[2].strip()
        known = seen.setdefault(record, where)
        faults.check(known is where, where, f"the record is in quarantine already, at {known}")


def _check_line(line: bytes) -> None:
    value = events.decode(line)
    if not isinstance(value, dict) or tuple(value) != _KEYS:
        raise events.BadEvent("not an object of reason, received_at and record")
    if not isinstance(value["reason"], str) or not value["reason"]:
        raise events.BadEvent("has no reason")
    if timestamps.parse_canonical(value["received_at"]) is None:
        raise events.BadEvent("received_at is not a timestamp with six digits and Z")
