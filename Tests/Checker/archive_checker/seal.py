"""The last member of a manifest: the checksum of every byte before its line."""

import hashlib

from .faults import Faults

KEY = "sha256_above"


def check(name: str, text: bytes, root: dict, faults: Faults) -> None:
    """Compares the checksum with what `head -n -2` leaves."""
    if not faults.check(bool(root) and list(root)[-1] == KEY, name, f"{KEY} is not the last member"):
        return
    lines = text.split(b"\n")
    shaped = len(lines) > 3 and lines[-1] == b"" and lines[-2] == b"}"
    good = shaped and lines[-3] == f'  "{KEY}": "{root[KEY]}"'.encode("utf-8", "replace")
    if not faults.check(good, name, f"{KEY} is not on the last line but one, alone"):
        return
    above = b"".join(line + b"\n" for line in lines[:-3])
    digest = hashlib.sha256(above).hexdigest()
    faults.check(root[KEY] == digest, name, f"{KEY} is {root[KEY]}, but it is {digest}")
