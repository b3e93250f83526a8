"""Compressed files: one gzip member without time or name, of lines that end in LF."""

import struct
import zlib
from collections.abc import Iterator

from .faults import Faults

_HEADER_SIZE = 10
_TRAILER_SIZE = 8


def inflate(path: str, compressed: bytes, faults: Faults) -> bytes | None:
    """The content of the one member in `compressed`, or None if there is none that can be read."""
    if not _check_header(path, compressed, faults):
        return None
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(compressed[_HEADER_SIZE:])
    except zlib.error as error:
        faults.add(path, f"corrupt deflate data: {error}")
        return None
    trailer = inflater.unused_data
    if not faults.check(
        inflater.eof and len(trailer) >= _TRAILER_SIZE, path, "the gzip member is truncated"
    ):
        return None
    faults.check(
        len(trailer) == _TRAILER_SIZE,
        path,
        f"{len(trailer) - _TRAILER_SIZE} bytes follow the gzip member",
    )
    checksum, size = struct.unpack("<II", trailer[:_TRAILER_SIZE])
    faults.check(checksum == zlib.crc32(content), path, "wrong CRC-32")
    faults.check(size == len(content) & 0xFFFF_FFFF, path, "wrong length in the gzip trailer")
    return content


def lines(path: str, content: bytes, faults: Faults) -> Iterator[tuple[int, bytes]]:
    """The numbered lines of `content`, without their LF."""
    faults.check(not content.startswith(b"\xef\xbb\xbf"), path, "begins with a byte order mark")
    faults.check(content.endswith(b"\n"), path, "the last line is not ended by LF")
    return enumerate(content.removesuffix(b"\n").split(b"\n"), start=1)


def _check_header(path: str, compressed: bytes, faults: Faults) -> bool:
    if not faults.check(
        len(compressed) >= _HEADER_SIZE and compressed[:3] == b"\x1f\x8b\x08",
        path,
        "not a gzip file",
    ):
        return False
    # With no flag set there is no name, no comment and no extra field.
    no_flags = faults.check(
        compressed[3] == 0, path, f"gzip header flags are 0x{compressed[3]:02x}, not 0"
    )
    faults.check(compressed[4:8] == bytes(4), path, "the gzip header holds a time")
    return no_flags
