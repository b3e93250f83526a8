"""Records of any depth are read, as Python's own reader would if it could. Run: python3 -m unittest"""

import contextlib
import io
import json
import tempfile
import unittest

import check_archive
from archive_checker import deep_json, events
from sample_archive import Sample, quarantined

TEXTS = [
    *(" 1 ", "-0.5e+3", '"a\\u00e9\\""', "true", "null", "[]", " [ ] ", "{ }", "[[[]]]", "[[1], {}]"),
    *('[1, [2, {"a": [3], "b": {}}], 4]', '{"a": 1, "a": 2}', '{"b": [[], [[]], {"c": "}"}]}'),
    *('[false , "x" , 2]', "", " ", "[", "]", "[1", "[1,]", "[,1]", "[1 2]", "{", '{"a"}', '{"a":}'),
    *('{"a":1,}', "{1: 2}", "[1}", '{"a": [}', "01", "1.", "-", ".5", "tru", "truee", '"a', "{]"),
    *('"a" "b"', "[] []", "1 1", "[}", "\x0c1", '{"a" 1}', '{,"a":1}', "NaN", "[\xa01]"),
]
DEPTH = 99_000


def value_of(decode, text: str) -> object:
    """The value of a text; ValueError itself where it is refused."""
    try:
        return decode(text)
    except ValueError:
        return ValueError


class DeepTests(unittest.TestCase):
    """Compares with Python's own reader where that can, and checks archives where it cannot."""

    def test_as_the_other_reader(self) -> None:
        for text in TEXTS:
            with self.subTest(text):
                shallow = json.JSONDecoder(parse_constant=events.refuse_constant)
                found = value_of(
                    lambda text: deep_json.decode(text, json.decoder.scanstring, json.loads), text
                )
                self.assertEqual(found, value_of(lambda text: shallow.decode(text.strip(" ")), text))

    def test_in_an_archive(self) -> None:
        for opening, closing in [(b"[", b"]"), (b'[1,{"a":[],"b":', b"}]")]:
            with self.subTest(opening):
                deep = opening * DEPTH + b"1" + closing * DEPTH
                line = b'{"id":"b","created_at":"2025-02-23T14:30:00Z","organization_id":"org_1"'
                line += b',"data":' + deep + b"}"
                sample = Sample(quarantined=[quarantined("changed", line)])
                sample.days["2025-02-23"][0] = line
                code, output = self.check(sample)
                self.assertEqual(code, 0, output[:400])
                sample.quarantined.append(quarantined("changed", line[:-2] + b"}"))
                code, output = self.check(sample)
                self.assertEqual(code, 1)
                self.assertIn("not JSON", output)

    def check(self, sample: Sample) -> tuple[int, str]:
        """Exit code and standard output of the checker for a new archive."""
        output = io.StringIO()
        with tempfile.TemporaryDirectory() as root, contextlib.redirect_stdout(output):
            sample.write(root)
            return check_archive.main([root]), output.getvalue()


if __name__ == "__main__":
    unittest.main()
