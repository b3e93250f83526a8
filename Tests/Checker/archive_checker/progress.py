"""What a manifest says of how far the archive goes: what is final, compared, held, pruned, left to do."""

import re
from dataclasses import dataclass

from . import timestamps
from .faults import Faults

_EXTRAS = ("difference", "gone_at_vendor", "unexplained")


@dataclass(frozen=True)
class Days:
    """What the partitions are, by the day's number."""

    records: dict[int, int]
    states: dict[int, str]

    def sum(self, first: int, last: int) -> int:
        """The events from one day to another."""
        return sum(count for day, count in self.records.items() if first <= day <= last)

    def having(self, state: str, first: int, last: int) -> list[int]:
        """The days of that state from one to another."""
        return sorted(
            day for day, found in self.states.items() if found == state and first <= day <= last
        )


class Progress:
    """Checks these members of a manifest against each other and against the partitions."""

    def __init__(
        self, name: str, root: dict, days: Days, start: int | None, written_at: int | None, faults: Faults
    ) -> None:
        self._name = name
        self._root = root
        self._days = days
        self._start = start
        self._written_at = written_at
        self._faults = faults

    def check(self) -> None:
        """Checks them all."""
        archive_id = self._root.get("archive_id")
        named = isinstance(archive_id, str) and re.fullmatch(r"[0-9a-f]{32}", archive_id)
        self._faults.check(bool(named), self._name, f"archive_id is {archive_id!r}")
        pending = self._check_pending()
        pruned = self._check_pruned()
        self._check_holds()
        self._check_synced_to()
        self._check_complete_through(pending)
        self._check_checked(pruned)

    def entries(self, key: str) -> list[dict]:
        """The objects of a list, which must be there even if it is empty."""
        value = self._root.get(key)
        if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            return value
        self._faults.add(self._name, f"{key} is not an array of objects")
        return []

    def _check_pending(self) -> list[tuple[int, int]]:
        ranges = []
        for entry in self.entries("pending"):
            first, last = (timestamps.parse_canonical(entry.get(key)) for key in ("from", "to"))
            if first is None or last is None or first >= last:
                self._faults.add(self._name, f"pending has {entry!r}")
                continue
            ranges.append((first, last))
        apart = all(one[1] < other[0] for one, other in zip(ranges, ranges[1:]))
        self._faults.check(apart, self._name, "pending is not sorted, or its times touch")
        return ranges

    def _check_synced_to(self) -> None:
        if "synced_to" not in self._root:
            self._faults.add(self._name, "synced_to is missing")
        elif (value := self._root["synced_to"]) is not None:
            time = timestamps.parse_canonical(value)
            if self._faults.check(time is not None, self._name, f"synced_to is {value!r}"):
                late = self._written_at is not None and time > self._written_at
                self._faults.check(not late, self._name, "synced_to is later than written_at")

    def _check_complete_through(self, pending: list[tuple[int, int]]) -> None:
        if "complete_through" not in self._root:
            self._faults.add(self._name, "complete_through is missing")
            return
        if (value := self._root["complete_through"]) is None:
            return
        day = timestamps.day_number(value) if isinstance(value, str) else None
        if day is None:
            self._faults.add(self._name, f"complete_through is {value!r}")
            return
        self._check_over(day, "complete_through")
        # A start that is moved back leaves it where it is, and shows its gap as pending.
        if self._start is None or pending and pending[0][0] < (day + 1) * timestamps.DAY:
            return
        first = self._start // timestamps.DAY
        self._faults.check(first <= day, self._name, "complete_through is before the start")
        for left in self._days.having("open", first, day):
            self._faults.add(
                self._name, f"complete_through is {value}, but {timestamps.utc_date(left)} is open"
            )

    def _check_checked(self, pruned: list[tuple[int, int]]) -> None:
        previous = None
        for entry in self.entries("checked"):
            where = f"{self._name}: checked {entry.get('from')!r} to {entry.get('to')!r}"
            run = self._run(entry, where)
            if run is None:
                previous = None
                continue
            first, last = run
            self._check_over(last, where)
            is_plain = self._check_counts(entry, where)
            for day in self._days.having("open", first, last):
                self._faults.add(where, f"{timestamps.utc_date(day)} is open")
            touched = any(one <= last and first <= other for one, other in pruned)
            if not touched and not self._days.having("erased", first, last):
                archived = self._days.sum(first, last)
                same = entry.get("archive_count") == archived
                self._faults.check(
                    same, where, f"archive_count is not what the partitions hold, {archived}"
                )
            if previous is not None:
                (before, was_plain, time) = previous
                self._faults.check(before < first, where, "not sorted, or a date is in two runs")
                whole = before + 1 == first and is_plain and was_plain
                one = whole and time == entry.get("checked_at")
                self._faults.check(not one, where, "one run with the one before")
            previous = (last, is_plain, entry.get("checked_at"))

    def _check_counts(self, entry: dict, where: str) -> bool:
        """Checks the numbers of a comparison, and says whether it left nothing apart."""
        time = timestamps.parse_canonical(entry.get("checked_at"))
        self._faults.check(time is not None, where, f"checked_at is {entry.get('checked_at')!r}")
        for key in ("api_count", "archive_count"):
            self._faults.check(_is_count(entry.get(key)), where, f"{key} is {entry.get(key)!r}")
        for key in _EXTRAS:
            value = entry.get(key, 0)
            good = _is_count(abs(value) if isinstance(value, int) and key == "difference" else value)
            self._faults.check(good, where, f"{key} is {value!r}")
        is_plain = not any(key in entry for key in _EXTRAS)
        same = entry.get("api_count") == entry.get("archive_count")
        self._faults.check(same or not is_plain, where, "the counts differ, and nothing says why")
        return is_plain

    def _check_holds(self) -> None:
        for entry in self.entries("holds"):
            where = f"{self._name}: hold {entry.get('name')!r}"
            self._run(entry, where)
            named = all(isinstance(entry.get(key), str) for key in ("name", "reason"))
            self._faults.check(named, where, "has no name or reason")

    def _check_pruned(self) -> list[tuple[int, int]]:
        runs = []
        for entry in self.entries("pruned"):
            where = f"{self._name}: pruned {entry.get('from')!r} to {entry.get('to')!r}"
            run = self._run(entry, where)
            good = _is_count(entry.get("records")) and isinstance(entry.get("reason"), str)
            good = good and timestamps.parse_canonical(entry.get("pruned_at")) is not None
            self._faults.check(good, where, "has no records, pruned_at or reason")
            if run is not None:
                runs.append(run)
                kept = self._days.sum(*run)
                self._faults.check(kept == 0, where, f"{kept} events are there all the same")
        return runs

    def _run(self, entry: dict, where: str) -> tuple[int, int] | None:
        first, last = (
            timestamps.day_number(value) if isinstance(value := entry.get(key), str) else None
            for key in ("from", "to")
        )
        if first is None or last is None or first > last:
            self._faults.add(where, "not a run of dates")
            return None
        return first, last

    def _check_over(self, day: int, where: str) -> None:
        over = self._written_at is None or (day + 1) * timestamps.DAY <= self._written_at
        self._faults.check(over, where, f"{timestamps.utc_date(day)} was not over yet")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
