"""
How soon the dashboard is there, and what it takes: 1,000 pages over 365 days, in Debian's Chromium.

    .venv/bin/python benchmarks/dashboard.py [--pages 1000 --days 365 --runs 5]

It makes a store of that size, serves it, and opens the dashboard anew in each run. `numbers` is from the start of the
navigation until every panel has its numbers; `input` is from a press of a key on the graph until it has been drawn.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parents[1]))  # what drives the browser is the tests'
from made_up import COUNTING, made_up_view
from tests.browser import Dashboard, chromium, serving

from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.records import Account, Digest, PageView, Views
from footfall.stores import open_store

FIRST_DAY = 1_732_492_800  # 2024-11-25, so that the last of 365 days is before the browser's own
DAY = 86_400
MORE = 20  # presses of More, of 50 rows each


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("pages", 1000), ("days", 365), ("runs", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        store = f"sqlite:{folder}/footfall.db"
        fill(store, asked.pages, asked.days)
        size = Path(folder, "footfall.db").stat().st_size / 1e6
        print(f"{asked.pages:,} pages, {asked.days} days, a view of each page on each day; {size:.0f} MB of SQLite")
        with serving(store) as url:
            runs = [measure(browser, url) for _ in range(asked.runs)]
    for name in runs[0]:
        values = [run[name] for run in runs]
        print(f"{name:<42} {statistics.median(values):>10,.1f}  ({min(values):,.1f}-{max(values):,.1f})")


def fill(url: str, pages: int, days: int) -> None:
    """A store with a view of each page on each day; kept as counts alone, which is what the dashboard reads."""
    store = open_store(url, ItemMap(DEFAULT_ITEM))
    store.prepare("UTC")
    for number in range(days):
        views = list(day_of(FIRST_DAY + (number + 365 - days) * DAY, pages))
        store.record([digest(f"day-{number}", views)])
    store.close()


def day_of(midnight: int, pages: int) -> Iterator[PageView]:
    for page in range(pages):
        name, referrer = f"blog/articles/{page:04}-an-article-with-a-long-name", f"https://site-{page % 150}.example/"
        yield made_up_view("www.example.org", name, midnight + page, midnight + page, referrer=referrer)


def digest(name: str, views: list[PageView]) -> Digest:
    times = [view.time for view in views]
    account = Account(len(views), len(views))
    return Digest(name, 0, True, len(views), "00" * 32, min(times), max(times), Views.of(views, COUNTING.off), {}, account)


def measure(browser: Browser, url: str) -> dict[str, float]:
    """One visit."""
    dashboard = Dashboard(browser, url)
    session = dashboard.context.new_cdp_session(dashboard.page)
    session.send("Performance.enable")
    began = time.perf_counter()
    dashboard.open("?start=2024-11-25&end=2025-11-24")
    numbers = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(MORE):
        button = dashboard.panel("page").get_by_role("button", name="More", exact=True)
        if not button.count():
            break
        rows = dashboard.panel("page").locator("tbody tr").count()
        button.click()
        dashboard.panel("page").locator(f"tbody tr:nth-child({rows + 1})").wait_for()
    more = time.perf_counter() - began
    rows = dashboard.panel("page").locator("tbody tr").count()
    slider = dashboard.page.get_by_role("slider")
    slider.focus()
    began = time.perf_counter()
    for _ in range(50):
        slider.press("ArrowLeft")
    press = (time.perf_counter() - began) / 50
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    paint = metrics["FirstMeaningfulPaint"] - metrics["NavigationStart"]  # seconds
    dashboard.context.close()
    return {
        "first meaningful paint, ms": paint * 1000,
        "every panel has its numbers, ms": numbers * 1000,
        "all pages listed by pressing More, ms": more * 1000,
        "pages listed, each with its series": rows,
        "a press of a key on the graph, ms": press * 1000,
        "memory of the page's script, MB": metrics["JSHeapUsedSize"] / 1e6,
        "elements": metrics["Nodes"],
    }


if __name__ == "__main__":
    main()
