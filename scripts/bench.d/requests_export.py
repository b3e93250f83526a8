#!/usr/bin/env python3
"""What a person would write by hand: requests, one page after the other, and a gzip file a day.

usage: requests_export.py BASE_URL FOLDER START_DATE"""

import gzip
import json
import os
import sys

import requests

base, folder, start = sys.argv[1:4]
session = requests.Session()
session.headers["Authorization"] = "Token " + os.environ["CAPTIVATEIQ_API_TOKEN"]
files = {}
offset, total = 0, 1
while offset < total:
    answer = session.get(
        base + "/ciq/v1/audit-logs/", params={"start_date": start, "limit": 1000, "offset": offset}, timeout=60
    )
    answer.raise_for_status()
    page = answer.json()
    total = page["total_count"]
    offset += len(page["data"])
    for event in page["data"]:
        day = event["created_at"][:10]
        if day not in files:
            files[day] = gzip.open(os.path.join(folder, day + ".ndjson.gz"), "at", compresslevel=6)
        files[day].write(json.dumps(event, separators=(",", ":"), ensure_ascii=False) + "\n")
for file in files.values():
    file.close()
