"""What the evidence log of an archive costs: the mean bytes of an `add`, and of the costliest `compact` how many times as
many bytes it has as it may have: 2 % of the file that was made, or 2,000.

usage: log_cost.py ARCHIVE
"""

import json
import pathlib
import sys

archive = pathlib.Path(sys.argv[1])
sizes = {
    pathlib.PurePath(file["path"]).name: file["size"]
    for file in json.loads((archive / "manifest.json").read_bytes())["files"]
}
adds, compacts = [], [0]
for log in sorted((archive / "evidence" / "log").glob("*.ndjson")):
    for line in log.read_bytes().splitlines(keepends=True):
        entry = json.loads(line)
        if entry["op"] == "add":
            adds.append(len(line))
        elif entry["op"] == "compact":
            merged = sum(sizes.get(pathlib.PurePath(file[0]).name, 0) for file in entry["files"])
            compacts.append(len(line) / max(2_000, merged * 0.02))
print(f"add={sum(adds) / max(1, len(adds)):.1f}\ncompact={max(compacts):.3f}")
