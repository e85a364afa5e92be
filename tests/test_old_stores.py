"""Stores that earlier commits wrote open, answer as they did, and go on; see tests/stores/make_sqlite.py."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from footfall.stores.sqlite.schema import SCHEMA_VERSION
from footfall.tallies import MOST_KEPT

from .builders import ask, line, name, write_log

STORES = Path(__file__).parent / "stores"
LOGS = Path(__file__).parents[1] / "docs/sample-logs"
WITHOUT_ADDITIONS = "3f0e3ed"
COMMITS = sorted(path.stem for path in STORES.glob("*.sqlite"))


@pytest.fixture(params=COMMITS)
def old(request: pytest.FixtureRequest, here: Path) -> dict[str, Any]:
    """A database of an earlier commit as footfall.db in this folder, and what was answered from it."""
    shutil.copy(STORES / f"{request.param}.sqlite", here / "footfall.db")
    answers: dict[str, Any] = json.loads((STORES / f"{request.param}.json").read_text("utf-8"))
    answers["status"].pop("files_under_other_rules", None)  # today's rules may be others
    return {**answers, "commit": request.param}


def has_all(now: Any, then: Any) -> bool:
    """Whether an answer has all that it had; keys may have been added, and what is counted by today's rules differs."""
    if isinstance(then, dict):
        of_rules = "files_under_other_rules"
        return all(key in now and (key == of_rules or has_all(now[key], value)) for key, value in then.items())
    if isinstance(then, list):
        return len(now) == len(then) and all(map(has_all, now, then))
    return bool(now == then)


def answers_are_the_same(old: dict[str, Any]) -> bool:
    return all(has_all(ask(*question.split(), "--json").json, then) for question, then in old.items() if question != "commit")


def query(sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect("footfall.db")) as connection:
        return connection.execute(sql).fetchall()


def test_it_answers_as_it_did_without_being_changed(old: dict[str, Any], here: Path) -> None:
    before = (here / "footfall.db").read_bytes()

    assert answers_are_the_same(old)
    assert [row["name"] for row in ask("token", "list", "--json").json["tokens"]] == ["dashboard"]
    assert ask("annotation", "list", "--json").json["annotations"] == []
    assert (here / "footfall.db").read_bytes() == before


def test_it_is_brought_up_to_date_in_place_by_the_next_import(old: dict[str, Any]) -> None:
    again = ask("import", *sorted(LOGS.iterdir())[:-1], "--json").json

    assert (again["files"], again["views"]) == ({"new": 0, "known": 8}, 0)
    assert query("PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert query("SELECT * FROM months") == query(MONTHS_OF_TALLY)
    assert answers_are_the_same(old)


def test_new_files_are_counted_beside_the_old_ones_and_remember_their_rules(old: dict[str, Any], here: Path) -> None:
    ask("import", LOGS)
    fresh = (
        ask("pages", "--json", "--store", "sqlite:fresh.db", env={})
        if ask("import", LOGS, "--store", "sqlite:fresh.db")
        else None
    )

    assert fresh is not None
    assert ask("pages", "--json").rows == fresh.rows
    was_without = old["commit"] == WITHOUT_ADDITIONS
    assert [row is None for (row,) in query("SELECT rules FROM files ORDER BY id")] == [was_without] * 8 + [False]
    assert [row is None for (row,) in query("SELECT added FROM files ORDER BY id")] == [was_without] * 8 + [False]


def test_a_field_that_it_has_no_column_for_is_kept_from_now_on(old: dict[str, Any], here: Path) -> None:
    item = '{ PageName = "{page}", SortKey = "{epoch}#{request_id}", Status = "{status}" }'
    write_log(here, [line("new/", "2026-10-23 08:00:00", bucket="www.example.org")], name(9))

    ask("import", name(9), "--item", item)

    (kept,) = ask("views", "new", "--json", env={"FOOTFALL_ITEM": item}).json["rows"]
    assert kept["Status"] == "200"
    assert query("SELECT count(*) FROM page_views WHERE status IS NULL") == [(ask("pages", "--json").json["total"] - 1,)]
    assert query("SELECT status FROM page_views WHERE page = 'new'") == [("200",)]


def test_what_it_has_beyond_the_bound_is_put_together_by_the_next_import_and_totals_stay(here: Path) -> None:
    """As footfall counted a scanner's keys before they were bounded for a month: 200 of each part of a file and day."""
    write_log(here / "logs", [line(bucket="www.example.org")])
    ask("import", "logs")
    fill_with_keys("footfall.db", keys=3 * MOST_KEPT)
    before = ask("top", "not_found", "--json", "--limit", "1", "--period", "2026-10").json

    write_log(here / "logs", [line("scan/0001/x", status=404, bucket="www.example.org")], name(2))
    ask("import", "logs")

    after = ask("top", "not_found", "--json", "--limit", "3", "--period", "2026-10").json
    assert after["rows"][0] == {"value": "(other)", "views": before["total"] + 1 - 6 - 4 * (MOST_KEPT - 1)}
    assert after["rows"][1:] == [{"value": "often", "views": 6}, {"value": "scan/0000", "views": 4}]
    assert after["total"] == before["total"] + 1
    assert query("SELECT count(DISTINCT value) FROM tally WHERE dimension = 'not_found'") == [(MOST_KEPT + 1,)]
    assert query("SELECT * FROM months") == query(MONTHS_OF_TALLY)
    assert query("SELECT count(DISTINCT value) FROM tally WHERE dimension = 'page'") == [(1 + 3 * MOST_KEPT,)]


MONTHS_OF_TALLY = (
    "SELECT site, dimension, substr(day, 1, 7), value, sum(views) FROM tally GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
)


def fill_with_keys(database: str, keys: int) -> None:
    """Missing pages on two days of October: one six times, the others twice or four times each; and as many pages."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM settings WHERE name = 'most_kept'")
        for number in range(keys):
            value = "often" if number == keys - 1 else f"scan/{number:04}"
            times = 3 if value == "often" else 2 if number < MOST_KEPT else 1
            rows = [("www.example.org", "not_found", f"2026-10-{day}", value, times) for day in ("20", "21")]
            rows.append(("www.example.org", "page", "2026-10-20", value, 1))
            connection.executemany("INSERT INTO tally VALUES (?, ?, ?, ?, ?)", rows)
        for later in (
            "DROP TABLE annotations",
            "DROP TABLE notices",
            "DROP TABLE copied",
            "DROP TABLE months",
            "DROP TABLE visitors",
            "ALTER TABLE files DROP COLUMN late_visitors",
        ):
            connection.execute(later)
        connection.execute("PRAGMA user_version = 5")
