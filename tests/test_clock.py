"""A clock that is wrong for a while: what is counted stays counted once, and only what is old is forgotten."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from .builders import account_adds_up, ask, line, name, patched, run, write_log
from .conftest import REGION

KEPT = ("--keep-views-days", "100")
DAYS = 86_400


def at(days: float) -> list[str]:
    """The command, by a clock that is so many days ahead."""
    return patched(f"import time\ntrue = time.time\ntime.time = lambda: true() + {days * DAYS}")


@pytest.fixture
def lines(here: Path) -> list[bytes]:
    """Twenty records of a minute ago, in the log of today."""
    now = int(time.time())
    made = [line(f"p{number}/", now - 60, request_id=f"{number:016X}") for number in range(20)]
    (here / "logs").mkdir()
    write_log(here / "logs", made, name(1, f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}"))
    return made


@pytest.mark.parametrize("days", [400, -400, 20_000])
def test_after_a_clock_that_was_wrong_records_are_known_as_before(lines, counts_in, monkeypatch, days):
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    asked = ("--store", counts_in, *KEPT)
    assert ask("import", "logs", *asked).exit_code == 0
    write_log(Path("."), [line("other/", int(time.time()) - 30, request_id="F" * 16)], "other.log")

    wrong = run("import", "other.log", *asked, command=at(days))
    write_log(Path("."), [*lines, line("last/", request_id="E" * 16)], "copy.log")
    answer = ask("import", "copy.log", *asked, "--json")

    assert wrong.exit_code == 0, wrong
    assert account_adds_up(answer.json)
    assert (answer.json["views"], answer.json["dropped"]["duplicate"]) == (1, 20)
    assert sum(ask("pages", "--store", counts_in, "--json").rows.values()) == 22


def test_what_is_old_by_the_logs_and_by_the_clock_is_forgotten(here):
    """Also what was entered by a clock that was ahead then."""
    old, new = int(time.time()) - 99 * DAYS, int(time.time()) - 60
    write_log(here, [line("old/", old)], "old.log")
    write_log(here, [line("new/", new)], "new.log")
    write_log(here, [line("later/", new + 5 * DAYS)], "later.log")
    assert run("import", "old.log", *KEPT, command=at(300)).exit_code == 0
    assert ask("import", "new.log", *KEPT).exit_code == 0

    assert run("import", "later.log", *KEPT, command=at(5)).exit_code == 0

    assert kept() == ["later", "new"]


def kept() -> list[str]:
    with closing(sqlite3.connect("footfall.db")) as connection:
        return sorted(page for (page,) in connection.execute("SELECT page FROM page_views"))
