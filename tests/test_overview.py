"""`footfall digest`: what a whole period came to, against the answers of the other commands over the same store."""

import json
import shutil
import subprocess
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from footfall.reports.comparison import direction

from .builders import SITE, ask, line, says, write_log
from .conftest import ROOT

GPTBOT = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
WEEK = ("--period", "2026-10-20")  # a period of one day stands for any


def views(day: str, number: int, key: str = "a/", **more: Any) -> list[bytes]:
    """As many views of a page, each of another reader."""
    return [line(key, f"{day} 08:{place % 60:02}:00", remote_ip=f"203.0.113.{place}", **more) for place in range(number)]


def links(day: str, key: str, referrer: str) -> bytes:
    return line(key, f"{day} 09:00:00", status=404, error="NoSuchKey", referrer=referrer)


# The day before, and the day that the digest is about.
BEFORE = [
    *views("2026-10-19", 20),
    *views("2026-10-19", 12, "b/", referrer="https://news.example/"),
    *views("2026-10-19", 9, "gone/"),
    links("2026-10-19", "old", "https://known.example/"),
    *views("2026-10-19", 1, agent=GPTBOT),
]
NOW = [
    *views("2026-10-20", 22),
    *views("2026-10-20", 30, "b/", referrer="https://news.example/"),
    *views("2026-10-20", 2, "c/", referrer="https://small.example/"),
    *views("2026-10-20", 3, agent=GPTBOT),
    *views("2026-10-20", 5, agent=GOOGLEBOT),
    links("2026-10-20", "old", "https://known.example/"),
    links("2026-10-20", "older%253Cscript%253E", "https://fresh.example/"),
]


@pytest.fixture
def counted(here: Path) -> None:
    write_log(here / "logs", [*BEFORE, *NOW])
    assert ask("import", "logs").exit_code == 0


@pytest.mark.usefixtures("counted")
def test_a_digest_says_what_the_other_commands_say() -> None:
    found = ask("digest", *WEEK, "--json").json
    pages = ask("pages", *WEEK, "--compare", "--json").json
    sources = ask("top", "source", *WEEK, "--compare", "--measure", "arrivals", "--json").json
    history = ask("history", *WEEK, "--compare", "--json").json
    status = ask("status", "--json").json

    assert [(row["value"], row["total"], row["previous"]) for row in found["pages"]["rows"]] == [
        (row["value"], row["views"], row["previous"]) for row in pages["rows"]
    ]
    assert [(row["value"], row["total"], row["previous"]) for row in found["sources"]["rows"]] == [
        (row["value"], row["arrivals"], row["previous"]) for row in sources["rows"]
    ]
    assert {key: (row["total"], row["previous"]) for key, row in found["numbers"].items()} == {
        "views": (history["total"], history["previous"]["total"]),
        "visitors": (history["visitors"], history["previous"]["visitors"]),
        "arrivals": (sources["total"], sources["previous"]["total"]),
    }
    assert found["query"] == {"site": pages["query"]["site"], "start": "2026-10-20", "end": "2026-10-20"}
    assert found["complete_until"] == status["complete_until"]


@pytest.mark.usefixtures("counted")
def test_only_what_chance_does_not_explain_has_changed() -> None:
    found = ask("digest", *WEEK, "--json").json

    assert {row["value"]: row["direction"] for row in found["pages"]["rows"]} == {"a": "same", "b": "up", "c": "up"}
    assert [(row["dimension"], row["value"], row["direction"]) for row in found["changes"]] == [
        ("page", "b", "up"),
        ("source", "news.example", "up"),
        ("page", "gone", "down"),
        ("source", "(direct)", "down"),
        ("page", "c", "up"),
    ]


@pytest.mark.usefixtures("counted")
def test_broken_links_are_those_that_are_new_and_crawlers_those_of_ai() -> None:
    found = ask("digest", *WEEK, "--json").json

    assert [row["value"] for row in found["new_broken_links"]["rows"]] == ["older<script> from fresh.example"]
    assert [(row["value"], row["total"], row["previous"]) for row in found["ai_crawlers"]["rows"]] == [("GPTBot", 3, 1)]


@pytest.mark.usefixtures("counted")
def test_people_read_the_same_as_text_and_as_a_page_that_loads_nothing() -> None:
    text, page = ask("digest", *WEEK).stdout, ask("digest", *WEEK, "--html").stdout

    assert text.startswith(f"{SITE}: 2026-10-20\n")
    rows = [row.split() for row in text.splitlines()]
    assert ["30", "12", "+150", "%", "b"] in rows
    assert ["22", "20", "=", "a"] in rows
    assert text.endswith("before: 2026-10-19\n")
    assert "older<script> from fresh.example" in text
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not [word for word in ("<style", "<link", "<img", "src=", "url(", "http:", "https:") if word in page]
    assert page.count("+150 %") == text.count("+150 %")


def test_without_a_period_it_is_the_last_week_from_monday_to_sunday_of_the_sites_days(here: Path) -> None:
    zone = ZoneInfo("Pacific/Auckland")
    today = datetime.now(zone).date()
    monday = today - timedelta(today.weekday() + 7)
    first = datetime(monday.year, monday.month, monday.day, tzinfo=zone)
    last = datetime.combine(monday + timedelta(7), datetime.min.time(), zone)
    times = [int(first.timestamp()) - 1, int(first.timestamp()), int(last.timestamp()) - 1, int(last.timestamp())]
    write_log(here / "logs", [line(at=time) for time in times])
    assert ask("import", "logs", "--time-zone", zone.key).exit_code == 0

    found = ask("digest", "--json").json
    month = ask("digest", "--period", "month", "--json").json

    assert (found["query"]["start"], found["query"]["end"]) == (str(monday), str(monday + timedelta(6)))
    assert (found["numbers"]["views"]["total"], found["numbers"]["views"]["previous"]) == (2, 1)
    assert date.fromisoformat(month["query"]["start"]).day == 1
    assert date.fromisoformat(month["query"]["end"]) == today.replace(day=1) - timedelta(1)


def test_before_the_first_log_there_is_nothing_to_compare_with(here: Path) -> None:
    write_log(here / "logs", NOW)
    ask("import", "logs")

    found = ask("digest", *WEEK, "--json").json

    assert found["numbers"]["views"] == {"total": 54, "previous": None, "direction": None}
    assert found["changes"] == []
    assert [row["value"] for row in found["new_broken_links"]["rows"]] == [
        "old from known.example",
        "older<script> from fresh.example",
    ]
    assert "nothing to compare with" in ask("digest", *WEEK).stdout
    off = ask("digest", *WEEK, "--json", env={"FOOTFALL_DIMENSIONS": "{ bot = false }"}).json
    assert "turns it off" in off["ai_crawlers"]["turned_off"]


def test_a_period_without_logs_says_where_there_are_some(here: Path) -> None:
    write_log(here / "logs", NOW)
    ask("import", "logs")

    assert "nothing was counted in this period; there are logs from 2026-10-20" in ask("digest", "--period", "2020").stdout
    assert "logs end on 2026-10-20" in ask("digest", "--period", "2026-10").stdout


@pytest.mark.usefixtures("counted")
def test_two_forms_at_once_and_no_period_are_refused() -> None:
    says(ask("digest", "--json", "--html"), "--json and --html", code=2)
    says(ask("digest", "--period", "fortnight"), "no day or period 'fortnight'", code=2)


def test_a_change_is_one_by_the_same_rule_as_in_the_dashboard(node: str, here: Path) -> None:
    numbers = [0, 1, 2, 9, 10, 11, 29, 30, 33, 80, 88, 95, 100, 110, 111, 1000, 1100, 1101]
    pairs = list(product(numbers, numbers))
    shutil.copytree(ROOT / "src/footfall/dashboard/assets", here / "assets")
    (here / "package.json").write_text('{"type": "module"}')
    script = f"""
        globalThis.navigator = {{}};
        const {{ direction }} = await import("./assets/format.js");
        console.log(JSON.stringify({json.dumps(pairs)}.map((pair) => direction(...pair))));
    """

    done = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == [direction(*pair) for pair in pairs]
