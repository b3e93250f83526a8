#!/usr/bin/env python3
"""Opens a report in Chromium, and compares its numbers with those that DuckDB computes from the archive.

usage: browser_report.py EXPORTER [--hostile] [--pictures FOLDER] ARCHIVE

With --hostile the archive is made first, of events whose names are markup, controls and worse. Prints what is wrong, or ok."""

import argparse
import base64
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile

import duckdb
import sample_archive
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

WIDTHS = (360, 1280)
# What may stand beyond the edges of the page: nothing at all.
OVERFLOW = """
const width = document.documentElement.clientWidth, beyond = [];
for (const element of document.body.querySelectorAll('*')) {
  if (element.closest('.defs')) continue;
  const box = element.getBoundingClientRect();
  if (box.width > 0 && (box.right > width + 0.5 || box.left < -0.5)) beyond.push(element.outerHTML.slice(0, 120));
}
return [document.documentElement.scrollWidth, width, beyond.slice(0, 3)];
"""
TABLE = """
const table = document.getElementById(arguments[0]);
if (!table) return null;
return [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => {
  const small = cell.querySelector('small');
  return small ? small.textContent : cell.textContent;
}));
"""
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title></style><h1>&lt;b&gt; & 'q'", "x\u009b2J\x1b[2J\x7f\0y",
    "a\u202egnp.exe\u2069", "line\u2028two\u2029\r\n\tthree", "W" * 300, "=HYPERLINK(1)", "{{7*7}}${7*7}", "\ufeff", " ",
]

faults: list[str] = []


def expect(found: object, wanted: object, what: str) -> None:
    """Notes a fault where the two differ."""
    if found != wanted:
        faults.append(f"{what}: the report has {found!r}, and it is {wanted!r}")


def browser() -> webdriver.Chrome:
    """A headless Chromium that keeps what the page logs and asks for."""
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


def look(driver: webdriver.Chrome, url: str, width: int, media: str, scheme: str) -> None:
    """Opens the page in one form."""
    name = f"{width} {media} {scheme}"
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
    driver.get(url)
    scroll, client, beyond = driver.execute_script(OVERFLOW)
    if scroll > client or beyond:
        faults.append(f"{name}: {scroll} wide where {client} are: {beyond}")
    for entry in driver.get_log("browser"):
        faults.append(f"{name}: the console says {entry['message']}")
    asked = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    urls = [entry["params"]["request"]["url"] for entry in asked if entry["method"] == "Network.requestWillBeSent"]
    if set(urls) - {url}:
        faults.append(f"{name}: it asks for {urls}")
    if driver.execute_script("return document.scripts.length + document.images.length + document.links.length"):
        faults.append(f"{name}: there are scripts, pictures or links")
    background = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
    expect(background, "rgb(255, 255, 255)" if media == "print" or scheme == "light" else "rgb(13, 17, 23)", f"{name}: its paper")


def picture(driver: webdriver.Chrome, path: str, width: int) -> None:
    """Keeps a picture of the whole page."""
    height = driver.execute_script("return document.documentElement.scrollHeight")
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    )
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    with open(path, "wb") as file:
        file.write(base64.b64decode(shot["data"]))


def number(text: str) -> int:
    """A figure with separators."""
    return int(text.replace(",", ""))


def numbers(text: str) -> list[int]:
    """All figures of a sentence."""
    return [number(part) for part in re.findall(r"\d[\d,]*", text)]


class Archive:
    """The events as DuckDB reads them."""

    def __init__(self, root: str) -> None:
        with open(os.path.join(root, "manifest.json"), encoding="utf-8") as file:
            self.manifest = json.load(file)
        names = ("id", "created_at", "event_type", "ip_address", "user_id", "user_email", "logged_in_user_id",
                 "logged_in_user_email", "object_id")
        columns = ", ".join(f"{name}: 'VARCHAR'" for name in names)
        self.database = duckdb.connect()
        self.database.execute("set TimeZone = 'UTC'")
        self.database.execute(
            f"create table events as select * exclude created_at, created_at::timestamptz as time from read_json("
            f"'{root}/audit_logs/*/*.ndjson.gz', format = 'newline_delimited', columns = {{{columns}}}, filename = true)"
        )

    def rows(self, query: str) -> list[tuple]:
        """What a query gives."""
        return self.database.execute(query).fetchall()

    def lateness(self) -> list[int]:
        """Events by how long after them their file came."""
        came = {file["path"]: file["archived_at"] for file in self.manifest["files"]}
        begin = min(came.values())
        classes = [1, 6, 24, 48, 168, 10**9]
        counts = [0] * 9
        for name, time in self.rows("select filename, epoch_us(time) from events"):
            archived = micros(came[name[name.index("audit_logs/"):]])
            if time < micros(begin):
                counts[6] += 1
            elif time > archived:
                counts[8] += 1
            else:
                hours = -(-(archived - time) // 3_600_000_000)
                counts[next(index for index, end in enumerate(classes) if hours <= end)] += 1
        return counts


def micros(text: str) -> int:
    """Microseconds since 1970."""
    time = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (time - datetime.datetime.fromtimestamp(0, datetime.timezone.utc)) // datetime.timedelta(microseconds=1)


def compare(driver: webdriver.Chrome, archive: Archive) -> None:
    """Compares every table of the page with the archive."""

    def table(name: str) -> list[list[str]]:
        return driver.execute_script(TABLE, name) or []

    def text(name: str) -> str:
        return driver.execute_script("return document.getElementById(arguments[0]).textContent", name)

    total = archive.rows("select count(*) from events")[0][0]
    facts = driver.execute_script("return [...document.querySelectorAll('dd')].map(fact => fact.textContent)")
    expect(number(facts[0]), total, "events")
    months = dict(archive.rows("select strftime(time, '%Y-%m'), count(*) from events group by all"))
    days = dict(archive.rows("select strftime(time, '%Y-%m'), count(distinct time::date) from events group by all"))
    for row in table("months"):
        expect((number(row[1]), number(row[2])), (months.get(row[0], 0), days.get(row[0], 0)), f"the month {row[0]}")
    expect(sum(number(row[1]) for row in table("months")), total, "the sum of the months")
    weekdays = dict(archive.rows("select isodow(time), count(*) from events group by all"))
    expect([number(row[1]) for row in table("weekdays")], [weekdays.get(day, 0) for day in range(1, 8)], "the weekdays")
    hours = dict(archive.rows("select hour(time), count(*) from events group by all"))
    expect([number(row[1]) for row in table("hours")], [hours.get(hour, 0) for hour in range(24)], "the hours")
    types = archive.rows("select event_type, count(*) from events group by all order by 2 desc, 1 limit 15")
    expect([(row[0], number(row[1])) for row in table("types")], types, "the types")
    people = dict(archive.rows("select user_email, count(*) from events group by all"))
    expect({row[0]: number(row[1]) for row in table("people")},
           {row[0]: people.get(row[0], 0) for row in table("people")}, "the people")
    expect([number(row[1]) for row in table("people")], sorted(people.values(), reverse=True)[:15], "their order")
    pairs = {(one, other): (count, first, last) for one, other, count, first, last in archive.rows(
        "select logged_in_user_email, user_email, count(*), strftime(min(time), '%Y-%m-%d %H:%M'), "
        "strftime(max(time), '%Y-%m-%d %H:%M') from events where user_id <> logged_in_user_id group by all")}
    for row in table("impersonation"):
        expect((number(row[2]), row[3], row[4]), pairs.get((row[0], row[1])), f"{row[0]} as {row[1]}")
    expect(len(table("impersonation")), min(25, len(pairs)), "the combinations")
    notable = archive.rows(
        "select count_if(k = 1), count_if(k = 2), count_if(k = 3) from (select case when t like '%delete%' then 1 when "
        "t like '%export%' then 2 when t like '%approv%' then 3 end as k from (select lower(event_type) as t from events))")
    expect(numbers(text("notable-sums")), list(notable[0]), "deletions, exports, approvals")
    addresses = archive.rows("select count(distinct ip_address) from events")[0][0]
    expect(numbers(text("address-sums")), [addresses, addresses], "the addresses")
    first = dict(archive.rows("select ip_address, strftime(min(time), '%Y-%m-%d %H:%M') from events group by all"))
    for row in table("addresses"):
        expect(row[0], first.get(row[1]), f"the first use of {row[1]}")
    expect([number(row[1]) for row in table("lateness")], archive.lateness(), "lateness")
    files = archive.manifest["files"]
    expect(numbers(text("file-sums"))[:2], [len(files), total], "the files")
    expect(sum(number(row[3]) for row in table("files")), sum(file["size"] for file in files), "their bytes")
    expect(sum(number(row[1]) for row in table("quarantine")),
           sum(file["records"] for file in archive.manifest["quarantine"]), "the quarantine")


def make_hostile(root: str) -> None:
    """An archive of names that would be markup, or that a reader's eye would obey."""
    day = []
    for index, name in enumerate(HOSTILE):
        person = {f"{role}_{key}": name for role in ("user", "logged_in_user") for key in ("id", "name", "email")}
        person["logged_in_user_id"] = name + "!"
        day.append(sample_archive.event(
            f"h{index:02}", f"2025-02-23T00:00:{index:02}Z", **person, event_type=name, object_id=name, object_name=name,
            object_type=name, ip_address=name, data={"changes": {name: {"old": name, "new": None}}}))
    day.append(sample_archive.event("h90", "2025-02-23T00:01:00Z"))
    os.mkdir(root)
    sample_archive.Sample(
        days={"2025-02-23": day, "2999-12-31": [sample_archive.event("z", "2999-12-31T23:59:59Z")]},
        states={"2025-02-23": "closed", "2999-12-31": "open"}, last_event="2025-02-23T00:01:00.000000Z",
        quarantined=[sample_archive.quarantined("<b>not a reason</b>", b'{"a":"<i>"}')]).write(root)


def main() -> None:
    """Makes the report and looks at it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("exporter")
    parser.add_argument("--hostile", action="store_true")
    parser.add_argument("--pictures")
    parser.add_argument("archive")
    options = parser.parse_args()
    if options.hostile:
        make_hostile(options.archive)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "report.html")
        made = subprocess.run([options.exporter, "report", "--archive", options.archive, "--output", path], check=False,
                              capture_output=True, text=True)
        if made.returncode != 0:
            sys.exit(f"report ended with {made.returncode}: {made.stdout}{made.stderr}")
        driver = browser()
        try:
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    look(driver, f"file://{path}", width, "screen", scheme)
                    if options.pictures:
                        picture(driver, f"{options.pictures}/{width}-{scheme}.png", width)
            # A4 less its margins, at 96 pixels an inch.
            look(driver, f"file://{path}", 688, "print", "dark")
            if options.pictures:
                picture(driver, f"{options.pictures}/print.png", 688)
            if options.hostile:
                source = driver.execute_script("return document.body.textContent")
                expect(source.count("<script>alert(1)</script>") > 0, True, "the name that is a script, as text")
                expect(driver.execute_script("return document.querySelectorAll('b, i, img, h1').length"), 1, "its headings")
            else:
                driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "screen"})
                compare(driver, Archive(options.archive))
        finally:
            driver.quit()
    print("\n".join(faults) or "ok")
    sys.exit(1 if faults else 0)


main()
