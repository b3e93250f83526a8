"""The records kept aside: shape of the files and of their lines."""

import base64
import binascii
import hashlib
import os
import re

from . import events, members, timestamps
from .faults import Faults
from .manifest import NAME, Manifest
from .tree import QUARANTINE

_FILE_NAME = re.compile(r"quarantine-(\d{6}|[1-9]\d{6,})-(\d\d|[1-9]\d{2,})\.ndjson\.gz", re.ASCII)
_KEYS = ("reason", "received_at", "record")
# What was sent and is no JSON stands in a member of its own.
_RAW_KEYS = (*_KEYS, "raw_base64")
_NOT_JSON = "not JSON"
# JSON that is nested deeper is refused as well.
_MOST_DEPTH = 100_000


def check(root: str, manifest: Manifest, faults: Faults) -> int:
    """Checks every quarantine file against the manifest and returns how many records they hold."""
    folder = os.path.join(root, QUARANTINE)
    seen: dict[bytes, str] = {}
    listed = {str(entry.get("path")): entry for entry in manifest.quarantine}
    paths = [str(entry.get("path")) for entry in manifest.quarantine]
    faults.check(paths == sorted(set(paths)), NAME, "quarantine is not sorted by path, each once")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = f"{QUARANTINE}/{name}"
        match = _FILE_NAME.fullmatch(name)
        if match is None:
            faults.add(path, "not the name of a quarantine file")
            continue
        faults.check(
            int(match[1]) <= manifest.generation, path, "from a later generation than the manifest"
        )
        _check_file(root, path, listed.pop(path, None), seen, faults)
    for path in sorted(listed):
        faults.add(path, "in the manifest but not there")
    return len(seen)


def _check_file(
    root: str, path: str, entry: dict | None, seen: dict[bytes, str], faults: Faults
) -> None:
    try:
        with open(os.path.join(root, path), "rb") as file:
            compressed = file.read()
    except OSError as error:
        faults.add(path, f"cannot be read: {error.strerror}")
        return
    content = members.inflate(path, compressed, faults)
    _check_entry(path, entry, compressed, content, faults)
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


def _check_entry(
    path: str, entry: dict | None, compressed: bytes, content: bytes | None, faults: Faults
) -> None:
    if not faults.check(entry is not None, path, "there but not in the manifest"):
        return
    found = {
        "generation": int(path.split("-")[1]),
        "sha256": hashlib.sha256(compressed).hexdigest(),
        "size": len(compressed),
    }
    if content is not None:
        found |= {"uncompressed_size": len(content), "records": content.count(b"\n")}
    for key, value in found.items():
        says = f"the manifest says {entry.get(key)!r}"
        faults.check(entry.get(key) == value, path, f"{key} is {value!r}, {says}")


def _check_line(line: bytes) -> None:
    value = events.decode(line)
    is_raw = isinstance(value, dict) and value.get("reason") == _NOT_JSON
    if not isinstance(value, dict) or tuple(value) != (_RAW_KEYS if is_raw else _KEYS):
        raise events.BadEvent("not an object of reason, received_at and record")
    if not isinstance(value["reason"], str) or not value["reason"]:
        raise events.BadEvent("has no reason")
    if timestamps.parse_canonical(value["received_at"]) is None:
        raise events.BadEvent("received_at is not a timestamp with six digits and Z")
    if is_raw:
        _check_raw(value["record"], value["raw_base64"])


def _check_raw(record: object, text: object) -> None:
    if record is not None:
        raise events.BadEvent("has raw_base64 and a record")
    try:
        raw = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except binascii.Error as error:
        raise events.BadEvent(f"raw_base64 cannot be read: {error}") from error
    if not raw:
        raise events.BadEvent("raw_base64 is no text, or empty")
    if raw.count(b"[") + raw.count(b"{") > _MOST_DEPTH:
        return
    try:
        events.decode(raw)
    except events.BadEvent:
        return
    raise events.BadEvent("raw_base64 is JSON all the same")
