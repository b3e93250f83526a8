"""Writes the data files of an archive that has synced so many times a day for so many days, one event a file.

    many_files.py ARCHIVE DAYS FILES_A_DAY

`captivateiq-export rebuild` makes the archive of them.
"""

import datetime
import gzip
import json
import os
import sys
import uuid


def main():
    archive, days, files_a_day = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    today = datetime.datetime.now(datetime.timezone.utc).date()
    step = 86_400 // files_a_day
    generation = 0
    for age in range(days, 0, -1):
        date = today - datetime.timedelta(days=age)
        folder = os.path.join(archive, "audit_logs", f"date={date}")
        os.makedirs(folder, mode=0o750)
        for number in range(files_a_day):
            generation += 1
            path = os.path.join(folder, f"audit_logs-{date}-{generation:06}-00.ndjson.gz")
            with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o640)) as file:
                file.write(gzip.compress(line(date, number * step, generation), 6, mtime=0))


def line(date, second, number):
    time = f"{date}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000000Z"
    event = {
        "id": str(uuid.UUID(int=number << 64 | 0x4000_8000_0000_0000_0000 | number)),
        "object": "audit_log",
        "organization_id": "org_123456",
        "organization_name": "Acme Corp",
        "user_id": f"user_{number % 40:03}",
        "user_name": "Jane Admin",
        "user_email": f"user.{number % 40:03}@example.com",
        "ip_address": "203.0.113.52",
        "created_at": time,
        "event_type": "update",
        "version": 1,
        "object_id": f"obj_{number}",
        "object_name": "Payee Statements",
        "object_type": "column",
        "parent_objects": [],
    }
    return json.dumps(event, separators=(",", ":")).encode() + b"\n"


main()
