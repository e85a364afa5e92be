"""The setting `dimensions`: nothing is counted by what is off, by default or by name, and every answer says so."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from footfall.api import make_app
from footfall.digest import rules_of
from footfall.dimensions import DIMENSIONS, OFF_BY_DEFAULT
from footfall.fields import FIELDS
from footfall.settings import load_settings

from .builders import GOOGLEBOT, SITE, ask, line, says, write_log
from .serving import serving

OFF = [name for name, row in DIMENSIONS.items() if row.is_on and not row.needed_for and not row.groups]
ALL_OFF = "[dimensions]\n" + "".join(f"{name} = false\n" for name in OFF)


@pytest.fixture
def logs(here: Path) -> Path:
    """A view from elsewhere, one from the site itself, a bot, and a link that is broken."""
    write_log(
        here / "logs",
        [
            line(referrer="https://news.example/", uri="GET /?utm_campaign=spring HTTP/1.1"),
            line("blog/b/index.html", referrer=f"https://{SITE}/blog/a/"),
            line(agent=GOOGLEBOT),
            line("gone.html", referrer="https://news.example/", status=404),
        ],
    )
    return here / "logs"


def counted_by(database: str = "footfall.db") -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        return {name for (name,) in connection.execute("SELECT DISTINCT dimension FROM tally")}


def get(path: str) -> Any:
    """What the API answers, under the settings of this folder."""
    with serving(make_app(load_settings(None, {}, {}), asks_token=False)) as client:
        return client.get(path).raise_for_status().json()


def test_what_is_off_is_not_stored(here: Path, logs: Path) -> None:
    ask("import", logs, "--store", "sqlite:all.db")
    (here / "footfall.toml").write_text(ALL_OFF)
    ask("import", logs)

    assert counted_by("all.db") >= {"referrer", "campaign", "entry", "bot", "broken_link", "not_found"}
    assert counted_by() == {"page", "hour", "status"}
    assert ask("pages", "--json").rows == ask("pages", "--json", "--store", "sqlite:all.db").rows


@pytest.mark.parametrize("name", OFF)
def test_each_alone_takes_nothing_but_itself(name: str, here: Path, logs: Path) -> None:
    ask("import", logs, "--store", "sqlite:all.db")
    ask("import", logs, "--dimensions", f"{{ {name} = false }}")

    assert counted_by() == counted_by("all.db") - {name}


def test_a_report_by_it_is_empty_and_says_why_also_of_days_before(here: Path, logs: Path) -> None:
    ask("import", logs)
    (here / "footfall.toml").write_text("[dimensions]\nreferrer = false\n")

    answer = ask("top", "source", "--json")

    sentence = "referrer is not counted: the setting dimensions turns it off"
    assert (answer.exit_code, answer.rows, answer.json["turned_off"]) == (0, {}, sentence)
    assert answer.stderr == f"footfall: {sentence}\n"
    assert "turned_off" not in ask("top", "channel", "--json").json
    listed = ask("top")
    assert "Referrer" not in listed.stdout
    assert listed.stderr == "Choose one: footfall top page\n"


def test_over_http_it_is_not_listed_and_its_rows_are_none(here: Path, logs: Path) -> None:
    ask("import", logs)
    in_all = get("/api/v1/stats/total")
    (here / "footfall.toml").write_text("[dimensions]\nreferrer = false\nbot = false\n")

    listed = [row["dimension"] for row in get("/api/v1/dimensions")["dimensions"]]
    found = get("/api/v1/stats/referrer")

    assert listed == [name for name, row in DIMENSIONS.items() if row.is_on and name not in ("referrer", "source", "bot")]
    assert (in_all["bots"] > 0, "bots" in get("/api/v1/stats/total")) == (True, False)
    assert (found["rows"], found["total"]) == ([], 0)
    assert "turns it off" in found["turned_off"]


def test_arrivals_are_not_known_without_entry_pages(here: Path, logs: Path) -> None:
    ask("import", logs)
    (here / "footfall.toml").write_text("[dimensions]\nentry = false\n")

    assert get("/api/v1/stats/total")["arrivals"] is None
    for path in ("total", "history"):
        assert "entry is not counted" in get(f"/api/v1/stats/{path}?measure=arrivals")["turned_off"]
        assert "turned_off" not in get(f"/api/v1/stats/{path}")
    assert get("/api/v1/stats/page?measure=arrivals")["rows"] == []
    assert "entry is not counted" in ask("history", "--measure", "arrivals").stderr
    assert ask("top", "referrer", "--measure", "arrivals", "--json").json["total"] == 1


@pytest.mark.parametrize("off", [["referrer"], ["referrer", "channel", "browser"]])
def test_arrivals_need_no_referrers_that_are_counted(off: list[str], here: Path, logs: Path) -> None:
    (here / "footfall.toml").write_text("[dimensions]\n" + "".join(f"{name} = false\n" for name in off))
    ask("import", logs)

    assert get("/api/v1/stats/total")["arrivals"] == 1
    assert ask("top", "entry", "--json").rows == {"blog/a": 1}


def test_an_item_keeps_a_field_that_nothing_is_counted_by(here: Path, logs: Path) -> None:
    (here / "footfall.toml").write_text(
        '[dimensions]\nbrowser = false\n[item]\nPage = "{page}"\nAt = "{epoch}#{request_id}"\nBrowser = "{browser}"\n'
    )
    ask("import", logs)

    assert "browser" not in counted_by()
    assert ask("views", "blog/b", "--json").json["rows"][0]["Browser"] == "Chrome"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("{ page = false }", ["page cannot be turned off", "all reports"]),
        ("{ hour = false }", ["hour cannot be turned off", "histories"]),
        ("{ status = false }", ["status cannot be turned off", "days that have logs"]),
        ("{ source = false }", ["source costs nothing", "turn that off instead"]),
        ("{ contry = false }", ["no dimension 'contry'", "country"]),
        ("{ country = 5 }", ["country must be true or false"]),
        ("country", ["{ country = false }"]),
        ("5", ["table of dimensions", "country = false"]),
    ],
)
def test_what_cannot_be_is_said_with_what_can(here: Path, logs: Path, written: str, words: list[str]) -> None:
    says(ask("import", logs, "--dimensions", written), "--dimensions", *words, code=2)


def test_what_is_named_true_is_as_what_is_not_named() -> None:
    assert load_settings(None, {"dimensions": "{ country = true }"}, {}).counting == load_settings(None, {}, {}).counting


def test_versions_are_counted_where_somebody_turns_them_on_and_recount_finds_those_of_days_before(
    here: Path, logs: Path
) -> None:
    ask("import", logs)
    without, rules = ask("top", "browser_version", "--json").json, ask("status", "--json").json["files_under_other_rules"]
    (here / "footfall.toml").write_text("[dimensions]\nbrowser_version = true\n")

    ask("recount", "--logs", logs)

    assert (without["rows"], rules) == ([], 0)
    assert without["turned_off"].endswith("turn it on in the setting dimensions: browser_version = true")
    assert ask("top", "browser_version", "--json").rows == {"Chrome 142": 2}
    assert [name for name in ("browser_version", "system_version") if name in ask("top").stdout] == ["browser_version"]
    assert get("/api/v1/stats/browser_version?prefix=Chrome")["rows"] == [{"value": "Chrome 142", "views": 2}]


def test_a_dimension_that_is_off_by_default_leaves_the_rules_of_stores_as_they_were() -> None:
    counting = load_settings(None, {}, {}).counting
    rules = rules_of(counting)

    with patch.dict(FIELDS), patch.dict(DIMENSIONS):  # which puts their rows back in their order
        for name in OFF_BY_DEFAULT:
            del FIELDS[DIMENSIONS[name].field]
            del DIMENSIONS[name]
        without = rules_of(replace(counting, off=frozenset()))

    assert without == rules
