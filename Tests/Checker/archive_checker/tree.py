"""The folders of an archive: nothing in them but what belongs there, with the right modes."""

import os
import stat
from collections.abc import Iterator

from .faults import Faults
from .manifest import NAME, Manifest

TABLE = "audit_logs"
QUARANTINE = "quarantine"
PRIVATE = ".captivateiq-export"
EVIDENCE = "evidence"
FRESHNESS = "freshness.json"
_FILE_MODE = 0o640
_FOLDER_MODE = 0o750


def check(root: str, manifest: Manifest, faults: Faults) -> None:
    """Checks names and modes; the manifest says what `audit_logs/` holds."""
    files = {file.path for file in manifest.files}
    folders = {os.path.dirname(path) for path in files} | {TABLE, QUARANTINE, PRIVATE, EVIDENCE}
    for path, mode in _walk(root, ""):
        if stat.S_ISDIR(mode):
            known = path in folders or path.startswith((PRIVATE + "/", EVIDENCE + "/"))
            wanted = _FOLDER_MODE
        else:
            known = (
                path in files
                or path in (NAME, FRESHNESS)
                or path.startswith((PRIVATE + "/", QUARANTINE + "/", EVIDENCE + "/"))
            )
            wanted = _FILE_MODE
            faults.check(stat.S_ISREG(mode), path, "not a regular file")
        faults.check(known, path, "does not belong into the archive")
        _check_mode(path, stat.S_IMODE(mode) & 0o777, wanted, faults)


def _walk(root: str, folder: str) -> Iterator[tuple[str, int]]:
    with os.scandir(os.path.join(root, folder)) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = os.path.join(folder, entry.name)
            mode = entry.stat(follow_symlinks=False).st_mode
            yield path, mode
            if stat.S_ISDIR(mode):
                yield from _walk(root, path)


def _check_mode(path: str, mode: int, wanted: int, faults: Faults) -> None:
    # The umask may take bits away, though hardly the owner's.
    fits = mode & ~wanted == 0 and mode & 0o700 == wanted & 0o700
    faults.check(fits, path, f"has mode {mode:04o}, not {wanted:04o} less the umask")
