"""Days are closed by whoever comes by: each command that counts, the sweep in AWS, and `footfall serve`."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from footfall.cli.days import closing_days
from footfall.functions import handlers
from footfall.stores import open_store

from .builders import ask, line, name, write_log
from .conftest import KEPT

PATIENCE = 60  # seconds; only guards against hanging


@pytest.fixture(autouse=True)
def _counted(here: Path) -> None:
    """A log file of three views by two visitors of 2026-10-20 and one of the day after, whose last file came long ago."""
    days = ("2026-10-20 08:00:00", "2026-10-20 09:00:00", "2026-10-20 10:00:00", "2026-10-21 08:00:00")
    addresses = ("198.51.100.7", "198.51.100.8", "198.51.100.7", "198.51.100.7")
    write_log(here / "logs", [line(at=at, remote_ip=address) for at, address in zip(days, addresses, strict=True)])
    assert ask("import", "logs").exit_code == 0
    assert query("SELECT count(*) FROM visitors WHERE hashes IS NOT NULL") == [(2,)]
    query("UPDATE visitors SET changed_at = 0")


def query(sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect("footfall.db")) as connection, connection:
        return connection.execute(sql).fetchall()


def are_closed() -> bool:
    return query("SELECT day, visitors, key, hashes FROM visitors ORDER BY day") == [
        ("2026-10-20", 2, None, None),
        ("2026-10-21", 1, None, None),
    ]


def test_a_dry_run_closes_nothing() -> None:
    ask("import", "logs", "--dry-run")

    assert not are_closed()


@pytest.mark.parametrize("command", ["import", "sweep"])
def test_a_command_that_counts_closes_days_though_nothing_is_new(command: str) -> None:
    assert ask(command, "logs").exit_code == 0

    assert are_closed()


def test_a_store_that_is_not_there_is_not_made_for_that(here: Path) -> None:
    (here / "nothing").mkdir()

    ask("sweep", "nothing", "--store", "sqlite:none.db")

    assert not (here / "none.db").exists()


def test_visitors_that_come_too_late_are_told(here: Path) -> None:
    ask("import", "logs")
    write_log(here / "logs", [line(at="2026-10-20 11:00:00", remote_ip="198.51.100.9")], name(2))

    answer = ask("import", "logs")

    assert "1 visitor is not counted, because the day was closed" in answer.stderr
    assert ask("status", "--json").json["late_visitors"] == 1
    assert ask("status", "--json").json["views"] == 5
    assert "Visitors    1 is not counted, as its day was closed" in ask("status").stdout
    assert are_closed()


def test_the_sweep_in_aws_closes_days(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FOOTFALL_LOGS", "logs")
    handlers._setup.cache_clear()

    handlers.on_sweep({}, SimpleNamespace(aws_request_id="one", get_remaining_time_in_millis=lambda: 900_000))

    handlers._setup().store.close()
    handlers._setup.cache_clear()
    assert are_closed()
    assert [json.loads(each)["days"] for each in capsys.readouterr().out.splitlines()] == [2]


def wait_for(happens: Any) -> Iterator[None]:
    began = time.monotonic()
    while not happens():
        assert time.monotonic() - began < PATIENCE
        time.sleep(0.01)
        yield


def test_while_footfall_serves_days_are_closed() -> None:
    with closing_days(open_store("sqlite:footfall.db", KEPT)):
        list(wait_for(are_closed))


def test_a_database_that_may_only_be_read_is_served_and_it_is_logged(here: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever runs this may be root, who may write anything; so a trigger refuses."""
    refuse = "raise(ABORT, 'attempt to write a readonly database')"
    query(f"CREATE TRIGGER refused BEFORE UPDATE ON visitors BEGIN SELECT {refuse}; END")

    with closing_days(open_store("sqlite:footfall.db", KEPT)):
        list(wait_for(lambda: caplog.records))

    assert "footfall.db: it is read-only" in caplog.text
    assert not are_closed()
