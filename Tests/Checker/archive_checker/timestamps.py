"""Timestamps as microseconds since 1970-01-01T00:00:00Z: integers, so nothing is rounded."""

import datetime
import functools
import re

DAY = 86_400_000_000
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_FIRST = (1 - _EPOCH) * DAY
_END = (datetime.date.max.toordinal() + 1 - _EPOCH) * DAY
_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))",
    re.ASCII,
)
_CANONICAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


@functools.lru_cache(maxsize=4096)
def day_number(date: str) -> int | None:
    """Days from 1970-01-01 to a date `YYYY-MM-DD`, or None if there is no such date."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", date, re.ASCII):
        return None
    try:
        return datetime.date.fromisoformat(date).toordinal() - _EPOCH
    except ValueError:
        return None


def parse(text: object) -> int | None:
    """Microseconds of an RFC 3339 timestamp, a finer fraction floored; None if it is none."""
    match = _RFC3339.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    date, hour, minute, second, fraction, sign, offset_hour, offset_minute = match.groups()
    days = day_number(date)
    if days is None or hour > "23" or minute > "59" or second > "60":
        return None
    if second == "60":  # a leap second counts as the last microsecond before it
        second, fraction = "59", "999999"
    seconds = (int(hour) * 60 + int(minute)) * 60 + int(second)
    if sign:
        if offset_hour > "23" or offset_minute > "59":
            return None
        offset = (int(offset_hour) * 60 + int(offset_minute)) * 60
        seconds += offset if sign == "-" else -offset
    micros = int((fraction or "")[:6].ljust(6, "0"))
    result = days * DAY + seconds * 1_000_000 + micros
    return result if _FIRST <= result < _END else None


def parse_canonical(text: object) -> int | None:
    """Microseconds of a timestamp in the archive's own form (UTC, six digits, `Z`), or None."""
    if not isinstance(text, str) or not _CANONICAL.fullmatch(text) or text[17:19] == "60":
        return None
    return parse(text)


def canonical(micros: int) -> str:
    """The form the archive writes."""
    days, rest = divmod(micros, DAY)
    seconds, fraction = divmod(rest, 1_000_000)
    hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{utc_date(days)}T{hour:02}:{minute:02}:{second:02}.{fraction:06}Z"


@functools.lru_cache(maxsize=4096)
def utc_date(days: int) -> str:
    """The date `YYYY-MM-DD` that lies `days` after 1970-01-01."""
    return datetime.date.fromordinal(days + _EPOCH).isoformat()
