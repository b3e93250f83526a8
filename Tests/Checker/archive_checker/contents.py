"""The files of an archive against the manifest, each other, and the events expected."""

import hashlib
import os

from . import events, members, timestamps
from .faults import Faults
from .manifest import NAME, FileEntry, Manifest


class Expectation:
    """The lines an archive should hold: all of them, or none but them."""

    def __init__(self, path: str, is_subset: bool) -> None:
        with open(path, "rb") as file:
            text = file.read()
        self.lines = set(text.removesuffix(b"\n").split(b"\n")) if text else set()
        self.is_subset = is_subset

    def meet(self, line: bytes, where: str, faults: Faults) -> None:
        """Notes that the archive holds `line`."""
        if line in self.lines:
            self.lines.remove(line)
        else:
            faults.add(where, f"not an expected event, or a second time: {_shown(line)}")

    def finish(self, faults: Faults) -> None:
        """Names what was expected and is not there."""
        if not self.is_subset:
            for line in sorted(self.lines):
                faults.add("expected events", f"missing from the archive: {_shown(line)}")


class Contents:
    """Reads one data file after another; remembers what is unique or newest over them all."""

    def __init__(
        self, root: str, manifest: Manifest, expectation: Expectation | None, faults: Faults
    ) -> None:
        self._root = root
        self._manifest = manifest
        self._expectation = expectation
        self._faults = faults
        self._seen: dict[str, str] = {}
        self._newest: int | None = None

    def check(self) -> None:
        """Checks every file of the manifest and what the manifest says of them all."""
        for entry in self._manifest.files:
            content = self._read(entry)
            if content is not None:
                self._check_events(entry, content)
        if self._expectation is not None:
            self._expectation.finish(self._faults)
        if self._newest != self._manifest.last_event:
            self._faults.add(
                NAME,
                f"last_event_timestamp is {_time(self._manifest.last_event)}, "
                f"the newest event not later than written_at {_time(self._newest)}",
            )

    def _read(self, entry: FileEntry) -> bytes | None:
        try:
            with open(os.path.join(self._root, entry.path), "rb") as file:
                compressed = file.read()
        except OSError as error:
            self._faults.add(entry.path, f"cannot be read: {error.strerror}")
            return None
        size = len(compressed)
        self._faults.check(
            size == entry.size, entry.path, f"has {size} bytes, the manifest says {entry.size}"
        )
        digest = hashlib.sha256(compressed).hexdigest()
        self._faults.check(
            digest == entry.sha256, entry.path, "sha256 differs from the manifest's"
        )
        content = members.inflate(entry.path, compressed, self._faults)
        if content is not None and len(content) != entry.uncompressed_size:
            says = f"the manifest says {entry.uncompressed_size}"
            self._faults.add(entry.path, f"inflates to {len(content)} bytes, {says}")
        return content

    def _check_events(self, entry: FileEntry, content: bytes) -> None:
        count, previous, times = 0, None, []
        for number, line in members.lines(entry.path, content, self._faults):
            count += 1
            where = f"{entry.path}:{number}"
            try:
                event = events.parse(line)
            except events.BadEvent as error:
                self._faults.add(where, str(error))
                continue
            self._check_event(event, entry, where)
            if self._expectation is not None:
                self._expectation.meet(line, where, self._faults)
            key = (event.time, event.id)
            self._faults.check(
                previous is None or previous < key, where, "not sorted by event time, then id"
            )
            previous = key
            times.append(event.time)
        self._faults.check(
            count == entry.records, entry.path, f"has {count} lines, not {entry.records}"
        )
        if times:
            self._check_span(entry, min(times), max(times))

    def _check_event(self, event: events.Event, entry: FileEntry, where: str) -> None:
        known = self._seen.setdefault(event.id, where)
        if known is not where:
            self._faults.add(where, f"event {event.id} is in the archive already, at {known}")
        date = timestamps.utc_date(event.time // timestamps.DAY)
        if date != entry.date:
            self._faults.add(where, f"event {event.id} of {date} is in the partition {entry.date}")
        if event.organization is not None and event.organization != self._manifest.organization:
            self._faults.add(
                where, f"event {event.id} is from the organization {event.organization}"
            )
        if self._manifest.start is not None and event.time < self._manifest.start:
            self._faults.add(where, f"event {event.id} is earlier than start_timestamp")
        written_at = self._manifest.written_at
        if written_at is not None and event.time <= written_at:
            self._newest = event.time if self._newest is None else max(self._newest, event.time)

    def _check_span(self, entry: FileEntry, first: int, last: int) -> None:
        for key, listed, found in (
            ("first", entry.first_time, first),
            ("last", entry.last_time, last),
        ):
            what = f"{key}_event_timestamp is {_time(listed)}, the file has {_time(found)}"
            self._faults.check(listed == found, entry.path, what)


def _shown(line: bytes) -> str:
    text = line.decode("utf-8", "backslashreplace")
    return text if len(text) <= 160 else text[:160] + "…"


def _time(micros: int | None) -> str:
    return "null" if micros is None else timestamps.canonical(micros)
