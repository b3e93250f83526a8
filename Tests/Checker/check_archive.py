#!/usr/bin/env python3
"""Checks an archive against the description of its format, independently of its writer.

Prints every fault on a line and exits with 1; or a summary as one line of JSON and exits with 0.
"""

import argparse
import json
import os
import sys

from archive_checker import contents, manifest, quarantine, timestamps, tree
from archive_checker.faults import Faults


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Reads the command line's arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", metavar="ARCHIVE", help="the archive's folder")
    expected = parser.add_mutually_exclusive_group()
    expected.add_argument(
        "--expect",
        metavar="FILE",
        help="the archive must hold exactly these lines, byte for byte, each once",
    )
    expected.add_argument(
        "--expect-subset",
        metavar="FILE",
        help="the archive must hold none but these lines, each at most once",
    )
    parser.add_argument(
        "--allow-missing-manifest",
        action="store_true",
        help="accept an archive to which nothing was ever committed",
    )
    return parser.parse_args(arguments)


def read_manifest(root: str, may_miss: bool, faults: Faults) -> manifest.Manifest:
    """Reads the manifest; an archive without one is empty."""
    try:
        with open(os.path.join(root, manifest.NAME), "rb") as file:
            text = file.read()
    except FileNotFoundError:
        faults.check(may_miss, manifest.NAME, "missing")
        return manifest.Manifest()
    return manifest.parse(text, faults)


def summary(found: manifest.Manifest, quarantined: int) -> dict[str, object]:
    """What a sound archive holds."""
    last = None if found.last_event is None else timestamps.canonical(found.last_event)
    totals = {"files": 0, "size": 0, "uncompressed_size": 0, "records": 0} | found.totals
    return {
        "generation": found.generation,
        **totals,
        "quarantined": quarantined,
        "last_event_timestamp": last,
    }


def main(command_line: list[str]) -> int:
    """Checks the archive the command line names and returns the exit code."""
    arguments = parse_arguments(command_line)
    expected = arguments.expect or arguments.expect_subset
    expectation = contents.Expectation(expected, arguments.expect is None) if expected else None
    faults = Faults()
    if not os.path.isdir(arguments.archive):
        faults.add(arguments.archive, "not a folder")
        print("\n".join(faults.lines))
        return 1
    found = read_manifest(arguments.archive, arguments.allow_missing_manifest, faults)
    tree.check(arguments.archive, found, faults)
    contents.Contents(arguments.archive, found, expectation, faults).check()
    quarantined = quarantine.check(arguments.archive, found, faults)
    print("\n".join(faults.lines) if faults.lines else json.dumps(summary(found, quarantined)))
    return 1 if faults.lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
