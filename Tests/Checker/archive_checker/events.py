"""Single events: JSON without insignificant white space, an id, a time."""

import json
import re
from dataclasses import dataclass

from . import deep_json, timestamps

_WHITE_SPACE = re.compile(rb"[ \t\r\n]")


class BadEvent(Exception):
    """Says what is wrong with a line."""


@dataclass(frozen=True)
class Event:
    """What the archive's rules look at in an event."""

    time: int
    id: str
    organization: str | None


def refuse_constant(name: str) -> None:
    """Refuses NaN and its like, which Python's own reader would take."""
    raise ValueError(f"{name} is not JSON")


# Numbers stay text, for they may be longer than Python converts; as bytes, to be no strings.
_DECODER = json.JSONDecoder(
    parse_int=str.encode, parse_float=str.encode, parse_constant=refuse_constant
)


def decode(line: bytes) -> object:
    """The JSON value a line holds.

    Raises BadEvent if it is not one JSON text in UTF-8.
    """
    try:
        text = line.decode("utf-8")
        try:
            return _DECODER.decode(text)
        except RecursionError:
            return deep_json.decode(text, json.decoder.scanstring, str.encode)
    except ValueError as error:
        raise BadEvent(f"not JSON: {error}") from error


def has_white_space(line: bytes) -> bool:
    """Whether white space stands outside of the strings of a JSON text."""
    # Without the escapes that hold a backslash or a quote, every quote begins or ends a string.
    plain = line.replace(rb"\\", b"").replace(rb"\"", b"") if b"\\" in line else line
    return _WHITE_SPACE.search(b"".join(plain.split(b'"')[::2])) is not None


def parse(line: bytes) -> Event:
    """The event on a line.

    Raises BadEvent if it does not belong into an archive.
    """
    record = decode(line)
    if has_white_space(line):
        raise BadEvent("holds insignificant white space")
    if not isinstance(record, dict):
        raise BadEvent("not an object")
    event_id = record.get("id")
    if not isinstance(event_id, str):
        raise BadEvent("has no string id")
    time = timestamps.parse(record.get("created_at"))
    if time is None:
        raise BadEvent(f"event {event_id} has no readable created_at")
    organization = record.get("organization_id")
    return Event(time, event_id, organization if isinstance(organization, str) else None)
