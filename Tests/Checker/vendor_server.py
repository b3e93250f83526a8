#!/usr/bin/env python3
"""A listing that answers as the API does but for one oddity, given by its name.

Prints `listening on http://127.0.0.1:PORT` and runs until it is killed. `/_switch` lets the oddity begin where it begins
later, `/_requests` tells how many pages were asked for.
"""

import datetime
import json
import random
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

START = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def event(number, minutes_ago, **changes):
    moment = START - datetime.timedelta(minutes=minutes_ago)
    record = {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "object": "audit_log",
        "organization_id": "org_1",
        "organization_name": "Acme",
        "created_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "event_type": "update",
        "data": {"n": number},
    }
    return record | changes


def events(count):
    """Events a minute apart, the oldest first."""
    return [event(number, count - number) for number in range(count)]


class Vendor:
    """The listing without any oddity; it has 30 events."""

    count = 30
    most_rows = 1000

    def __init__(self):
        self.is_switched = False
        self.requests = 0
        self.rows = events(self.count)

    def listed(self, first, last):
        """The rows of the days from `first` to `last`."""
        return [row for row in self.rows if first <= str(row["created_at"])[:10] <= last]

    def total(self, rows, page):
        return len(rows)

    def page(self, first, last, limit, offset):
        """The answer to one request, as bytes."""
        rows = self.listed(first, last)
        page = rows[offset : offset + min(limit, self.most_rows)]
        end = offset + len(page)
        following = f"http://127.0.0.1/?offset={end}" if page and end < len(rows) else None
        envelope = {"object": "list", "total_count": self.total(rows, page), "next": following}
        return json.dumps(envelope | {"previous": None, "data": [self.sent(row) for row in page]}).encode()

    def sent(self, row):
        return row


class Switch(Vendor):
    """After the switch 20 new rows come, all of another form, on every page."""

    def form(self, row):
        raise NotImplementedError

    def listed(self, first, last):
        if not self.is_switched:
            return super().listed(first, last)
        return super().listed(first, last) + [self.form(event(1000 + number, 0)) for number in range(20)]


class NoZone(Switch):
    def form(self, row):
        return row | {"created_at": row["created_at"].removesuffix("Z")}


class NumericTime(Switch):
    def form(self, row):
        return row | {"created_at": int(START.timestamp())}


class NumericID(Switch):
    def form(self, row):
        return row | {"id": int(row["id"][-12:])}


class NaN(Vendor):
    """One record has a number that Python's json writes by default, and that is no JSON."""

    def page(self, *place):
        return super().page(*place).replace(b'"n": 15}', b'"n": NaN}')


class Mended(Vendor):
    """Events six hours apart. Before the switch three cannot be archived: one is no JSON, one has no string id, and the
    newest, of a day that is not over, has no zone."""

    def __init__(self):
        super().__init__()
        self.rows = [event(number, (self.count - number) * 360) for number in range(self.count)]

    def page(self, *place):
        page = super().page(*place)
        return page if self.is_switched else page.replace(b'"n": 9}', b'"n": NaN}')

    def sent(self, row):
        if self.is_switched:
            return row
        changes = {15: {"id": 15}, 29: {"created_at": row["created_at"].removesuffix("Z")}}
        return row | changes.get(row["data"]["n"], {})


class RowTwice(Vendor):
    """One row is listed twice, and counted so."""

    def __init__(self):
        super().__init__()
        self.rows.insert(20, self.rows[19])


class ShortTotal(Vendor):
    """Pages have fewer rows than were asked for, and `total_count` counts those of the page."""

    count = 500
    most_rows = 100

    def total(self, rows, page):
        return len(page)


class SmallestShortTotal(ShortTotal):
    count = 3
    most_rows = 2


class KeyOrder(Vendor):
    """The members of a record come in another order in every answer."""

    count = 300

    def sent(self, row):
        return dict(random.sample(list(row.items()), len(row)))


class VolatileField(Vendor):
    """A member of every record differs from answer to answer."""

    def sent(self, row):
        return row | {"fetched": self.requests}


VENDORS = {
    "no-zone": NoZone,
    "numeric-time": NumericTime,
    "numeric-id": NumericID,
    "nan": NaN,
    "mended": Mended,
    "row-twice": RowTwice,
    "short-total": ShortTotal,
    "smallest-short-total": SmallestShortTotal,
    "key-order": KeyOrder,
    "volatile-field": VolatileField,
}


def handler(vendor):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            url = urlsplit(self.path)
            if url.path == "/_switch":
                vendor.is_switched = True
                body = b"{}"
            elif url.path == "/_requests":
                body = str(vendor.requests).encode()
            else:
                vendor.requests += 1
                query = {name: values[-1] for name, values in parse_qs(url.query).items()}
                days = query.get("start_date", "0"), query.get("end_date", "9")
                body = vendor.page(*days, int(query.get("limit", 50)), int(query.get("offset", 0)))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def main():
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(VENDORS[sys.argv[1]]())) as server:
        print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
