"""The checker accepts a sound archive and names every kind of damage. Run: python3 -m unittest"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable

import check_archive
from archive_checker import events, timestamps
from sample_archive import Sample, compress, event, joined, put, quarantined, text

CHECKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check_archive.py")
DAY = "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000042-00.ndjson.gz"
QUARANTINE = "quarantine/quarantine-000042-00.ndjson.gz"
TIME = "2025-02-23T14:30:00Z"


def set_lines(*lines: bytes) -> Callable[[Sample], None]:
    """Puts these lines in place of those of 2025-02-23."""
    return lambda sample: sample.days.update({"2025-02-23": list(lines)})


def not_json(record: bytes, raw: bytes | None = None) -> bytes:
    """A line of a quarantine file that keeps what is no JSON; `raw` is the JSON of its member."""
    line = quarantined("not JSON", record)
    return line if raw is None else line[:-1] + b', "raw_base64": ' + raw + b"}"


def set_quarantine(*lines: bytes) -> Callable[[Sample], None]:
    """Puts these lines in place of the quarantine's."""
    return lambda sample: setattr(sample, "quarantined", list(lines))


# What is done to an archive before its sums are made, and what the checker must say.
SAMPLE_DAMAGE: list[tuple[Callable[[Sample], None], str]] = [
    (set_lines(event("d", TIME)), "in the archive already"),
    (set_lines(event("x", TIME), event("x", TIME)), "in the archive already"),
    (set_lines(event("b", TIME), event("a", TIME)), "not sorted"),
    (
        set_lines(event("a", "2025-02-23T14:30:00.2Z"), event("b", "2025-02-23T14:30:00.1Z")),
        "not sorted",
    ),
    (set_lines(event("a", "2025-02-23T23:30:00-01:00")), "is in the partition"),
    (set_lines(event("a", "2025-02-24T00:00:00Z")), "is in the partition"),
    (set_lines(event("a", TIME, organization_id="org_2")), "from the organization org_2"),
    (set_lines(event("a", "2025-02-23")), "no readable created_at"),
    (set_lines(event("a", TIME, id=7)), "no string id"),
    (set_lines(event("a", TIME) + b"\r"), "insignificant white space"),
    (set_lines(event("a", TIME).replace(b",", b", ")), "insignificant white space"),
    (set_lines(event("a", TIME, n=float("nan"))), "not JSON"),
    (set_lines(b"\xef\xbb\xbf" + event("a", TIME)), "byte order mark"),
    (set_lines(event("a", TIME), b""), "not JSON"),
    (lambda sample: setattr(sample, "last_event", None), "last_event_timestamp is null"),
    (
        lambda sample: setattr(sample, "last_event", "2025-02-25T13:00:00.000000Z"),
        "last_event_timestamp is 2025",
    ),
    (
        lambda sample: sample.states.update({"2025-02-25": "closed"}),
        "closed before its day was over",
    ),
    (
        lambda sample: sample.states.update({"2025-02-23": "open", "2025-02-25": "closed"}),
        "an earlier one is open",
    ),
    (lambda sample: sample.states.update({"2025-02-23": "done"}), "state is 'done'"),
    (set_quarantine(b"{}"), "not an object of reason"),
    (set_quarantine(not_json(b"null")), "not an object of reason"),
    (set_quarantine(not_json(b"1", b'"e04="')), "raw_base64 and a record"),
    (set_quarantine(not_json(b"null", b'"e04"')), "raw_base64 cannot be read"),
    (set_quarantine(not_json(b"null", b'""')), "raw_base64 is no text"),
    (set_quarantine(not_json(b"null", b'7')), "raw_base64 is no text"),
    (set_quarantine(not_json(b"null", b'"e30="')), "raw_base64 is JSON all"),
    (set_quarantine(*[not_json(b"null", b'"e04="')] * 2), "already"),
    (
        set_quarantine(b'{"reason":"","received_at":"2025-02-25T12:00:00.000000Z","record":1}'),
        "has no reason",
    ),
    (
        set_quarantine(b'{"reason":"x","received_at":"2025-02-25T12:00:00Z","record":1}'),
        "received_at is not",
    ),
    (
        set_quarantine(
            *[b'{"reason":"x","received_at":"2025-02-25T12:00:00.000000Z","record":1}'] * 2
        ),
        "already",
    ),
]

# What is done to the manifest of a written archive, and what the checker must say.
MANIFEST_DAMAGE: list[tuple[Callable[[dict], object], str]] = [
    (lambda root: root.update(format="other"), "format is 'other'"),
    (lambda root: root.update(format_version=1), "format_version is 1"),
    (lambda root: root.update(format_version=True), "format_version is True"),
    (lambda root: root.update(stream="x"), "stream is 'x'"),
    (lambda root: root.update(generation=41), "from a later generation"),
    (lambda root: root.update(written_at="2025-02-25T12:00:00Z"), "written_at is not a timestamp"),
    (lambda root: root.update(writer="gzip"), "writer is 'gzip'"),
    (lambda root: root.update(organization=None), "organization is None"),
    (
        lambda root: root.update(start_timestamp="2025-02-24T00:00:00.000000Z"),
        "earlier than start_timestamp",
    ),
    (lambda root: root.pop("last_event_timestamp"), "last_event_timestamp is missing"),
    (lambda root: root["totals"].update(files=3), "totals.files is 3"),
    (lambda root: root["totals"].update(records=4), "totals.records is 4"),
    (lambda root: root["totals"].pop("size"), "totals.size is None"),
    (lambda root: root["partitions"].pop(), "no partition"),
    (lambda root: root["partitions"].reverse(), "partitions are not sorted"),
    (lambda root: root["partitions"][0].update(records=4), "records is 4, its files hold 3"),
    (lambda root: root["partitions"][0].update(date="2025-02-30"), "no such date"),
    (lambda root: root.update(archive_id="9F" * 16), "archive_id is"),
    (lambda root: root.pop("synced_to"), "synced_to is missing"),
    (lambda root: root.update(synced_to="2025-02-25"), "synced_to is '2025-02-25'"),
    (lambda root: root.update(synced_to="2025-02-26T00:00:00.000000Z"), "later than written_at"),
    (lambda root: root.pop("complete_through"), "complete_through is missing"),
    (lambda root: root.update(complete_through="2025-02-30"), "complete_through is '2025-02-30'"),
    (lambda root: root.update(complete_through="2025-02-25"), "2025-02-25 was not over yet"),
    (lambda root: root.update(complete_through="2024-12-31"), "before the start"),
    (
        lambda root: root["partitions"][0].update(state="open"),
        "complete_through is 2025-02-24, but 2025-02-23 is open",
    ),
    (lambda root: root["partitions"][0].update(state="open"), "2025-02-23 is open"),
    (lambda root: root.pop("pending"), "pending is not an array"),
    (lambda root: root["pending"].append({"from": "x"}), "pending has"),
    (
        lambda root: root["pending"].extend(
            {"from": f"2025-02-0{day}T00:00:00.000000Z", "to": f"2025-02-0{day + 1}T00:00:00.000000Z"}
            for day in (1, 2)
        ),
        "its times touch",
    ),
    (lambda root: root.pop("checked"), "checked is not an array"),
    (lambda root: root["checked"][0].update(checked_at="x"), "checked_at is 'x'"),
    (lambda root: root["checked"][0].update(api_count=-1), "api_count is -1"),
    (lambda root: root["checked"][0].update(archive_count=2), "the partitions hold, 3"),
    (lambda root: root["checked"][0].update(api_count=2), "nothing says why"),
    (lambda root: root["checked"][1].update(unexplained="2"), "unexplained is '2'"),
    (lambda root: root["checked"][1].update({"from": "2025-02-23"}), "a date is in two runs"),
    (lambda root: root["checked"][1].update(to="2025-02-25"), "2025-02-25 is open"),
    (lambda root: root["checked"][1].update(to="2025-02-23"), "not a run of dates"),
    (lambda root: root["checked"].reverse(), "not sorted"),
    (
        lambda root: (root["checked"][1].pop("unexplained"), root["checked"][1].update(api_count=0)),
        "one run with the one before",
    ),
    (lambda root: root["holds"][0].pop("reason"), "has no name or reason"),
    (lambda root: root["pruned"][0].update(to="2025-02-23"), "3 events are there all the same"),
    (lambda root: root["pruned"][0].pop("pruned_at"), "has no records, pruned_at or reason"),
    (lambda root: root["files"][0].update(archived_at="x"), "archived_at is not"),
    (lambda root: root["files"][0].update(replaces=0), "replaces is 0"),
    (lambda root: root["quarantine"].pop(), "there but not in the manifest"),
    (lambda root: root["quarantine"][0].update(sha256="0" * 64), "the manifest says '000"),
    (lambda root: root["quarantine"][0].update(records=3), "the manifest says 3"),
    (
        lambda root: root["quarantine"].append({"path": "quarantine/quarantine-000043-00.ndjson.gz"}),
        "in the manifest but not there",
    ),
    (lambda root: root["files"].reverse(), "files are not sorted"),
    (lambda root: root["files"].append(root["files"][1]), "listed 2 times"),
    (lambda root: root["files"].pop(0), "does not belong"),
    (
        lambda root: root["files"][0].update(path=DAY.replace("-00.", "-0.")),
        "not the path of a data file",
    ),
    (lambda root: root["files"][0].update(path=DAY.replace("-00.", "-01.")), "cannot be read"),
    (lambda root: root["files"][0].update(date="2025-02-22"), "differ in the date"),
    (lambda root: root["files"][0].update(generation=1), "differ in the generation"),
    (lambda root: root["files"][0].update(sha256="0" * 64), "sha256 differs"),
    (lambda root: root["files"][0].update(sha256="0"), "sha256 is '0'"),
    (lambda root: root["files"][0].update(size=1), "the manifest says 1"),
    (lambda root: root["files"][0].update(uncompressed_size=1), "inflates to"),
    (lambda root: root["files"][0].update(records=1), "has 3 lines, not 1"),
    (
        lambda root: root["files"][0].update(first_event_timestamp="2025-02-23T14:30:00.123457Z"),
        "first_event",
    ),
    (
        lambda root: root["files"][0].update(last_event_timestamp="2025-02-23T14:30:00.123456Z"),
        "last_event",
    ),
]

# What is done to a file of a written archive, and what the checker must say.
FILE_DAMAGE: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("manifest.json", lambda _: b"[]", "not an object"),
    ("manifest.json", lambda _: b"{", "not JSON"),
    ("manifest.json", lambda old: old.replace(b"\n    {", b" {"), "one entry a line"),
    ("manifest.json", lambda old: old.replace(b'"stream"', b'"format"'), "occurs 2 times"),
    ("manifest.json", lambda old: old.replace(b"Acme", b"Acne"), "sha256_above is"),
    ("manifest.json", lambda old: old[:-89] + b"\n}\n", "not the last member"),
    ("manifest.json", lambda old: old[:-3] + b',\n  "x": 1\n}\n', "not the last member"),
    ("manifest.json", lambda old: old + b"\n", "not on the last line but one"),
    (DAY, lambda old: old[:3] + b"\x08" + old[4:10] + b"n\0" + old[10:], "header flags are 0x08"),
    (DAY, lambda old: old[:4] + b"\x01" + old[5:], "holds a time"),
    (DAY, lambda old: old + b"\0", "1 bytes follow"),
    (DAY, lambda old: old + compress(b""), "bytes follow"),
    (DAY, lambda old: old[:-9], "truncated"),
    (DAY, lambda old: old[:-8] + b"\0\0\0\0" + old[-4:], "wrong CRC-32"),
    (DAY, lambda old: old[:-1] + b"\x01", "wrong length"),
    (DAY, lambda old: old[:10] + b"\xff" + old[11:], "corrupt deflate data"),
    (DAY, lambda _: b"text", "not a gzip file"),
    (DAY, lambda _: compress(event("a", TIME)), "not ended by LF"),
    (QUARANTINE, lambda old: old + old, "bytes follow"),
    ("quarantine/other.gz", lambda _: b"", "not the name of a quarantine file"),
    (
        "quarantine/quarantine-000043-00.ndjson.gz",
        lambda _: compress(b""),
        "from a later generation",
    ),
    ("extra", lambda _: b"", "does not belong"),
    ("audit_logs/_SUCCESS", lambda _: b"", "does not belong"),
    (DAY.replace("-00.", "-01."), lambda _: b"", "does not belong"),
]


class CheckerTests(unittest.TestCase):
    """Runs the program on archives in a fresh folder."""

    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.count = 0

    def fresh(self, sample: Sample | None = None) -> tuple[str, dict]:
        """Writes an archive and returns its folder and manifest."""
        self.count += 1
        root = os.path.join(self.folder.name, str(self.count))
        os.mkdir(root)
        return root, (sample or Sample()).write(root)

    def run_checker(self, *arguments: str) -> tuple[int, str]:
        """Exit code and standard output."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = check_archive.main(list(arguments))
        return code, output.getvalue()

    def assert_fault(self, expected: str, *arguments: str) -> None:
        """The checker must end with 1 and say `expected`."""
        code, output = self.run_checker(*arguments)
        self.assertEqual(code, 1, output)
        self.assertIn(expected, output)

    def expectation(self, lines: list[bytes]) -> str:
        """A file of these lines."""
        put(self.folder.name, "expected.ndjson", joined(lines))
        return os.path.join(self.folder.name, "expected.ndjson")

    def test_sound(self) -> None:
        code, output = self.run_checker(self.fresh()[0])
        self.assertEqual(code, 0, output)
        self.assertEqual(output.count("\n"), 1)
        found = json.loads(output)
        self.assertEqual((found["files"], found["records"], found["quarantined"]), (2, 5, 2))
        self.assertEqual(found["last_event_timestamp"], "2025-02-25T00:00:00.000000Z")

    def test_as_a_program(self) -> None:
        root, _ = self.fresh()
        command = [sys.executable, "-B", CHECKER]
        sound = subprocess.run([*command, root], capture_output=True, text=True, check=False)
        self.assertEqual((sound.returncode, sound.stderr), (0, ""))
        os.remove(os.path.join(root, DAY))
        bad = subprocess.run([*command, root], capture_output=True, text=True, check=False)
        self.assertEqual((bad.returncode, bad.stderr), (1, ""))
        self.assertIn("cannot be read", bad.stdout)

    def test_empty(self) -> None:
        root, manifest = self.fresh(Sample(days={}, last_event=None, quarantined=[]))
        manifest["checked"][0]["from"] = "2025-02-21"
        put(root, "manifest.json", text(manifest | {"organization": None}))
        self.assertEqual(self.run_checker(root)[0], 0)

    def test_future_events_alone(self) -> None:
        days = {"2025-02-25": [event("e", "2025-02-25T13:00:00Z")]}
        root, _ = self.fresh(Sample(days=days, last_event=None))
        self.assertEqual(self.run_checker(root)[0], 0)

    def test_not_json_in_quarantine(self) -> None:
        lines = [not_json(b"null", b'"e04="'), not_json(b"null", b'"/w=="'), quarantined("x", b"1")]
        code, output = self.run_checker(self.fresh(Sample(quarantined=lines))[0])
        self.assertEqual(code, 0, output)
        self.assertEqual(json.loads(output)["quarantined"], 3)

    def test_unknown_keys(self) -> None:
        root, manifest = self.fresh()
        put(root, "manifest.json", text({"odd": [{"from": "a"}, {"from": "b"}], "x": 1} | manifest))
        self.assertEqual(self.run_checker(root)[0], 0)

    def test_sample_damage(self) -> None:
        for spoil, expected in SAMPLE_DAMAGE:
            with self.subTest(expected):
                sample = Sample()
                spoil(sample)
                self.assert_fault(expected, self.fresh(sample)[0])

    def test_manifest_damage(self) -> None:
        for spoil, expected in MANIFEST_DAMAGE:
            with self.subTest(expected):
                root, manifest = self.fresh()
                spoil(manifest)
                put(root, "manifest.json", text(manifest))
                self.assert_fault(expected, root)

    def test_file_damage(self) -> None:
        for path, spoil, expected in FILE_DAMAGE:
            with self.subTest(path=path, expected=expected):
                root, _ = self.fresh()
                old = b""
                if os.path.exists(os.path.join(root, path)):
                    with open(os.path.join(root, path), "rb") as file:
                        old = file.read()
                put(root, path, spoil(old))
                self.assert_fault(expected, root)

    def test_modes(self) -> None:
        for path, mode, sound in [
            (DAY, 0o600, True),
            (DAY, 0o644, False),
            (DAY, 0o660, False),
            (DAY, 0o440, False),
            ("audit_logs", 0o700, True),
            ("audit_logs", 0o755, False),
            ("manifest.json", 0o740, False),
            (".captivateiq-export/lock", 0o666, False),
        ]:
            with self.subTest(path=path, mode=oct(mode)):
                root, _ = self.fresh()
                os.chmod(os.path.join(root, path), mode)
                self.assertEqual(self.run_checker(root)[0], 0 if sound else 1)

    def test_links_and_empty_folders(self) -> None:
        root, _ = self.fresh()
        os.rename(os.path.join(root, DAY), os.path.join(root, ".captivateiq-export/moved"))
        os.symlink(os.path.join(root, ".captivateiq-export/moved"), os.path.join(root, DAY))
        self.assert_fault("not a regular file", root)
        root, _ = self.fresh()
        os.mkdir(os.path.join(root, "audit_logs/date=2025-02-24"), 0o750)
        self.assert_fault("does not belong", root)

    def test_missing_manifest(self) -> None:
        root = os.path.join(self.folder.name, "none")
        os.mkdir(root)
        self.assert_fault("manifest.json: missing", root)
        self.assertEqual(self.run_checker(root, "--allow-missing-manifest")[0], 0)
        put(root, DAY, compress(joined([event("a", TIME)])))
        self.assert_fault("does not belong", root, "--allow-missing-manifest")
        self.assert_fault("not a folder", os.path.join(root, "nowhere"))

    def test_expected(self) -> None:
        root, _ = self.fresh()
        lines = [line for day in Sample().days.values() for line in day]
        self.assertEqual(self.run_checker(root, "--expect", self.expectation(lines[::-1]))[0], 0)
        self.assert_fault(
            "missing from", root, "--expect", self.expectation([*lines, event("z", TIME)])
        )
        self.assert_fault("not an expected event", root, "--expect", self.expectation(lines[1:]))
        changed = [lines[0].replace(b"org_1", b"org\\u005f1"), *lines[1:]]
        self.assert_fault("not an expected event", root, "--expect", self.expectation(changed))
        self.assert_fault("missing from", root, "--expect", self.expectation(changed))

    def test_expected_subset(self) -> None:
        root, _ = self.fresh()
        lines = [line for day in Sample().days.values() for line in day]
        more = self.expectation([*lines, event("z", TIME)])
        self.assertEqual(self.run_checker(root, "--expect-subset", more)[0], 0)
        self.assert_fault(
            "not an expected event", root, "--expect-subset", self.expectation(lines[1:])
        )


class WhiteSpaceTests(unittest.TestCase):
    """White space counts outside of strings only, whatever escapes the strings hold."""

    def test_escapes(self) -> None:
        for line, expected in [
            (rb'{"a":"b c","d":[1,2]}', False),
            (rb'{"a":"\" c"}', False),
            (rb'{"a":"\\\" c"}', False),
            (rb'{"a":"\\" }', True),
            (rb'{"a":"\"" ,"b":1}', True),
            (b'{"a":\t1}', True),
            (b'{"a":1}\r', True),
        ]:
            self.assertIs(events.has_white_space(line), expected, line)


class TimestampTests(unittest.TestCase):
    """The integer arithmetic of timestamps."""

    def test_parse(self) -> None:
        for given, expected in [
            ("2025-02-23T14:30:00Z", "2025-02-23T14:30:00.000000Z"),
            ("2025-02-23t14:30:00.1z", "2025-02-23T14:30:00.100000Z"),
            ("2025-02-23T14:30:00.123456999Z", "2025-02-23T14:30:00.123456Z"),
            ("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z"),
            ("2025-03-01T00:30:00+01:00", "2025-02-28T23:30:00.000000Z"),
            ("2024-02-28T23:30:00-01:00", "2024-02-29T00:30:00.000000Z"),
            ("2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.999999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ]:
            micros = timestamps.parse(given)
            self.assertIsNotNone(micros, given)
            self.assertEqual(timestamps.canonical(micros or 0), expected)

    def test_refuse(self) -> None:
        for given in [
            None,
            7,
            "",
            "2025-02-23",
            "2025-02-29T00:00:00Z",
            "2025-02-23T24:00:00Z",
            "2025-02-23T14:30:00",
            "2025-02-23T14:60:00Z",
            "2025-02-23T14:30:61Z",
            "2025-02-23T14:30:00.Z",
            "2025-02-23T14:30:00+24:00",
            "2025-02-23T14:30:00.1234567891Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "٢025-02-23T14:30:00Z",
            "2025-02-23 14:30:00Z",
            "2025-02-23T14:30:00Z\n",
        ]:
            self.assertIsNone(timestamps.parse(given), given)


if __name__ == "__main__":
    unittest.main()
