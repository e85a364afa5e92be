"""`footfall forget`: a reader's address is gone from the stored views, and counts stay."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from footfall.formats import FORMATS
from footfall.pageviews.addresses import ADDRESSES, OF_THE_READER
from footfall.stores import open_store

from .builders import CHROME, FIREFOX, as_w3c, ask, edge, edge_name, line, name, says, write_log
from .conftest import KEPT, digest, view

ASKED = "203.0.113.57"
OWN_AGENT = FIREFOX.replace("Firefox", "Gecko/1.0 MyOwnBuild Firefox")
OWN_REFERRER = "https://their.example/private"
AGENT, ADDRESS, REFERRER = "AgentString", "RemoteAddress", "Referrer"


def views_of(url: str, page: str = "a", **env: str) -> list[dict[str, Any]]:
    """The stored views of a page, without their keys."""
    rows = ask("views", page, "--store", url, "--json", env=env).json["rows"]
    return [{name: row.get(name) for name in (ADDRESS, AGENT, REFERRER)} for row in rows]


def reports(url: str) -> list[Any]:
    """What was counted."""
    questions = ("pages", "top browser", "top referrer", "history --measure visitors", "status")
    return [ask(*question.split(), "--store", url, "--json").json.get("rows") for question in questions]


@pytest.fixture
def filled(counts_in: str, here: Path) -> str:
    """Views of a page by five readers; the first came twice, and shares an agent with the second."""
    lines = [
        line("a/", "2026-10-20 08:00:00", remote_ip=ASKED, agent=OWN_AGENT, referrer=OWN_REFERRER),
        line("a/", "2026-10-20 08:00:01", remote_ip=ASKED, agent=CHROME, referrer="https://news.example/"),
        line("a/", "2026-10-20 08:00:02", remote_ip="203.0.113.58", agent=CHROME, referrer="https://news.example/"),
        line("a/", "2026-10-20 08:00:03", remote_ip="2001:db8:1:2::3"),
        line("a/", "2026-10-20 08:00:04", remote_ip="2001:db8:1:2:0:0:0:4"),
    ]
    write_log(here / "logs", lines)
    assert ask("import", here / "logs", "--store", counts_in).exit_code == 0
    return counts_in


def test_an_address_is_removed_with_what_came_with_it_and_counts_stay(filled: str) -> None:
    before, rows = reports(filled), views_of(filled)

    dry = ask("forget", ASKED, "--store", filled, "--dry-run", "--json").json
    assert (dry["address"], dry["views"], dry["dry_run"]) == (ASKED, 2, True)
    assert views_of(filled) == rows
    done = ask("forget", ASKED, "--store", filled)

    assert f"{ASKED} was removed from 2 views; counts are unchanged" in done.stdout
    assert "log files still contain it" in done.stderr
    assert views_of(filled) == [{ADDRESS: None, AGENT: None, REFERRER: None}] * 2 + rows[2:]
    assert reports(filled) == before
    assert ask("forget", ASKED, "--store", filled, "--json").json["views"] == 0
    assert ask("import", "logs", "--store", filled, "--json").json["views"] == 0
    assert views_of(filled) == [{ADDRESS: None, AGENT: None, REFERRER: None}] * 2 + rows[2:]


@pytest.mark.parametrize(
    ("asked", "addresses"),
    [
        ("2001:0db8:1:2::3", [ASKED, ASKED, "203.0.113.58", None, "2001:db8:1:2:0:0:0:4"]),
        ("2001:db8:1::/48", [ASKED, ASKED, "203.0.113.58", None, None]),
        ("203.0.113.56/30", [None, None, None, "2001:db8:1:2::3", "2001:db8:1:2:0:0:0:4"]),
        ("203.0.113.5", [ASKED, ASKED, "203.0.113.58", "2001:db8:1:2::3", "2001:db8:1:2:0:0:0:4"]),
    ],
)
def test_addresses_are_found_however_they_are_written_and_networks_too(
    filled: str, asked: str, addresses: list[str | None]
) -> None:
    assert ask("forget", asked, "--store", filled).exit_code == 0

    assert [row[ADDRESS] for row in views_of(filled)] == addresses


def test_a_masked_address_is_removed_from_all_who_may_be_meant(counts_in: str, here: Path) -> None:
    write_log(here / "logs", [line("a/", remote_ip=each) for each in (ASKED, "203.0.114.1", "2001:db8:1:2::3")])
    ask("import", here / "logs", "--store", counts_in, "--mask-addresses", "yes")

    assert ask("forget", ASKED, "--store", counts_in, "--json").json["views"] == 1
    assert ask("forget", "2001:db8:1:9::9", "--store", counts_in, "--json").json["views"] == 1
    assert sorted(str(row[ADDRESS]) for row in views_of(counts_in)) == ["203.0.114.0", "None", "None"]


def test_an_address_in_a_field_of_its_format_and_beside_others_is_found(counts_in: str, here: Path) -> None:
    item = (
        '{ PageName = "{page}", SortKey = "{epoch}#{request_id}", Via = "{x-forwarded-for}", Both = "{c-ip} {cs(User-Agent)}", '
        'RemoteAddress = "{remote_ip}", Edge = "{x-edge-location}" }'
    )
    env = {"FOOTFALL_ITEM": item}
    records = [
        edge("/a", x_forwarded_for=f"192.0.2.1,%20{ASKED}", c_ip="198.51.100.7"),
        edge("/a", at="2026-10-20 08:00:01", x_forwarded_for="-", c_ip=ASKED),
        edge("/a", at="2026-10-20 08:00:02", x_forwarded_for="-", c_ip="198.51.100.7"),
    ]
    (here / edge_name(1).removesuffix(".gz")).write_bytes(as_w3c(records))
    ask("import", here, "--store", counts_in, env=env)

    assert ask("forget", ASKED, "--store", counts_in, "--json", env=env).json["views"] == 2

    rows = ask("views", "a", "--store", counts_in, "--json", env=env).json["rows"]
    assert [sorted(row) for row in rows] == [
        ["Edge", "PageName", "SortKey"],
        ["Edge", "PageName", "SortKey"],
        ["Both", "Edge", "PageName", "RemoteAddress", "SortKey"],
    ]
    assert ASKED not in str(rows)


def test_its_bytes_are_gone_from_the_database_and_its_log(here: Path) -> None:
    write_log(here / "logs", [line("a/", remote_ip=ASKED, agent=OWN_AGENT, referrer=OWN_REFERRER), line("a/")])
    ask("import", here / "logs")
    assert any(ASKED.encode() in path.read_bytes() for path in here.glob("footfall.db*"))

    with closing(sqlite3.connect("footfall.db")) as connection:  # as long as somebody has it open, the log stays
        assert len(connection.execute("SELECT * FROM views").fetchall()) == 2
        ask("forget", ASKED)

        for path in here.glob("footfall.db*"):
            content = path.read_bytes()
            assert [each for each in (ASKED, OWN_AGENT, OWN_REFERRER) if each.encode() in content] == [], path
        assert connection.execute("SELECT count(*) FROM views JOIN texts ON texts.id = user_agent").fetchone() == (1,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_importer_that_is_at_work_writes_a_text_again_that_was_deleted(here: Path) -> None:
    with closing(open_store("sqlite:footfall.db", KEPT)) as importer:
        importer.prepare("UTC")
        importer.record([digest("one", [view(1, remote_ip=ASKED, user_agent=OWN_AGENT)])])
        assert ask("forget", ASKED, "--json").json["views"] == 1

        importer.record([digest("two", [view(2, remote_ip="192.0.2.1", user_agent=OWN_AGENT)])])

    assert [row[AGENT] for row in views_of("sqlite:footfall.db")] == [None, OWN_AGENT]


def test_what_cannot_be_forgotten_is_said(here: Path, table_url: Callable[[], str]) -> None:
    url = table_url()
    write_log(here / "logs", [line()], name(1))
    item = '{ PageName = "{page}", SortKey = "{epoch}#{remote_ip}" }'
    ask("import", here / "logs", "--store", url, env={"FOOTFALL_ITEM": item})

    says(ask("forget", ASKED, "--store", url, env={"FOOTFALL_ITEM": item}), "SortKey", "cannot be changed", code=1)
    says(ask("forget", "their house"), "'their house'", "203.0.113.0/24", code=2)
    says(ask("forget", ASKED), "no database footfall.db", code=1)
    assert not Path("footfall.db").exists()


def test_the_fields_that_say_who_a_reader_is_are_documented_ones() -> None:
    documented = {"remote_ip", "user_agent", "referrer"}.union(*(row.documented for row in FORMATS.values()))

    assert documented >= ADDRESSES | OF_THE_READER
