"""`footfall recount`: after a change of the rules, the store is as one that the logs are imported into under the new ones."""

import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from footfall import digest
from footfall.digest import rules_of
from footfall.dimensions import DIMENSIONS
from footfall.pipeline.events import DaysRecounted, PartCounted, VisitorsRead
from footfall.pipeline.recount import Due, recount
from footfall.pipeline.search import find
from footfall.pipeline.visitors import recount_visitors
from footfall.settings import load_settings
from footfall.stores import Store, open_store
from footfall.stores.base import FIRST_DAY, LAST_DAY

from .builders import (
    CHROME,
    FIREFOX,
    FOOTFALL,
    GOOGLEBOT,
    SITE,
    account_adds_up,
    ask,
    line,
    name,
    patched,
    run,
    says,
    write_log,
)

KEYS = (
    "blog/a/index.html", "blog/b/index.html", "blog/b/default.html", "about", "contact", "about.html", "drafts/c/index.html",
    "", "style.css", "missing.html",
)  # fmt: skip
AGENTS = (CHROME, FIREFOX, GOOGLEBOT, "InHouse/1.0 (Windows NT 10.0)", "-")
REFERRERS = ("-", "https://cdn.example.org/x", f"https://{SITE}/blog/a/", "https://news.example/")
CONFIG = """
[item]
PageName = "{site}/{page}"
SortKey = "{epoch}#{request_id}"
Agent = "{user_agent}"
Referrer = "{referrer_host}"
"""
# Each setting that decides what counts, with a value that changes something of these lines.
CHANGES = {
    "sites": ("--site", SITE),
    "index_documents": ("--index-documents", "default.html"),
    "clean_urls": ("--clean-urls", "true"),
    "single_page_app": ("--single-page-app", "true"),
    "own_hosts": ("--own-hosts", "cdn.example.org"),
    "exclude_paths": ("--exclude-paths", "drafts/*,blog/b"),
    "exclude_addresses": ("--exclude-addresses", "198.51.100.0/24"),
    "bots": ("--bots", "Firefox"),
    "dimensions": ("--dimensions", "{ referrer = false, browser = false, entry = false, bot = false, broken_link = false }"),
}
BOTS = CHANGES["bots"]
# Another version of footfall, whose list of bots has another one.
NEWER = patched(
    "from footfall.digest import fingerprint; from footfall.pageviews import agents, bots\n"
    "fingerprint.RULES_VERSION += 1; find = agents.find_bot\n"
    "agents.find_bot = lambda agent: bots.Bot('Firefox', 'other') if 'Firefox' in agent else find(agent)"
)


@pytest.fixture
def logs(here: Path) -> Path:
    """Log files of three days with records that come again; one is packed, and one has no name of AWS's."""
    (here / "footfall.toml").write_text(CONFIG)
    lines = [some_line(number) for number in range(120)]
    folder = here / "logs"
    write_log(folder, [*lines[:60], b"rubbish"], name(1))
    write_log(folder, [*lines[80:], *lines[:3]], f"{name(2)}.gz")
    write_log(folder, [*lines[40:90], *lines[:5]], "other.log")
    return folder


def some_line(number: int) -> bytes:
    key = KEYS[number % len(KEYS)]
    return line(
        key,
        f"2026-10-{20 + number // 50} {number % 24:02}:00:{number % 60:02}",
        bucket=SITE if number % 7 else "other.example",
        request_id=f"ID{number % 110:014}",
        agent=AGENTS[number // 3 % 5],
        referrer=REFERRERS[number % 4],
        remote_ip=f"{198 + number % 2}.51.100.7",
        status=404 if key in ("missing.html", "about") else 200,
    )


def opened(url: str) -> Store:
    return open_store(url, load_settings(None, {}, {})["item"])


def state(url: str) -> dict[str, Any]:
    """All that a store answers with, but for when files were ingested."""
    with closing(opened(url)) as store:
        sites, parts = store.sites(), list(store.files())
        counts = {
            (site, dimension, day, value): views
            for site in sites
            for dimension in DIMENSIONS
            for value, day, views in store.counts(site, dimension, FIRST_DAY, LAST_DAY)
        }
        pages = sorted({(site, value) for site, dimension, _, value in counts if dimension == "page"})
        return {
            "counts": counts,
            "months": [store.sums(site, row, "2026-10-01", "2026-10-31") for site in sites for row in DIMENSIONS],
            "sites": (sites, store.sites_with_views(), [store.period(site) for site in sites]),
            "files": sorted((replace(part, ingested_at=0) for part in parts), key=lambda part: (part.name, part.number)),
            "added": {(part.name, part.number): store.added(part.name, part.number) for part in parts},
            "views": {page: list(store.views(*page, 0, 2**32)) for page in pages},
            "visitors": {site: store.visitors(site, FIRST_DAY, LAST_DAY) for site in sites},
        }


def tables(database: str) -> dict[str, list[Any]]:
    """The rows of a database, but for when files were ingested, and texts that are in views by their numbers."""
    with closing(sqlite3.connect(database)) as connection:
        asked = {
            "tally": "SELECT * FROM tally",
            "months": "SELECT * FROM months",
            "views": "SELECT * FROM page_views",
            "owners": "SELECT time, request_id, file FROM views",
            "files": "SELECT id, name, part, is_last, size, sha256, first_time, last_time, lines, views, dropped, unreadable, "
            "rules, added, stored_size FROM files",
            "settings": "SELECT * FROM settings WHERE name != 'forgets'",
            "visitors": "SELECT site, day, visitors, loaded, from_search, from_search_loaded, length(hashes), length(key) "
            "FROM visitors",
        }  # fmt: skip
        return {name: sorted(map(repr, connection.execute(sql))) for name, sql in asked.items()}


@pytest.mark.parametrize("setting", CHANGES)
def test_after_a_change_of_a_setting_the_store_is_as_a_new_one(setting: str, logs: Path, new_url: Callable[..., str]) -> None:
    url, fresh = new_url(), f"sqlite:{logs.parent}/fresh.db"
    ask("import", logs, "--store", url)
    before = state(url)

    answer = ask("recount", "--logs", logs, "--store", url, *CHANGES[setting], "--json").json

    ask("import", logs, "--store", fresh, *CHANGES[setting])
    found, new = state(url), state(fresh)
    if url.startswith("dynamodb:"):  # visitors stay as they were counted
        stay = before.pop("visitors")
        assert found.pop("visitors") == {site: stay[site] for site in new.pop("visitors")}
    assert found == new != before
    assert answer["files"] == {"recounted": 3, "known": 0, "gone": 0, "unchangeable": 0}
    assert account_adds_up(answer["before"])
    assert account_adds_up(answer["after"])
    assert any(answer["changes"].values())


@pytest.mark.parametrize("setting", CHANGES)
def test_the_rows_of_a_database_are_those_of_a_new_one_and_again_those_of_before(setting: str, logs: Path) -> None:
    ask("import", logs)
    before = tables("footfall.db")

    ask("recount", "--logs", logs, *CHANGES[setting])
    changed = tables("footfall.db")
    ask("recount", "--logs", logs)

    ask("import", logs, "--store", "sqlite:fresh.db", *CHANGES[setting])
    assert changed == tables("fresh.db") != before
    assert tables("footfall.db") == before


def test_another_list_of_bots_counts_files_anew(logs: Path) -> None:
    ask("import", logs)

    assert run("status", "--json", command=NEWER).json["files_under_other_rules"] == 3
    assert run("recount", "--logs", logs, "--quiet", command=NEWER).exit_code == 0

    run("import", logs, "--store", "sqlite:fresh.db", command=NEWER)
    assert tables("footfall.db") == tables("fresh.db")
    assert ask("top", "bot", "--site", SITE, "--json").rows["Firefox"] > 0


def test_a_dimension_that_an_earlier_footfall_lacked_is_counted(logs: Path) -> None:
    older = patched(
        "from footfall.dimensions import DIMENSIONS\nfor each in ('bot', 'bot_class', 'status'): del DIMENSIONS[each]"
    )
    run("import", logs, command=older)
    assert not any("'bot'" in row for row in tables("footfall.db")["tally"])

    ask("recount", "--logs", logs)

    ask("import", logs, "--store", "sqlite:fresh.db")
    assert tables("footfall.db") == tables("fresh.db")


def test_processes_read_what_is_counted_anew(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.pipeline.workers.WORTH_BYTES", 1)
    ask("import", logs, "--jobs", "1")

    assert ask("recount", "--logs", logs, "--jobs", "2", *BOTS).exit_code == 0

    ask("import", logs, "--store", "sqlite:fresh.db", *BOTS)
    assert tables("footfall.db") == tables("fresh.db")


def test_a_large_file_is_counted_anew_in_its_parts(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.pipeline.parts.PART_BYTES", 5_000)
    monkeypatch.setattr("footfall.pipeline.small.SMALL_BYTES", 100)
    monkeypatch.setattr("footfall.pipeline.small.MOST_BYTES", 100)
    ask("import", logs)
    assert len(tables("footfall.db")["files"]) > 6

    answer = ask("recount", "--logs", logs, *BOTS, "--json").json

    ask("import", logs, "--store", "sqlite:fresh.db", *BOTS)
    assert answer["files"]["recounted"] == 3
    assert tables("footfall.db") == tables("fresh.db")


def test_what_is_under_these_rules_is_not_opened(logs: Path) -> None:
    ask("import", logs)
    ask("recount", "--logs", logs, *BOTS)
    (logs / name(1)).write_bytes(b"what nobody reads")
    before = tables("footfall.db")

    answer = ask("recount", "--logs", logs, *BOTS, "--json")

    assert answer.json["files"] == {"recounted": 0, "known": 3, "gone": 0, "unchangeable": 0}
    assert tables("footfall.db") == before


def test_status_says_how_many_files_were_counted_under_other_rules(logs: Path) -> None:
    ask("import", logs)
    assert ask("status", "--json").json["files_under_other_rules"] == 0
    assert "Rules" not in ask("status").stdout

    (logs.parent / "footfall.toml").write_text(f'bots = ["Firefox"]\n{CONFIG}')

    assert ask("status", "--json").json["files_under_other_rules"] == 3
    assert "3 files were counted under other rules: footfall recount recounts them" in ask("status").stdout


def test_a_dry_run_says_what_a_recount_then_does_and_writes_nothing(logs: Path) -> None:
    ask("import", logs)
    before = tables("footfall.db")
    options = ("recount", "--logs", logs, "--bots", "Firefox", "--exclude-paths", "drafts/*", "--json")

    dry = ask(*options, "--dry-run").json

    assert tables("footfall.db") == before
    done = ask(*options).json
    assert done.pop("visitors") == {"days_recounted": 3, "days_left": 0}
    assert dry == {**done, "dry_run": True}
    assert {name for name, rows in done["changes"].items() if rows} >= {"page", "bot", "status"}
    assert done["days_with_other_views"] == 4
    assert ask("recount", "--logs", logs, "--json").json["days_with_other_views"] == 4
    assert ask("recount", "--logs", logs, "--own-hosts", "cdn.example.org", "--json").json["days_with_other_views"] == 0


def test_people_see_what_is_different_by_outcome_page_and_bot(logs: Path) -> None:
    ask("import", logs)

    shown = ask("recount", "--logs", logs, *BOTS, "--dry-run")

    assert shown.stdout.startswith("3 files would be recounted (dry run: nothing was written)\n\n  Before  Now  Change  Lines")
    rows = [each.split() for each in shown.stdout.splitlines()]
    assert ["Change", "Page", "Site"] in rows
    assert any(row[1:] == ["blog/a", SITE] and row[0].startswith("-") for row in rows if row)
    assert any(row[1:] == ["Firefox", SITE] and row[0].startswith("+") for row in rows if row)
    assert "duplicates" in shown.stderr
    assert "visitors" not in ask("recount", "--logs", logs, *BOTS).stderr


def test_a_period_names_whose_files_are_counted_anew(logs: Path) -> None:
    write_log(logs, [line(at="2026-11-20 08:00:00", agent=FIREFOX)], name(9, "2026-11-20"))
    ask("import", logs)

    answer = ask("recount", "2026-11", "--logs", logs, *BOTS, "--json").json

    assert answer["files"]["recounted"] == 1
    assert answer["before"]["views"] - answer["after"]["views"] == 1
    assert ask("status", "--json").json["files_under_other_rules"] == 1


def test_a_file_that_is_gone_stays_as_it_was_counted(logs: Path) -> None:
    ask("import", logs)
    before = state("sqlite:footfall.db")
    (logs / name(1)).unlink()

    answer = ask("recount", "--logs", logs, *BOTS, "--json")

    assert answer.json["files"] == {"recounted": 2, "known": 0, "gone": 1, "unchangeable": 0}
    assert f"1 file stays as counted before, not being where the logs are: {name(1)}" in answer.stderr
    after = state("sqlite:footfall.db")
    assert after["added"][name(1), 0] == before["added"][name(1), 0]
    assert adds_up(after)
    # Its days are the first two; the third is recounted.
    stay = "visitors of 2 days stay as counted before: not all log files of these days could be read"
    assert stay in ask("recount", "--logs", logs, *BOTS).stderr
    assert answer.json["visitors"] == {"days_recounted": 1, "days_left": 2}
    ask("import", logs, "--store", "sqlite:fresh.db", *BOTS)
    fresh = state("sqlite:fresh.db")["visitors"][SITE]
    assert (
        after["visitors"][SITE] == {**before["visitors"][SITE], "2026-10-22": fresh["2026-10-22"]} != before["visitors"][SITE]
    )


def adds_up(found: dict[str, Any]) -> bool:
    """Whether what all parts added is what is counted."""
    added: dict[Any, int] = {}
    for tally in found["added"].values():
        for key, views in tally.items():
            added[key] = added.get(key, 0) + views
    return bool(added == found["counts"])


def test_a_file_whose_content_is_another_stays_as_it_was_counted(logs: Path) -> None:
    ask("import", logs)
    before = state("sqlite:footfall.db")
    write_log(logs, [line()], name(1))

    answer = ask("recount", "--logs", logs, *BOTS)

    says(answer._replace(stderr=answer.stderr.splitlines()[0]), name(1), "its content has changed since it was counted", code=1)
    after = state("sqlite:footfall.db")
    assert after["added"][name(1), 0] == before["added"][name(1), 0]
    assert adds_up(after)


def test_what_a_file_has_grown_by_is_left_to_an_import(logs: Path) -> None:
    ask("import", logs)
    with (logs / "other.log").open("ab") as log:
        log.write(line("new.html", agent=CHROME) + b"\n")

    assert ask("recount", "--logs", logs, *BOTS, "--json").json["files"]["recounted"] == 3
    assert "new.html" not in ask("pages", "--site", SITE, "--json").rows
    assert ask("import", logs, *BOTS, "--json").json["views"] == 1


def test_new_files_are_left_to_an_import(logs: Path) -> None:
    ask("import", logs)
    write_log(logs, [line("new.html")], name(7))
    write_log(logs, [line("new.html")], "another.log")

    assert ask("recount", "--logs", logs, *BOTS, "--json").json["files"]["recounted"] == 3
    assert "new.html" not in ask("pages", "--site", SITE, "--json").rows


def test_files_of_a_database_that_kept_no_additions_stay_as_they_are(logs: Path) -> None:
    ask("import", logs)
    with closing(sqlite3.connect("footfall.db")) as connection, connection:
        connection.execute("UPDATE files SET rules = NULL, added = NULL WHERE id = 1")

    answer = ask("recount", "--logs", logs, *BOTS, "--json")
    again = ask("recount", "--logs", logs, *BOTS)

    assert answer.json["files"] == {"recounted": 2, "known": 0, "gone": 0, "unchangeable": 1}
    assert "1 file stays as counted before" in answer.stderr
    assert again.stdout == "0 files recounted\n"


def test_without_kept_views_the_store_is_as_a_new_one_too(logs: Path) -> None:
    ask("import", logs, "--keep-views", "false")

    ask("recount", "--logs", logs, "--keep-views", "false", *BOTS)

    ask("import", logs, "--store", "sqlite:fresh.db", "--keep-views", "false", *BOTS)
    assert tables("footfall.db") == tables("fresh.db")


def test_where_views_have_expired_duplicates_are_found_all_the_same(logs: Path) -> None:
    options = ("--keep-views-days", "1")
    write_log(logs, [line(at="2026-11-24 08:00:00")], name(5, "2026-11-24"))
    ask("import", logs, *options)
    with closing(sqlite3.connect("footfall.db")) as connection, connection:
        connection.execute("DELETE FROM views WHERE file < 4")

    ask("recount", "--logs", logs, *options, *BOTS)

    ask("import", logs, "--store", "sqlite:fresh.db", *options, *BOTS)
    assert tables("footfall.db")["tally"] == tables("fresh.db")["tally"]


def test_two_recounts_at_once_count_once(logs: Path) -> None:
    ask("import", logs)
    command = [*FOOTFALL, "recount", "--logs", str(logs), *BOTS, "--json"]

    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counted = [json.loads(each.communicate()[0])["files"]["recounted"] for each in both]

    assert sum(counted) == 3
    ask("import", logs, "--store", "sqlite:fresh.db", *BOTS)
    assert tables("footfall.db") == tables("fresh.db")


@pytest.mark.parametrize("killed_at", range(7))
def test_a_recount_that_is_killed_goes_on_where_it_was(killed_at: int, logs: Path) -> None:
    ask("import", logs)
    killed = patched(
        "import os; from itertools import count\n"
        "from footfall.pipeline import batches; from footfall.stores.sqlite import rebuilt, write\n"
        "batches.BATCH_FILES = 1; steps = count(); add = write.Writer.add; commit = write.Writer.transaction\n"
        f"def die():\n    if next(steps) == {killed_at}: os.kill(os.getpid(), 9)\n"
        "def add_and_die(*asked):\n    add(*asked); die()\n"
        "replace = rebuilt.SQLiteRebuiltDays._replace\n"
        "def replace_and_die(*asked):\n    replace(*asked); die()\n"
        "rebuilt.SQLiteRebuiltDays._replace = replace_and_die; write.Writer.add = add_and_die\n"
        "write.Writer.transaction = lambda self: die() or commit(self)"
    )

    assert run("recount", "--logs", logs, *BOTS, command=killed).exit_code == -9
    assert adds_up(state("sqlite:footfall.db"))
    ask("recount", "--logs", logs, *BOTS)

    ask("import", logs, "--store", "sqlite:fresh.db", *BOTS)
    assert tables("footfall.db") == tables("fresh.db")


def test_new_files_are_imported_meanwhile(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.pipeline.batches.BATCH_FILES", 1)
    ask("import", logs)
    settings = load_settings(None, {"bots": "Firefox"}, {})
    make_digester = partial(digest.make_digester, "auto", settings.counting)

    for number, event in enumerate(
        recount(find([str(logs)]), opened("sqlite:footfall.db"), settings.counting, None, make_digester)
    ):
        if isinstance(event, PartCounted):  # the same records again, in files of old rules and of new ones
            write_log(logs.parent / "more", [some_line(each) for each in range(number, 120)], name(10 + number))
            ask("import", "more", *(BOTS if number % 2 else ()))
    ask("recount", "--logs", "more", "--logs", logs, *BOTS)

    assert ask("status", "--json", env={"FOOTFALL_BOTS": "Firefox"}).json["files_under_other_rules"] == 0
    ask("import", logs, "more", "--store", "sqlite:fresh.db", *BOTS)
    assert state("sqlite:footfall.db")["counts"] == state("sqlite:fresh.db")["counts"]


def test_who_comes_while_visitors_are_recounted_is_not_lost(logs: Path) -> None:
    ask("import", logs)
    settings = load_settings(None, {"bots": "Firefox"}, {}).counting
    made: list[Path] = []

    def found() -> Iterator[Any]:
        """What is there, after somebody else has imported another file of the third day."""
        if not made:
            more = line(at="2026-10-22 01:00:00", remote_ip="203.0.113.99")
            made.append(write_log(logs, [more], name(11, "2026-10-22")))
            ask("import", logs, *BOTS)
        return find([str(logs)])

    due = Due(rules_of(settings))
    with closing(opened("sqlite:footfall.db")) as store:
        events = list(recount_visitors(found, store, settings, due, partial(digest.make_digester, "auto", settings)))

    reads = [each for each in events if isinstance(each, VisitorsRead)]
    assert [*reads, DaysRecounted(3, 0)] == events
    assert (reads[0].files, reads[-1].files) == (1, reads[-1].of)
    ask("import", logs, "--store", "sqlite:fresh.db", *BOTS)
    assert state("sqlite:footfall.db")["visitors"][SITE] == state("sqlite:fresh.db")["visitors"][SITE]


def test_days_that_are_closed_are_recounted_and_stay_closed(logs: Path) -> None:
    ask("import", logs)
    with closing(opened("sqlite:footfall.db")) as store:
        store.close_days(2**33)
    came = {"at": "2026-10-20 01:00:00", "remote_ip": "203.0.113.99"}
    write_log(logs, [line(**came), line("style.css", **came)], name(11))
    assert ask("import", logs, "--json").json["late_visitors"] == 1

    ask("recount", "--logs", logs, *BOTS)

    with closing(sqlite3.connect("footfall.db")) as connection:
        assert not connection.execute("SELECT * FROM visitors WHERE coalesce(key, hashes, signs) IS NOT NULL").fetchall()
    assert ask("status", "--json").json["late_visitors"] == 0
    ask("import", logs, "--store", "sqlite:fresh.db", *BOTS)
    found, fresh = state("sqlite:footfall.db"), state("sqlite:fresh.db")
    assert found["visitors"] == fresh["visitors"]
    assert found["visitors"][SITE]["2026-10-20"].loaded == 1
    assert found["files"] == fresh["files"]


def test_where_visitors_are_off_they_stay(logs: Path) -> None:
    ask("import", logs)
    before = tables("footfall.db")["visitors"]

    answer = ask("recount", "--logs", logs, *BOTS, "--visitors", "false", "--json")

    assert "visitors" not in answer.json
    assert tables("footfall.db")["visitors"] == before


def test_time_zones_are_not_changed(logs: Path) -> None:
    ask("import", logs)

    for more in ((), ("--dry-run",)):
        says(ask("recount", "--logs", logs, "--time-zone", "Europe/Berlin", *more), "counts days in UTC", code=1)


def test_it_asks_where_the_logs_are(logs: Path) -> None:
    ask("import", logs)

    says(ask("recount"), "--logs", code=2)
    (logs.parent / "footfall.toml").write_text(f'logs = "logs"\n{CONFIG}')
    assert ask("recount").stdout == "0 files recounted\n\nAll files were already counted under these rules.\n"
