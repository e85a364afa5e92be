"""
How fast the HTTP API answers: `footfall serve` on SQLite, and the function of AWS, warm and cold.

    .venv/bin/python benchmarks/api.py [--views 1000000] [--seconds 4] [--starts 7]

The database is made by the store itself, of made-up views over two years. The server is `footfall serve` in a process of its
own, asked over kept connections. The function is run by AWS's own runtime client against the emulator `ministack`, so that
what is measured of it is Python's part; AWS's network and its DynamoDB are not in it.
"""

import argparse
import http.client
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from dynamodb import ITEM, SITE, emulator
from made_up import COUNTING, made_up_view

from footfall.records import Account, Digest, PageView, Views
from footfall.stores import open_store
from footfall.stores.shapes import KEEP_ALL

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tests.lambda_runtime import Function  # noqa: E402 - AWS's side of a function is the same for tests

FIRST = 1_700_000_000
DAYS, PAGES, REFERRERS = 730, 1000, 300
BATCH = 50_000
QUESTIONS = {
    "30 days, total": "/api/v1/stats/total?start=2024-10-01&end=2024-10-30",
    "30 days, by day": "/api/v1/stats/history?start=2024-10-01&end=2024-10-30",
    "30 days, top 10 pages": "/api/v1/stats/page?start=2024-10-01&end=2024-10-30&limit=10",
    "one page, two years": "/api/v1/stats/history?page=blog/p7&interval=month",
    "all pages, two years": "/pagetotals",
    "raw views, 100": "/api/v1/views?page=blog/p7&start=2024-10-01&end=2024-10-30",
    "health, for comparison": "/healthz",
}


def views(number: int, rng: random.Random) -> Iterator[PageView]:
    """So many views, in the order of time; a few pages have most of them."""
    for place in range(number):
        at = FIRST + place * DAYS * 86_400 // number
        page = f"blog/p{int(PAGES * rng.random() ** 3)}"
        yield made_up_view(SITE, page, at, place, referrer=f"https://s{rng.randrange(REFERRERS)}.example/", total_time=12)


def fill(store_url: str, number: int) -> float:
    """Count so many views; the seconds that it took."""
    began, rng = time.perf_counter(), random.Random(1)
    with closing(open_store(store_url, ITEM, KEEP_ALL)) as store:
        store.prepare("UTC")
        made = views(number, rng)
        for batch in range(-(-number // BATCH)):
            part = [view for view, _ in zip(made, range(min(BATCH, number - batch * BATCH)), strict=False)]
            times, account = (part[0].time, part[-1].time), Account(len(part), len(part))
            store.record([Digest(f"file {batch}", 0, True, 1, "ab" * 32, *times, Views.of(part, COUNTING.off), {}, account)])
    return time.perf_counter() - began


@contextmanager
def server(store_url: str) -> Iterator[int]:
    """`footfall serve`; its port."""
    command = [str(Path(sys.executable).with_name("footfall")), "serve", "--port", "0", "--store", store_url]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        told = process.stderr.readline() if process.stderr else ""
        yield int(told.rpartition(":")[2].partition("/")[0])
    finally:
        process.kill()
        process.communicate()


def ask(port: int, path: str, seconds: float, connections: int) -> list[float]:
    """Milliseconds of each answer."""
    took: list[float] = []

    def go() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        end = time.perf_counter() + seconds
        while (began := time.perf_counter()) < end:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answers {answer.status}")
            took.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=go) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def row(name: str, took: Sequence[float], *more: str) -> str:
    """One line of the table."""
    ranked = sorted(took)
    return f"| {name} | {' | '.join((*more, f'{statistics.median(ranked):.1f}', f'{ranked[int(len(ranked) * 0.99)]:.1f}'))} |"


def measure_server(store_url: str, seconds: float) -> Iterator[str]:
    """Requests a second and milliseconds, by question."""
    yield "| `footfall serve` | connections | requests/s | p50 ms | p99 ms |\n| --- | --- | --- | --- | --- |"
    with server(store_url) as port:
        for name, path in QUESTIONS.items():
            ask(port, path, 0.3, 1)
            for connections in (1, 8):
                took = ask(port, path, seconds, connections)
                yield row(name, took, str(connections), f"{len(took) / seconds:,.0f}")


def measure_function(endpoint: str, starts: int) -> Iterator[str]:
    """Cold and warm milliseconds of the function; a smaller table, as its cost is not of views but of pages and months."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    table = f"dynamodb:footfall-bench?region=eu-west-1&endpoint={endpoint}"
    footfall = str(Path(sys.executable).with_name("footfall"))
    subprocess.run([footfall, "table", "create", "--store", table], check=True, stdout=subprocess.DEVNULL)
    fill(table, 5_000)
    event = json.loads((ROOT / "tests/events/http-api.json").read_text("utf-8"))
    own = {
        "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test", "TARGET_DYNAMO_TABLE": "footfall-bench",
        "FOOTFALL_PUBLIC": "/pagetotals,/api/v1/stats/total,/api/v1/stats/history",
    }  # fmt: skip
    yield "| the function | p50 ms | p99 ms |\n| --- | --- | --- |"

    def call(made: Function, path: str) -> float:
        bare, _, query = path.partition("?")
        asked = {**event, "rawPath": bare, "rawQueryString": query}
        asked["requestContext"] = {**event["requestContext"], "http": {**event["requestContext"]["http"], "path": bare}}
        began = time.perf_counter()
        said = made.call(asked)
        if not said.is_well or said.answer["statusCode"] != 200:
            raise RuntimeError(f"{path}: {said}")
        return (time.perf_counter() - began) * 1000

    with tempfile.TemporaryDirectory() as place:
        # This Python's own packages, compiled, stand in for the zip, which is compiled for the function's.
        folder = Path(place)
        (folder / "task").symlink_to(ROOT / "src")
        (folder / "runtime").symlink_to(next(Path(sys.prefix).glob("lib/python*/site-packages")))
        cold: dict[str, list[float]] = {"/healthz": [], "/pagetotals": []}
        for path, took in cold.items():
            for number in range(starts + 1):  # the first compiles
                made = Function(folder, "api.on_request", own)
                milliseconds = call(made, path)
                took += [milliseconds] if number else []
                if number < starts or path == "/healthz":  # the last of them stays, warm
                    made.stop()
        yield row("cold, health: Python and imports", cold["/healthz"])
        yield row("cold, all pages of two years", cold["/pagetotals"])
        for name in ("health, for comparison", "30 days, total", "30 days, by day", "all pages, two years"):
            yield row(f"warm, {name}", [call(made, QUESTIONS[name]) for _ in range(60)])
        made.stop()


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--views", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--starts", type=int, default=7)
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, {given.views:,} views, {PAGES:,} pages, {DAYS} days\n")
    with tempfile.TemporaryDirectory() as folder:
        took = fill(f"sqlite:{folder}/counts.db", given.views)
        size = Path(folder, "counts.db").stat().st_size / 1e6
        print(f"counted in {took:.0f} s; the database has {size:.0f} MB\n")
        for line in measure_server(f"sqlite:{folder}/counts.db", given.seconds):
            print(line, flush=True)
    print()
    with emulator() as endpoint:
        for line in measure_function(endpoint, given.starts):
            print(line, flush=True)


if __name__ == "__main__":
    main()
