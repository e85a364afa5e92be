"""
What the DynamoDB store consumes, and how fast it writes: on the emulator `ministack`, which it starts and ends.

    python benchmarks/dynamodb.py [--views 1000000] [--items 5000] [--rounds 3] [--logs FOLDER]

Units are told twice: as the emulator answers, and by AWS's formula from the sizes of the items that went over the wire
(a write is 1 unit for each KB begun; a strongly consistent read is 1 for each 4 KB begun, of a Query
those of all its items together). Where they differ, the formula is right.
"""

import argparse
import hashlib
import json
import math
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import accumulate, count
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from link import link
from made_up import COUNTING, made_up_view

from footfall.cli.sample import write_sample_logs
from footfall.digest import Lines, make_digester
from footfall.digest.fingerprint import fingerprint_of
from footfall.dimensions import DIMENSIONS, OFF_BY_DEFAULT
from footfall.fields import VISITOR
from footfall.formats import FORMATS
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.pageviews.counting import Counting
from footfall.records import Account, Digest, PageView, Views
from footfall.reports import Period, Query, breakdown, history
from footfall.stores.dynamodb import DynamoDBStore
from footfall.stores.dynamodb.content import additions_of
from footfall.stores.dynamodb.cost import using
from footfall.stores.dynamodb.keys import HASHES, LAST_COMMIT, view_key
from footfall.stores.dynamodb.table import create_table
from footfall.stores.dynamodb.views import write_views
from footfall.stores.dynamodb.visitors import add
from footfall.stores.shapes import KEEP_ALL, Keep
from footfall.stores.signs import LOADED, VIEWED
from footfall.stores.visitors import Came, SiteDay, Visitors
from footfall.tallies import tally

ITEM = ItemMap(DEFAULT_ITEM)
SITE = "www.example.org"
UTC = ZoneInfo("UTC")
PAGES = 1000
FILES_OF_VISITORS = 40
FILES_OF_DIMENSIONS = 40  # of each size, for each dimension
LINK_MS = 20  # that answers take from far away
CALLS = 16  # that the log files are handed over in
FACTS: dict[str, Any] = {
    "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "remote_ip": "198.51.100.7", "total_time": 12, "referrer": "https://www.example.org/blog/articles/counting/",
}  # fmt: skip


@contextmanager
def emulator() -> Iterator[str]:
    """An AWS of our own, at a free port of the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "IOT_MTLS_ENABLED": "0", "MINISTACK_REGION": "eu-west-1"}
    program = str(Path(sys.executable).with_name("ministack"))
    server = subprocess.Popen([program], env={**os.environ, **ours}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def new_store(endpoint: str, keep: Keep = KEEP_ALL) -> DynamoDBStore:
    """A store in an empty table."""
    store = DynamoDBStore(f"bench-{uuid4().hex[:8]}?region=eu-west-1&endpoint={endpoint}", ITEM, keep)
    create_table(store.requests)
    store.prepare("UTC")
    return store


class Formula:
    """Adds up, by AWS's formula, the units of what a store sends and is answered."""

    def __init__(self, store: DynamoDBStore):
        self.read = self.write = self._last = 0
        events = store.requests.client.meta.events
        events.register("before-send.dynamodb.*", self._sent)
        events.register("after-call.dynamodb.*", self._answered)

    def _sent(self, request: Any, **_: Any) -> None:
        body = json.loads(request.body)
        for statement in body.get("Statements", []):
            names = re.findall(r"""['"]([^'"]+)['"](?::\?|=\?)""", statement["Statement"])
            written = statement["Parameters"][: -1 if statement["Statement"].endswith(f'"{HASHES}"=?') else None]
            size = sum(map(len, names)) + sum(map(value_size, written))  # what a condition compares with is not written
            counted = {name[0] for name in names if re.fullmatch(r"[A-Z]\d\d", name)}
            size += len(counted) * 31 * (3 + 4)  # a tally's item grows by this in a month, at most, for each that it counts
            if {"S": LAST_COMMIT[1]} in statement["Parameters"]:
                size, self._last = max(size, self._last), size  # a change costs by the larger of before and after
            self.write += units(size, 1024)
        self.write += "UpdateExpression" in body
        self.read += sum(len(asked["Keys"]) for asked in body.get("RequestItems", {}).values())  # found or not

    def _answered(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name == "Query":
            self.read += units(sum(map(item_size, parsed.get("Items", []))), 4096)
        elif model.name == "GetItem":
            self.read += units(item_size(parsed.get("Item", {})), 4096)
        elif model.name == "BatchGetItem":
            found = [item for items in parsed["Responses"].values() for item in items]
            self.read += sum(units(item_size(item), 4096) - 1 for item in found)


def units(size: int, of: int) -> int:
    """Units are whole, and at least one."""
    return max(1, math.ceil(size / of))


def item_size(item: dict[str, Any]) -> int:
    """Bytes, as AWS counts them."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: dict[str, Any]) -> int:
    """Bytes of a value: a text's UTF-8, half a byte for each digit of a number, and a little for what holds others."""
    ((kind, content),) = value.items()
    if kind == "N":
        return len(content) // 2 + 2
    if kind == "M":
        return 3 + sum(len(name.encode()) + value_size(each) + 1 for name, each in content.items())
    if kind == "B":
        return len(content) * 3 // 4
    if kind == "L":
        return 3 + sum(value_size(each) + 1 for each in content)
    if kind == "SS":
        return sum(len(each.encode()) for each in content)
    return 1 if kind == "BOOL" else len(content if isinstance(content, bytes) else content.encode())


def digests(views: int, counting: Counting = COUNTING) -> Iterator[Digest]:
    """The sample site's log lines in files of so many views each, in the order of time, each digested as it would be."""
    with tempfile.TemporaryDirectory() as folder:
        write_sample_logs(Path(folder), date(2026, 11, 22), days=max(3, min(300, views // 15)))
        lines = sorted(line for path in sorted(Path(folder).iterdir()) for line in path.read_bytes().splitlines())
    lines.sort(key=lambda line: record.request.time if (record := FORMATS["s3"].reader(b"").parse(line)) else 0)
    digester = make_digester("s3", counting)
    is_view = [digester.read([line + b"\n"]).account.views for line in lines]
    for number in count():
        reached = list(accumulate(is_view))
        if not reached or reached[-1] < views:
            return
        end = reached.index(views) + 1
        said = digester.read([b"".join(line + b"\n" for line in lines[:end])])
        yield digest_of(f"2026-11-22-00-00-00-{number:016X}", 1, said)
        lines, is_view = lines[end:], is_view[end:]


def write_units(endpoint: str, logs: Path | None) -> None:
    """What views cost to write, by the size of their files, and by how many are counted together."""
    print("## Write units a view\n")
    print("| views in a file | files | lines | tally items | emulator | formula | reads, formula | $ a million views |")
    print("|---|---|---|---|---|---|---|---|")
    for views, at_once in ((1, 1), (1, 100), (10, 1), (10, 100), (100, 1), (100, 100), (1000, 1), (10_000, 1)):
        write_files(endpoint, f"{views:,}", files_of(views), at_once)
    for at_once in (1, 500) if logs else ():
        write_files(endpoint, f"{logs}", list(digests_of(logs)), at_once)


def write_countries(endpoint: str) -> None:
    """What it adds to count by country, with readers of as many countries as a blog in English has."""
    rng = Random(1)
    weights = [1 / rank**1.6 for rank in range(1, 131)]  # 5 countries in 10 views, 21 in 100 and 68 in 1,000

    def some(count: int) -> list[str | None]:
        return [f"C{number}" for number in rng.choices(range(len(weights)), weights, k=count)]

    print("\n## Write units a view, without countries and with them\n")
    print("| views in a file | without | with | more |")
    print("|---|---|---|---|")
    for views in (1, 10, 100, 1000):
        found = files_of(views)
        without, with_them = (
            write_files(endpoint, "", files, 1, is_shown=False)
            for files in (found, [with_countries(digest, some(len(digest.views))) for digest in found])
        )
        print(f"| {views:,} | {without:.2f} | {with_them:.2f} | {with_them / without - 1:+.0%} |", flush=True)


def write_dimensions(endpoint: str) -> None:
    """What it saves to turn a dimension off, or costs to turn it on; countries have a table of their own."""
    sizes = (1, 10)
    everything = replace(COUNTING, off=frozenset())
    found = {views: files_of(views, everything)[:FILES_OF_DIMENSIONS] for views in sizes}

    def units(off: frozenset[str]) -> list[float]:
        return [
            write_files(endpoint, "", [without(digest, off) for digest in found[views]], 1, is_shown=False) for views in sizes
        ]

    by_default = units(OFF_BY_DEFAULT)
    print("\n## Write units a view, and what a dimension adds that is turned on or off, by the views in a file\n")
    print(f"| dimension | {' | '.join(map(str, sizes))} |\n|---{'|---' * len(sizes)}|")
    print(f"| by default, in all | {' | '.join(f'{each:.2f}' for each in by_default)} |")
    for name in [name for name, row in DIMENSIONS.items() if not row.needed_for and not row.groups and name != "country"]:
        changed = units(OFF_BY_DEFAULT ^ {name})
        added = [f"{there - then:+.2f}" for there, then in zip(changed, by_default, strict=True)]
        print(f"| {name} {'on' if name in OFF_BY_DEFAULT else 'off'} | {' | '.join(added)} |", flush=True)


def without(digest: Digest, dimensions: frozenset[str]) -> Digest:
    """The same file, where these are off."""
    drops = {key: times for key, times in digest.drops.items() if key[1] not in dimensions}
    return digest._replace(views=Views(digest.views.columns, uncounted=dimensions), drops=drops)


def write_visitors(endpoint: str) -> None:
    """
    What it adds to count visitors, two new ones in three views, by how many the day had before.

    And what it adds to know who of them loaded the pages' files: those of one log file do in the next.
    """
    there = (0, 100, 740, 2_000)
    print("\n## Write units a view, without visitors, and with so many of the day before\n")
    print(f"| views in a file | without | {' | '.join(f'{each:,}' for each in there)} |")
    print(f"|---{'|---' * len(there)}|---|")
    for views in (1, 10, 100):
        found = files_of(views)[:FILES_OF_VISITORS]
        nobody = [with_visitors(digest, [None] * len(digest.views)) for digest in found]
        without = write_files(endpoint, "", nobody, 1, is_shown=False)
        for knows_loaders, what in ((False, f"{views:,}"), (True, f"{views:,}, and who loaded files")):
            row = [
                write_files(endpoint, "", files, 1, is_shown=False, visited=before)
                for files, before in (visited(found, number, knows_loaders=knows_loaders) for number in there)
            ]
            print(
                f"| {what} | {without:.2f} | {' | '.join(f'{each:.2f}, {each / without - 1:+.0%}' for each in row)} |",
                flush=True,
            )


def visited(found: Sequence[Digest], number: int, *, knows_loaders: bool) -> tuple[list[Digest], Visitors]:
    """These files with visitors, and so many that each of their days had before."""
    rng, numbers = Random(1), count()

    def who() -> bytes:
        return next(numbers).to_bytes(16, "big")

    known, files, loaded = [who() for _ in range(max(number, 10))], [], {who()}
    for digest in found:
        came = [who() if rng.random() < 2 / 3 else rng.choice(known) for _ in range(len(digest.views))]
        loaders = {(SITE, str(day)): loaded for day in digest.views.column("day")} if knows_loaders else None
        files.append(with_visitors(digest, came)._replace(loaders=loaders))
        loaded = {*came}
    signs = dict.fromkeys(known[:number], VIEWED | LOADED) if knows_loaders else {}
    days = {SiteDay(SITE, str(day)) for digest in found for day in digest.views.column("day")}
    return files, dict.fromkeys(days, Came({*known[:number]}, signs)) if number else {}


def with_visitors(digest: Digest, visitors: Sequence[bytes | None]) -> Digest:
    """The same file, its views of these visitors."""
    return digest._replace(views=Views({**digest.views.columns, VISITOR: visitors}, uncounted=digest.views.uncounted))


def files_of(views: int, counting: Counting = COUNTING) -> list[Digest]:
    """Files of so many views each, which are of no known country."""
    found = [digest for digest, _ in zip(digests(views, counting), range(100 if views < 1000 else 1), strict=False)]
    return [with_countries(digest, [None] * len(digest.views)) for digest in found]


def with_countries(digest: Digest, countries: Sequence[str | None]) -> Digest:
    """The same file, its readers of these countries: the sample's addresses are nobody's."""
    return digest._replace(views=Views({**digest.views.columns, "country": countries}, uncounted=digest.views.uncounted))


def write_files(
    endpoint: str, name: str, found: Sequence[Digest], at_once: int, *, is_shown: bool = True,
    visited: Visitors | None = None,
) -> float:  # fmt: skip
    """
    What these files cost to write, so many at once: units a view, by the formula. A row of the table, where it is shown.

    Days may have been `visited` before.
    """
    store = new_store(endpoint)
    add(store.requests, store._workers, visited or {})
    store.record(found[:1] if len(found) > 1 else [])  # what is noted once
    measured = found[1:] if len(found) > 1 else found
    before, formula = store.pricing.capacity(), Formula(store)
    for start in range(0, len(measured), at_once):
        store.record(measured[start : start + at_once])
    written = sum(len(digest.views) for digest in measured)
    emulated = store.pricing.capacity().write_units - before.write_units
    items = statistics.mean(sum(1 for _ in tally_items(digest)) for digest in measured)
    lines = statistics.mean(digest.account.lines for digest in measured)
    together = f", {at_once} at once" if at_once > 1 else ""
    cost = using(formula.read, formula.write) / written * 1e6
    row = f"{emulated / written:.2f} | {formula.write / written:.2f} | {formula.read / written:.2f} | {cost:.2f}"
    if is_shown:
        print(f"| {name}{together} | {len(measured)} | {lines:,.0f} | {items:,.0f} | {row} |", flush=True)
    store.close()
    return formula.write / written


def digests_of(logs: Path | None) -> Iterator[Digest]:
    """The log files of a folder, each digested as it would be."""
    digester = make_digester("s3", COUNTING)
    for path in sorted(logs.iterdir()) if logs else ():
        content = path.read_bytes()
        said = digester.read([content])
        yield digest_of(path.name, len(content), said)


def digest_of(name: str, size: int, said: Lines) -> Digest:
    """What a file says whose lines say this."""
    sha256, rules = hashlib.sha256(name.encode()).hexdigest(), fingerprint_of("s3", COUNTING)
    return Digest(
        name, 0, True, size, sha256, said.first_time, said.last_time, said.views, said.drops, said.account, rules=rules
    )


def side_by_side(endpoint: str, importers: Sequence[int], logs: Path | None) -> None:
    """What it costs that commits come one after the other: the same files by so many importers at once."""
    found = [digest for digest, _ in zip(digests(10), range(64), strict=False)]
    share_out(endpoint, importers, found, at_once=1)
    if logs:
        found = list(digests_of(logs))
        with link(endpoint, LINK_MS) as slow:
            share_out(slow, importers, found, at_once=len(found) // CALLS, how=f", {LINK_MS} ms away")


def share_out(endpoint: str, importers: Sequence[int], found: Sequence[Digest], at_once: int, how: str = "") -> None:
    """A table: what these files take, so many of them recorded together."""
    calls = [found[start : start + at_once] for start in range(0, len(found), at_once)]
    views = sum(len(digest.views) for digest in found)
    print(f"\n### Importers side by side{how}, {len(found)} files of {views / len(found):.0f} views, {at_once} at once\n")
    print("| importers | files/s | write units a view | read units a view |\n|---|---|---|---|")
    for number in importers:
        first = new_store(endpoint)
        place = first.requests.url.removeprefix("dynamodb:")
        stores = [DynamoDBStore(place, ITEM, KEEP_ALL) for _ in range(number)]
        formulas = [Formula(store) for store in stores]
        with ThreadPoolExecutor(number) as threads:
            began = time.perf_counter()
            list(threads.map(lambda turn, stores=stores: record_each(stores[turn], calls[turn :: len(stores)]), range(number)))
            taken = time.perf_counter() - began
        write, read = (sum(getattr(formula, kind) for formula in formulas) / views for kind in ("write", "read"))
        print(f"| {number} | {len(found) / taken:.1f} | {write:.2f} | {read:.2f} |", flush=True)
        for store in (first, *stores):
            store.close()


def record_each(store: DynamoDBStore, calls: Sequence[Sequence[Digest]]) -> None:
    """Record call after call."""
    for call in calls:
        store.record(call)


def tally_items(digest: Digest) -> Iterator[Any]:
    """The tally's items that a file touches."""
    yield from additions_of([tally(digest.views, digest.drops)])


def many_views(number: int) -> Iterator[PageView]:
    """Views of 1,000 pages in one month, the popular ones more often."""
    for each in range(number):
        at = 1_664_582_400 + each * 31 * 86_400 // number
        page = f"blog/articles/{int((each * 7919 % 1000) ** 2 / 1000):04}" if each >= PAGES else f"blog/articles/{each:04}"
        yield made_up_view(SITE, page, at, each, referrer=f"https://host{each % 40}.example/", **FACTS)


def read_units(endpoint: str, sizes: Sequence[int]) -> None:
    """What reports cost to read, at so many views."""
    period = Period(date(2022, 10, 1), date(2022, 10, 31))
    year = Period(date(2022, 1, 1), date(2022, 12, 31))
    page = "blog/articles/0007"
    reports: dict[str, Callable[[DynamoDBStore], Any]] = {
        "pages, one month": lambda store: breakdown(store, Query(dimension="page", period=period)),
        "pages by prefix, one month": lambda store: breakdown(
            store, Query(dimension="page", period=period, prefix="blog/articles/00")
        ),
        "pages, one year": lambda store: breakdown(store, Query(dimension="page", period=year)),
        "top referrer, one month": lambda store: breakdown(store, Query(dimension="referrer", period=period)),
        "history by day, one month": lambda store: history(store, Query(period=period)),
        "history by hour, one month": lambda store: history(store, Query(period=period, interval="hour")),
        "history of a page, one month": lambda store: history(store, Query(period=period, page=page)),
        "history of a page, one year": lambda store: history(store, Query(period=year, interval="month", page=page)),
    }
    print("\n## Requests and read units a report, 1,000 pages\n")
    print("| report | " + " | ".join(f"{size:,} views: requests | emulator | formula" for size in sizes) + " |")
    print("|---" * (1 + 3 * len(sizes)) + "|")
    cells: dict[str, list[str]] = {name: [] for name in reports}
    for size in sizes:
        store = new_store(endpoint, Keep(views=False))
        file: list[PageView] = []
        for number, view in enumerate(many_views(size), 1):
            file.append(view)
            if len(file) == 50_000 or number == size:
                account = Account(len(file), len(file))
                store.record([Digest(f"file-{number}", 0, True, 1, "", None, None, Views.of(file, COUNTING.off), {}, account)])
                file = []
        for name, report in reports.items():
            before, formula = store.pricing.capacity(), Formula(store)
            report(store)
            after = store.pricing.capacity()
            told = f"{after.requests - before.requests}", f"{after.read_units - before.read_units:.1f}", f"{formula.read}"
            cells[name].extend(told)
            store.requests.client.meta.events.unregister("after-call.dynamodb.*", formula._answered)
        store.close()
    for name, row in cells.items():
        print(f"| {name} | {' | '.join(row)} |")


def speed(endpoint: str, items: int, rounds: int) -> None:
    """How fast views are written, beside what one would write first."""
    import boto3

    store = new_store(endpoint)
    table = boto3.resource("dynamodb", region_name="eu-west-1", endpoint_url=endpoint).Table(store.requests.table)
    numbers = count()

    def fresh() -> list[PageView]:
        run = next(numbers)
        return [view._replace(request_id=f"{run:04X}{view.request_id[4:]}") for view in many_views(items)]

    def plain() -> list[dict[str, Any]]:
        return [view_key(ITEM, view)[0] | {"SourceFile": "one", "Record": "0" * 16} for view in fresh()]

    def put_each() -> float:
        made, began = plain(), time.perf_counter()
        for item in made:
            table.put_item(Item=item)
        return time.perf_counter() - began

    def batch_writer() -> float:
        made, began = plain(), time.perf_counter()
        with table.batch_writer() as writer:
            for item in made:
                writer.put_item(Item=item)
        return time.perf_counter() - began

    def ours() -> float:
        made, began = fresh(), time.perf_counter()
        write_views(store.requests, store._workers, ITEM, KEEP_ALL, [("one", made)])
        return time.perf_counter() - began

    who = {"put_item, one by one": put_each, "boto3's batch_writer": batch_writer, "footfall": ours}
    seconds: dict[str, list[float]] = {name: [] for name in who}
    busy = dict.fromkeys(who, 0.0)
    for _ in range(rounds):
        for name, run in who.items():
            began = time.process_time()
            seconds[name].append(run())
            busy[name] += (time.process_time() - began) / rounds / items * 1e6
    print(f"\n## Items a second into the emulator, {items:,} items, median of {rounds}, shortest and longest\n")
    print("| who | items/s | our CPU an item | overwrites what another file brought |\n|---|---|---|---|")
    for name, taken in seconds.items():
        rates = sorted(items / each for each in taken)
        middle = statistics.median(rates)
        rate = f"{middle:,.0f} ({rates[0]:,.0f} to {rates[-1]:,.0f})"
        print(f"| {name} | {rate} | {busy[name]:.0f} µs | {'no' if name == 'footfall' else 'yes'} |")
    store.close()


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--views", type=int, default=1_000_000, help="of the larger month that reports read")
    parser.add_argument("--items", type=int, default=5000, help="that are written for speed")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--logs", type=Path, help="a folder of log files, to tell what they cost to write")
    parser.add_argument(
        "--only",
        choices=("write", "countries", "dimensions", "visitors", "importers", "read", "speed"),
        help="measure nothing else",
    )
    asked = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")  # noqa: S106 - the emulator asks for some
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores\n")
    with emulator() as endpoint:
        if asked.only in (None, "write"):
            write_units(endpoint, asked.logs)
        if asked.only in (None, "countries"):
            write_countries(endpoint)
        if asked.only in (None, "dimensions"):
            write_dimensions(endpoint)
        if asked.only in (None, "visitors"):
            write_visitors(endpoint)
        if asked.only in (None, "importers"):
            side_by_side(endpoint, (1, 2, 4, 8), asked.logs)
        if asked.only in (None, "read"):
            read_units(endpoint, (10_000, asked.views // 10, asked.views))
        if asked.only in (None, "speed"):
            speed(endpoint, asked.items, asked.rounds)


if __name__ == "__main__":
    main()
