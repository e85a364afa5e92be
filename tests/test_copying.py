"""`footfall copy`: afterwards the copy answers as the original does, and goes on as the original would."""

import random
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from footfall.errors import StoreError
from footfall.stores import open_store
from footfall.stores.contents import tallies_of
from footfall.stores.copying import copy

from .builders import ask, line, name, patched, run, says, some_lines, write_log
from .conftest import KEPT, NEW_URLS, ROOT, opened, trials
from .truth import check_additions

QUESTIONS = (
    "pages",
    "history",
    "history --measure visitors",
    "status",
    "views a",
    "views p7.html",
    "views twice.html",
    "token list",
    "annotation list",
)
KINDS = [*NEW_URLS]


def answers(url: str) -> dict[str, Any]:
    """What a store says: reports, all counts, and which of several files was the last not among it."""
    found = {question: ask(*question.split(), "--store", url, "--json").json for question in QUESTIONS}
    for answer in found.values():
        answer.pop("capacity", None)
    del found["status"]["newest_file"], found["status"]["newest_file_ingested_at"]
    with closing(open_store(url, KEPT)) as store:
        found["notices"] = store.notices.delivered()
        return {**found, "counts": list(tallies_of(store))}


def ledger(url: str) -> dict[Any, Any]:
    """The ledger of a store, with what each part added."""
    with closing(open_store(url, KEPT)) as store:
        check_additions(store)
        return {(part.name, part.number): (part, store.added(part.name, part.number)) for part in store.files()}


@pytest.fixture
def make(here: Path, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Makes empty stores of a kind."""

    def make(kind: str) -> str:
        if kind == "dynamodb":
            url: str = request.getfixturevalue("table_url")()
            return url
        return f"sqlite:{here}/{random.randrange(10**9)}.db"

    return make


@pytest.fixture
def filled(here: Path, make: Callable[[str], str]) -> Callable[[str], str]:
    """Makes stores of a kind with log files that share records, days that are closed and open, a token and an annotation."""

    def filled(kind: str) -> str:
        url = make(kind)
        for number in range(3):
            write_log(here / "logs", some_lines(400, seed=number), name(number, f"2026-1{number % 2}-20"))
        odd = [
            line("twice.html", "2026-10-21 08:00:00", request_id="SAME", operation="REST.GET.OBJECT"),
            line("twice.html", "2026-10-21 08:00:00", request_id="SAME", operation="WEBSITE.GET.OBJECT"),
            line("long" * 250 + ".html", "2026-10-21 08:00:01", agent="Mozilla/5.0 " + "x" * 3000 + " Firefox/130.0"),
            line("%23hash.html", "2026-10-21 08:00:02", referrer="https://news.example/ö"),
        ]
        write_log(here / "logs", odd, "a name without a day.log")
        assert ask("import", here / "logs", "--store", url).exit_code == 0
        with closing(open_store(url, KEPT)) as store:
            assert store.close_days(2_000_000_000) > 2
            store.prepare("UTC")
            for key in ("digest 2026-W46", "digest 2026-W47"):
                assert store.notices.claim(key, "a run", 1_790_000_000, 0) == "ours"
            store.notices.confirm("digest 2026-W46", "a run", 1_790_000_009)
        write_log(here / "logs", [line("a/", "2026-11-22 08:00:00")], name(8))
        assert ask("import", here / "logs", "--store", url).exit_code == 0
        assert ask("token", "add", "dashboard", "--store", url).exit_code == 0
        assert ask("annotation", "add", "2026-10-20", "on the front page", "--store", url).exit_code == 0
        return url

    return filled


def goes_on_alike(url: str, other: str, folder: Path) -> None:
    """Log files that are known add nothing, and others, which share records with those, add the same to both."""
    assert ask("import", folder / "logs", "--store", other, "--json").json["views"] == 0
    again = [*some_lines(400, seed=1)[:50], line("a/", "2026-11-22 09:00:00", remote_ip="198.51.100.99")]
    again.append(line("twice.html", "2026-10-21 08:00:00", request_id="SAME", operation="REST.GET.OBJECT"))
    write_log(folder / "more", again, name(9, "2026-11-23"))
    both = [ask("import", folder / "more", "--store", each, "--json").json for each in (url, other)]
    assert both[0]["views"] == both[1]["views"] == 1
    assert both[0]["dropped"] == both[1]["dropped"]
    both = [
        ask("recount", "--logs", folder / "logs", "--store", each, "--exclude-paths", "b/*", "--json").json
        for each in (url, other)
    ]
    assert both[0]["changes"] == both[1]["changes"]
    assert answers(url) == answers(other)


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("from_", KINDS)
def test_a_copy_answers_as_the_original_and_goes_on_as_it_would(
    from_: str, to: str, make: Callable[[str], str], filled: Callable[[str], str], here: Path
) -> None:
    url, other = filled(from_), make(to)
    expected = answers(url), ledger(url)

    done = ask("copy", url, other)
    assert done.exit_code == 0, done

    assert (answers(other), ledger(other)) == expected
    assert "already has everything" in ask("copy", url, other).stdout
    assert answers(url) == expected[0]
    goes_on_alike(url, other, here)
    assert ask("import", write_log(here / "last", [line()], name(7)), "--store", other).exit_code == 0
    says(ask("copy", other, url), url, "has counts of its own", "new store", code=1)


KILL_BEFORE_VIEWS = """
import os, signal
from footfall.stores.sqlite import contents
contents._write_views = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
contents.SQLiteContents._moment = lambda self: os.kill(os.getpid(), signal.SIGKILL)
"""
KILL_AT = """
from footfall.stores.dynamodb.requests import Requests
from tests.faults import Faults
from tests.killed import kill_at
connect, die = Requests._connect, kill_at({})
def connect_to_die(self):
    client = connect(self)
    if self.table == {!r}:
        Faults(client, die)
    return client
Requests._connect = connect_to_die
"""


def test_a_copy_to_a_database_that_was_killed_is_not_there_and_the_next_one_is_whole(
    here: Path, filled: Callable[[str], str]
) -> None:
    url = filled("sqlite")

    killed = run("copy", url, "sqlite:copy.db", command=patched(KILL_BEFORE_VIEWS))

    assert killed.exit_code == -signal.SIGKILL
    assert not Path("copy.db").exists()
    assert ask("copy", url, "sqlite:copy.db").exit_code == 0
    assert answers("sqlite:copy.db") == answers(url)
    assert not list(Path().glob("copy.db.*"))


@pytest.mark.parametrize("from_", KINDS)
def test_a_copy_to_a_table_that_was_killed_cannot_be_used_and_is_whole_once_it_is_repeated(
    from_: str, filled: Callable[[str], str], table_url: Callable[[], str]
) -> None:
    url = filled(from_)
    expected = answers(url), ledger(url)
    with closing(open_store(url, KEPT)) as source, closing(opened(table_url())) as target:
        list(copy(source, target))
        requests = target.requests.capacity.requests

    for step in random.sample(range(5, 2 * requests), trials(2)):
        other = table_url()
        table = other.partition(":")[2].partition("?")[0]
        killed = run("copy", url, other, command=patched(KILL_AT.format(step, table)), cwd=ROOT)
        assert killed.exit_code == -signal.SIGKILL, killed
        half = ask("pages", "--store", other)
        if "incomplete copy" not in half.stderr:  # it was killed before it wrote anything, or after all of it
            is_empty = ask("status", "--store", other, "--json").json["time_zone"] is None
            assert is_empty or half.stdout == ask("pages", "--store", url).stdout, (step, half)
        assert ask("copy", url, other).exit_code == 0, step
        assert (answers(other), ledger(other)) == expected, step


@pytest.mark.parametrize("from_", KINDS)
def test_a_database_that_cannot_be_written_is_named_and_nothing_is_left_of_it(
    from_: str, here: Path, filled: Callable[[str], str]
) -> None:
    url = filled(from_)
    Path("taken").touch()

    says(ask("copy", url, "sqlite:no/such/copy.db"), "sqlite:no/such/copy.db cannot be written", "folder", code=1)
    says(ask("copy", url, "sqlite:taken/copy.db"), "sqlite:taken/copy.db cannot be written", "folder", code=1)
    assert not list(here.rglob("copy.db*"))


def test_what_a_database_refuses_of_a_copy_is_told_by_its_name(here: Path, filled: Callable[[str], str]) -> None:
    source, target = open_store(filled("sqlite"), KEPT), open_store("sqlite:copy.db", KEPT)
    with closing(source), closing(target), source.contents.read() as whole:
        twice = replace(whole, entries=[*whole.entries] * 2)
        with pytest.raises(StoreError, match=r"^copy\.db: UNIQUE constraint failed"):
            list(target.contents.fill(twice, "a state"))

    assert not list(Path().glob("copy.db*"))


def test_of_two_copies_to_one_place_and_an_import_into_it_the_first_one_stays(here: Path, filled: Callable[[str], str]) -> None:
    url = filled("sqlite")
    with closing(open_store(url, KEPT)) as source, closing(open_store("sqlite:copy.db", KEPT)) as target:
        steps = copy(source, target)
        next(steps)
        assert ask("copy", url, "sqlite:copy.db").exit_code == 0

        with pytest.raises(StoreError, match=r"copy\.db already has counts of its own"):
            list(steps)

    assert answers("sqlite:copy.db") == answers(url)
    assert [path.name for path in Path().glob("copy.db.*")] == []


def test_half_a_copy_of_what_has_changed_since_is_refused(filled: Callable[[str], str], table_url: Callable[[], str]) -> None:
    url, other = filled("sqlite"), table_url()
    with closing(open_store(url, KEPT)) as source, closing(opened(other)) as target:
        next(copy(source, target))
    assert ask("import", write_log(Path("later"), [line()], name(7)), "--store", url).exit_code == 0

    says(ask("copy", url, other), other, "changed since", "empty table", code=1)
    says(ask("import", "later", "--store", other), other, "incomplete copy", "footfall copy", code=1)


def test_a_database_is_copied_as_of_one_moment_while_an_import_writes(here: Path, filled: Callable[[str], str]) -> None:
    """As a backup is made."""
    url = filled("sqlite")
    expected = answers(url)
    with closing(sqlite3.connect(url.partition(":")[2])) as writing:
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("DELETE FROM tally")

        assert ask("copy", url, "sqlite:copy.db").exit_code == 0

        writing.execute("ROLLBACK")
    assert answers("sqlite:copy.db") == expected


def test_what_cannot_be_copied_is_refused_by_name_and_nothing_is_there(here: Path, make: Callable[[str], str]) -> None:
    write_log(here / "logs", [line()])
    ask("import", here / "logs", "--store", "sqlite:a.db")
    ask("token", "add", "mine", "--store", "sqlite:token.db")
    for command in (["add", "mine"], ["revoke", "mine"]):
        ask("token", *command, "--store", "sqlite:noted.db")
    ask("annotation", "add", "today", "begun", "--site", "www.example.org", "--store", "sqlite:noted.db")
    ask("import", here / "logs", "--store", "sqlite:berlin.db", "--time-zone", "Europe/Berlin")

    says(ask("copy", "sqlite:none.db", "sqlite:b.db"), "no database none.db", code=1)
    says(ask("copy", "sqlite:a.db", "sqlite:a.db"), "sqlite:a.db", "name two different stores", code=2)
    says(ask("copy", "sqlite:a.db", "sqlite:token.db"), "sqlite:token.db", "tokens", "new store", code=1)
    says(ask("copy", "sqlite:a.db", "sqlite:noted.db"), "sqlite:noted.db", "annotations", "new store", code=1)
    says(ask("copy", "sqlite:token.db", "sqlite:b.db"), "sqlite:token.db has no counts", code=1)
    says(ask("copy", "sqlite:a.db", "sqlite:berlin.db"), "sqlite:berlin.db already has counts of its own", code=1)
    says(ask("copy", "a.db", "sqlite:b.db"), "a.db", "sqlite:...", code=2)
    assert not Path("b.db").exists()


def test_a_table_that_was_prepared_in_another_time_zone_takes_no_copy(here: Path, table_url: Callable[[], str]) -> None:
    other = table_url()
    write_log(here / "logs", [line()])
    ask("import", here / "logs", "--store", "sqlite:a.db", "--time-zone", "Europe/Berlin")
    ask("token", "add", "mine", "--store", other)

    says(ask("copy", "sqlite:a.db", other), other, "counts days in UTC", "empty table", code=1)


@pytest.mark.emulator
def test_a_table_into_which_files_are_counted_meanwhile_is_not_copied(
    here: Path, filled: Callable[[str], str], make: Callable[[str], str]
) -> None:
    url = filled("dynamodb")
    write_log(here / "later", [line()], name(7))
    with closing(open_store(url, KEPT)) as source, closing(open_store("sqlite:copy.db", KEPT)) as target:
        steps = copy(source, target)
        next(steps)
        assert ask("import", here / "later", "--store", url).exit_code == 0
        with pytest.raises(StoreError, match="counted during the copy"):
            list(steps)

    assert not Path("copy.db").exists()
    assert ask("copy", url, "sqlite:copy.db").exit_code == 0
    assert answers("sqlite:copy.db") == answers(url)


@pytest.mark.emulator
def test_a_view_that_another_item_map_made_is_named(here: Path, filled: Callable[[str], str]) -> None:
    url = filled("dynamodb")
    item = '{ PageName = "{page}", SortKey = "{epoch}#{request_id}", AgentString = "{remote_ip} {user_agent}" }'

    says(
        ask("copy", url, "sqlite:copy.db", env={"FOOTFALL_ITEM": item}),
        url,
        "written with a different [item]",
        "settings",
        code=1,
    )
    assert not Path("copy.db").exists()
