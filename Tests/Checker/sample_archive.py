"""Writes small sound archives, and lets a test spoil them before or after their sums are made."""

import gzip
import hashlib
import json
import os
from dataclasses import dataclass, field

from archive_checker import events, timestamps

WRITTEN_AT = "2025-02-25T12:00:00.000000Z"


def event(event_id: str, created_at: str, **extra: object) -> bytes:
    """An event as the archive holds it."""
    record = {"id": event_id, "organization_id": "org_1", "created_at": created_at, **extra}
    return json.dumps(record, separators=(",", ":")).encode()


def quarantined(reason: str, record: bytes) -> bytes:
    """A line of a quarantine file."""
    head = json.dumps({"reason": reason, "received_at": WRITTEN_AT}).encode()
    return head[:-1] + b', "record": ' + record + b"}"


@dataclass
class Sample:
    """An archive in the making; change it, then write it."""

    days: dict[str, list[bytes]] = field(
        default_factory=lambda: {
            "2025-02-23": [
                event("b", "2025-02-23T14:30:00.1234569Z"),
                event("c", "2025-02-23T15:30:00.123456+01:00"),
                event("a", "2025-02-23T23:59:59.999999999Z", data=1),
            ],
            "2025-02-25": [
                event("d", "2025-02-25T00:30:00+00:30"),
                event("e", "2025-02-25T13:00:00Z"),
            ],
        }
    )
    states: dict[str, str] = field(
        default_factory=lambda: {"2025-02-23": "closed", "2025-02-25": "open"}
    )
    last_event: str | None = "2025-02-25T00:00:00.000000Z"
    quarantined: list[bytes] = field(
        default_factory=lambda: [
            quarantined("no id", rb'{"a":"\"record\":"}'),
            quarantined("not an object", b"7"),
        ]
    )

    def write(self, root: str) -> dict:
        """Writes the archive into the empty folder `root` and returns its manifest."""
        files = [self._write_day(root, date, lines) for date, lines in sorted(self.days.items())]
        partitions = [
            {"date": date, "state": self.states[date], "records": len(self.days[date])}
            for date in sorted(self.days)
        ]
        aside = [self._write_quarantine(root)] if self.quarantined else []
        put(root, ".captivateiq-export/lock", b"")
        manifest = self._manifest(files, partitions, aside)
        put(root, "manifest.json", text(manifest))
        return manifest

    def _write_quarantine(self, root: str) -> dict:
        path = "quarantine/quarantine-000042-00.ndjson.gz"
        content = joined(self.quarantined)
        compressed = compress(content)
        put(root, path, compressed)
        return {
            "path": path,
            "generation": 42,
            "sha256": hashlib.sha256(compressed).hexdigest(),
            "size": len(compressed),
            "uncompressed_size": len(content),
            "records": len(self.quarantined),
        }

    def _manifest(self, files: list[dict], partitions: list[dict], aside: list[dict]) -> dict:
        closed = len(self.days.get("2025-02-23", []))
        totals = {
            key: sum(file[key] for file in files)
            for key in ("records", "size", "uncompressed_size")
        }
        return {
            "format": "captivateiq-audit-archive",
            "format_version": 2,
            "archive_id": "9f2c" * 8,
            "stream": "audit_logs",
            "generation": 42,
            "written_at": WRITTEN_AT,
            "writer": "captivateiq-export 0.2.0 (6068b5f)",
            "organization": {"id": "org_1", "name": "Acme Corp"},
            "start_timestamp": "2025-01-01T00:00:00.000000Z",
            "last_event_timestamp": self.last_event,
            "synced_to": self.last_event,
            "complete_through": "2025-02-24",
            "totals": {"files": len(files), **totals},
            "pending": [],
            "checked": [
                {
                    "from": "2025-02-20",
                    "to": "2025-02-23",
                    "checked_at": WRITTEN_AT,
                    "api_count": closed,
                    "archive_count": closed,
                },
                {
                    "from": "2025-02-24",
                    "to": "2025-02-24",
                    "checked_at": WRITTEN_AT,
                    "api_count": 2,
                    "archive_count": 0,
                    "unexplained": 2,
                },
            ],
            "holds": [
                {"name": "a", "from": "2025-01-01", "to": "2025-01-31", "reason": "b"},
            ],
            "pruned": [
                {
                    "from": "2025-01-01",
                    "to": "2025-01-31",
                    "records": 9,
                    "pruned_at": WRITTEN_AT,
                    "reason": "retention 400d",
                },
            ],
            "partitions": partitions,
            "files": files,
            "quarantine": aside,
        }

    def _write_day(self, root: str, date: str, lines: list[bytes]) -> dict:
        path = f"audit_logs/date={date}/audit_logs-{date}-000042-00.ndjson.gz"
        content = joined(lines)
        compressed = compress(content)
        put(root, path, compressed)
        return described(path, compressed, content)


def described(path: str, compressed: bytes, content: bytes) -> dict:
    """The manifest's entry for a data file."""
    records = [
        _decoded(line.removeprefix(b"\xef\xbb\xbf")) for line in content.splitlines() if line
    ]
    times = [timestamps.parse(record["created_at"]) or 0 for record in records]
    return {
        "path": path,
        "date": path[16:26],
        "generation": 42,
        "sha256": hashlib.sha256(compressed).hexdigest(),
        "size": len(compressed),
        "uncompressed_size": len(content),
        "records": len(times),
        "first_event_timestamp": timestamps.canonical(min(times)),
        "last_event_timestamp": timestamps.canonical(max(times)),
        "archived_at": WRITTEN_AT,
    }


def _decoded(line: bytes) -> dict:
    try:
        return json.loads(line)
    except RecursionError:
        return events.decode(line)


def joined(lines: list[bytes]) -> bytes:
    """The lines, each ended by LF."""
    return b"".join(line + b"\n" for line in lines)


def compress(content: bytes) -> bytes:
    """One gzip member without time or name."""
    return gzip.compress(content, mtime=0)


def text(manifest: dict) -> bytes:
    """The manifest with one entry a line, and the checksum of all of it on the last but one."""
    parts = []
    for key, value in manifest.items():
        if isinstance(value, list) and value:
            entries = ",\n".join(f"    {json.dumps(entry)}" for entry in value)
            parts.append(f"  {json.dumps(key)}: [\n{entries}\n  ]")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    above = ("{\n" + ",\n".join(parts) + ",\n").encode()
    return above + f'  "sha256_above": "{hashlib.sha256(above).hexdigest()}"\n}}\n'.encode()


def put(root: str, path: str, content: bytes) -> None:
    """Writes a file and the folders above it with the modes of an archive."""
    folder = root
    for name in path.split("/")[:-1]:
        folder = os.path.join(folder, name)
        if not os.path.isdir(folder):
            os.mkdir(folder)
            os.chmod(folder, 0o750)
    full = os.path.join(root, path)
    with open(full, "wb") as file:
        file.write(content)
    os.chmod(full, 0o640)
