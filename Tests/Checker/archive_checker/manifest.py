"""manifest.json: its fields, their forms, their order, and that they agree with each other."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field

from . import progress, seal, timestamps
from .faults import Faults

NAME = "manifest.json"
_DATA_PATH = re.compile(
    r"audit_logs/date=(\d{4}-\d\d-\d\d)/audit_logs-(\d{4}-\d\d-\d\d)-(\d{6}|[1-9]\d{6,})"
    r"-(\d\d|[1-9]\d{2,})\.ndjson\.gz",
    re.ASCII,
)
_SIZES = ("size", "uncompressed_size", "records")
_LISTS = ("pending", "checked", "holds", "pruned", "partitions", "files", "quarantine")


@dataclass(frozen=True)
class FileEntry:
    """What the manifest says about a data file. Times are microseconds."""

    path: str
    date: str
    generation: int
    sha256: str
    size: int
    uncompressed_size: int
    records: int
    first_time: int
    last_time: int


@dataclass
class Manifest:
    """What of a manifest could be read. Times are microseconds."""

    generation: int = 0
    written_at: int | None = None
    start: int | None = None
    last_event: int | None = None
    organization: str | None = None
    totals: dict[str, int] = field(default_factory=dict)
    files: list[FileEntry] = field(default_factory=list)
    quarantine: list[dict] = field(default_factory=list)


def parse(text: bytes, faults: Faults) -> Manifest:
    """Reads and checks a manifest as far as it goes without looking at the files."""
    manifest = Manifest()
    try:
        root = json.loads(
            text.decode("utf-8"), object_pairs_hook=lambda pairs: _unique(pairs, faults)
        )
    except (ValueError, RecursionError) as error:
        faults.add(NAME, f"not JSON: {error}")
        return manifest
    if not faults.check(isinstance(root, dict), NAME, "not an object"):
        return manifest
    _read_head(root, manifest, faults)
    entries = _objects(root, "files", faults)
    partitions = _objects(root, "partitions", faults)
    manifest.files = [
        file for entry in entries if (file := _read_file(entry, manifest.generation, faults))
    ]
    _check_paths(manifest.files, faults)
    _check_totals(root, manifest, faults)
    _read_organization(root, manifest, faults)
    _check_partitions(partitions, root.get("pending"), manifest, faults)
    manifest.quarantine = _objects(root, "quarantine", faults)
    days = _days(partitions)
    progress.Progress(NAME, root, days, manifest.start, manifest.written_at, faults).check()
    _check_lines(text, root, faults)
    seal.check(NAME, text, root, faults)
    return manifest


def is_count(value: object) -> bool:
    """Whether a JSON value is an integer that is not negative."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _unique(pairs: list[tuple[str, object]], faults: Faults) -> dict[str, object]:
    for key, count in Counter(key for key, _ in pairs).items():
        faults.check(count == 1, NAME, f"key {key!r} occurs {count} times in one object")
    return dict(pairs)


def _objects(root: dict, key: str, faults: Faults) -> list[dict]:
    value = root.get(key)
    if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
        return value
    faults.add(NAME, f"{key} is not an array of objects")
    return []


def _read_time(holder: dict, key: str, where: str, faults: Faults) -> int | None:
    time = timestamps.parse_canonical(holder.get(key))
    faults.check(
        time is not None,
        where,
        f"{key} is not a timestamp with six digits and Z: {holder.get(key)!r}",
    )
    return time


def _read_head(root: dict, manifest: Manifest, faults: Faults) -> None:
    for key, expected in (("format", "captivateiq-audit-archive"), ("stream", "audit_logs")):
        faults.check(
            root.get(key) == expected, NAME, f"{key} is {root.get(key)!r}, not {expected!r}"
        )
    version = root.get("format_version")
    faults.check(is_count(version) and version == 2, NAME, f"format_version is {version!r}, not 2")
    if faults.check(
        is_count(root.get("generation")), NAME, f"generation is {root.get('generation')!r}"
    ):
        manifest.generation = root["generation"]
    writer = root.get("writer")
    named = isinstance(writer, str) and re.fullmatch(r"captivateiq-export \S+( \(\S+\))?", writer)
    faults.check(bool(named), NAME, f"writer is {writer!r}")
    manifest.written_at = _read_time(root, "written_at", NAME, faults)
    manifest.start = _read_time(root, "start_timestamp", NAME, faults)
    if not faults.check("last_event_timestamp" in root, NAME, "last_event_timestamp is missing"):
        return
    if root["last_event_timestamp"] is not None:
        manifest.last_event = _read_time(root, "last_event_timestamp", NAME, faults)


def _read_file(entry: dict, generation: int, faults: Faults) -> FileEntry | None:
    where = f"{NAME}: file {entry.get('path')!r}"
    match = _DATA_PATH.fullmatch(entry["path"]) if isinstance(entry.get("path"), str) else None
    if match is None:
        faults.add(where, "not the path of a data file")
        return None
    folder_date, name_date, name_generation, _ = match.groups()
    faults.check(timestamps.day_number(folder_date) is not None, where, "no such date")
    faults.check(
        folder_date == name_date == entry.get("date"),
        where,
        "folder, name and entry differ in the date",
    )
    same = is_count(entry.get("generation")) and entry["generation"] == int(name_generation)
    faults.check(same, where, "name and entry differ in the generation")
    faults.check(
        int(name_generation) <= generation, where, "from a later generation than the manifest"
    )
    digest = entry.get("sha256")
    hexadecimal = isinstance(digest, str) and re.fullmatch(r"[0-9a-f]{64}", digest)
    faults.check(bool(hexadecimal), where, f"sha256 is {digest!r}")
    counts = [
        faults.check(is_count(entry.get(key)), where, f"{key} is {entry.get(key)!r}")
        for key in _SIZES
    ]
    first = _read_time(entry, "first_event_timestamp", where, faults)
    last = _read_time(entry, "last_event_timestamp", where, faults)
    if not all(counts) or first is None or last is None:
        return None
    faults.check(entry["records"] > 0, where, "has no records")
    _check_history(entry, where, faults)
    size, uncompressed_size, records = (entry[key] for key in _SIZES)
    generation = int(name_generation)
    return FileEntry(
        entry["path"],
        folder_date,
        generation,
        str(digest),
        size,
        uncompressed_size,
        records,
        first,
        last,
    )


def _check_history(entry: dict, where: str, faults: Faults) -> None:
    if "archived_at" in entry:
        _read_time(entry, "archived_at", where, faults)
    replaced = entry.get("replaces", 1)
    faults.check(is_count(replaced) and replaced > 0, where, f"replaces is {replaced!r}")


def _days(partitions: list[dict]) -> progress.Days:
    days = progress.Days({}, {})
    for partition in partitions:
        date, records = partition.get("date"), partition.get("records")
        day = timestamps.day_number(date) if isinstance(date, str) else None
        if day is not None and is_count(records):
            days.records[day] = records
            days.states[day] = str(partition.get("state"))
    return days


def _check_paths(files: list[FileEntry], faults: Faults) -> None:
    keys = [(file.date, file.path) for file in files]
    faults.check(keys == sorted(keys), NAME, "files are not sorted by date, then path")
    for path, count in Counter(file.path for file in files).items():
        faults.check(count == 1, NAME, f"file {path!r} is listed {count} times")


def _check_totals(root: dict, manifest: Manifest, faults: Faults) -> None:
    files = manifest.files
    manifest.totals = {"files": len(files)} | {
        key: sum(getattr(file, key) for file in files) for key in _SIZES
    }
    totals = root.get("totals")
    if not isinstance(totals, dict):
        faults.add(NAME, "totals is not an object")
    else:
        for key, expected in manifest.totals.items():
            value = totals.get(key)
            good = is_count(value) and value == expected
            faults.check(good, NAME, f"totals.{key} is {value!r}, the files make {expected}")


def _read_organization(root: dict, manifest: Manifest, faults: Faults) -> None:
    organization = root.get("organization")
    if organization is None and not manifest.files:
        return
    names = organization if isinstance(organization, dict) else {}
    if not all(isinstance(names.get(key), str) for key in ("id", "name")):
        faults.add(NAME, f"organization is {organization!r}")
        return
    manifest.organization = names["id"]


def _check_partitions(
    partitions: list[dict], root_pending: object, manifest: Manifest, faults: Faults
) -> None:
    records: Counter[str] = Counter()
    for file in manifest.files:
        records[file.date] += file.records
    dates = [str(partition.get("date")) for partition in partitions]
    faults.check(dates == sorted(set(dates)), NAME, "partitions are not sorted by date, each once")
    for date in sorted(records.keys() - set(dates)):
        faults.add(NAME, f"there are files for {date}, but no partition")
    # What is left to read may be older than dates that were closed before the start was moved back.
    earlier_open, is_read = False, not root_pending
    for partition in partitions:
        _check_partition(partition, records, manifest, faults)
        is_open = partition.get("state") == "open"
        late = f"partition {partition.get('date')} is closed, but an earlier one is open"
        faults.check(is_open or not earlier_open or not is_read, NAME, late)
        earlier_open = earlier_open or is_open


def _check_partition(
    partition: dict, records: Counter[str], manifest: Manifest, faults: Faults
) -> None:
    date, state, count = partition.get("date"), partition.get("state"), partition.get("records")
    where = f"{NAME}: partition {date!r}"
    day = timestamps.day_number(date) if isinstance(date, str) else None
    if not isinstance(date, str) or day is None:
        faults.add(where, "no such date")
        return
    good = is_count(count) and count == records[date]
    faults.check(good, where, f"records is {count!r}, its files hold {records[date]}")
    faults.check(state in ("open", "closed", "erased"), where, f"state is {state!r}")
    if state == "closed" and manifest.written_at is not None:
        over = (day + 1) * timestamps.DAY <= manifest.written_at
        faults.check(over, where, "closed before its day was over")


def _check_lines(text: bytes, root: dict, faults: Faults) -> None:
    """Every entry of the arrays must have a line of its own; other arrays are a reader's to ignore."""
    candidates = (line.strip().removesuffix(b",") for line in text.split(b"\n"))
    found = iter([_object_on(line) for line in candidates if line.startswith(b"{")])
    expected = [
        entry for key in root if key in _LISTS and isinstance(root[key], list) for entry in root[key]
    ]
    faults.check(
        all(any(entry == other for other in found) for entry in expected),
        NAME,
        "lists are not written one entry a line",
    )


def _object_on(line: bytes) -> dict | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
