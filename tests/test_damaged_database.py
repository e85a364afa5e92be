"""A database that a disk, a copy or another program has damaged: one sentence, whatever is asked."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from .builders import SITE, ask, line, says, write_log
from .conftest import trials

COMMANDS = (
    ["status"], ["pages"], ["top", "status"], ["history"], ["views", "/"], ["token", "list"], ["token", "add", "another"],
    ["doctor", "--site", SITE], ["import", "-"], ["sweep", "logs"],
)  # fmt: skip
NEW = line("new/index.html")


@pytest.fixture
def counted(here: Path) -> bytes:
    """A database, and its content: one file, whose site has pages, bots and a token."""
    (here / "logs").mkdir()
    write_log(here / "logs", [line("index.html"), line("blog/b/index.html"), line("no.html", status=404)])
    assert ask("import", "logs").exit_code == 0
    assert ask("token", "add", "laptop").exit_code == 0
    with closing(sqlite3.connect("footfall.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path("footfall.db").read_bytes()


def put(content: bytes) -> None:
    """This as the database, without what was beside it."""
    for end in ("-wal", "-shm"):
        Path(f"footfall.db{end}").unlink(missing_ok=True)
    Path("footfall.db").write_bytes(content)


def ask_everything(content: bytes) -> list[str]:
    """What each command says of the database, in at most one sentence each; those that find nothing amiss say nothing."""
    said = []
    for command in COMMANDS:
        put(content)
        answer = ask(*command, stdin=NEW)
        assert answer.exit_code in (0, 1, 2), (command, answer)  # 2: a page of this name is no more
        if answer.exit_code and command[0] != "doctor":
            (told,) = (each for each in answer.stderr.splitlines() if each.startswith("footfall: "))
            said.append(told)
    return said


def changed(content: bytes, sql: str) -> bytes:
    """The content after a statement, which some program or a byte on the disk stands behind."""
    put(content)
    with closing(sqlite3.connect("footfall.db", isolation_level=None)) as connection:
        connection.execute(sql)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path("footfall.db").read_bytes()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE files SET dropped = '{oops'",
        "UPDATE files SET dropped = '[1]'",
        "UPDATE files SET dropped = 5",
        'UPDATE files SET dropped = \'{"bot": "x"}\'',
        "UPDATE files SET dropped = x'ff00'",
        "UPDATE files SET lines = 'abc'",
        "UPDATE files SET views = 'q', unreadable = 'r'",
        "UPDATE files SET last_time = 'soon', first_time = 'soon'",
        "UPDATE files SET last_time = 99999999999999999",
        "UPDATE files SET name = x'ff'",
        "UPDATE OR IGNORE tally SET day = 'nonsense'",
        "UPDATE OR IGNORE tally SET day = '2026-13-45'",
        "UPDATE OR IGNORE tally SET day = x'ff'",
        "UPDATE tally SET views = 'many'",
        "UPDATE tally SET views = 9223372036854775807",
        "UPDATE OR IGNORE tally SET value = x'ff'",
        "UPDATE OR IGNORE tally SET value = CAST(x'ff' || value AS TEXT)",
        "UPDATE OR IGNORE tally SET site = CAST(x'ff' AS TEXT)",
        "UPDATE OR IGNORE tally SET site = x'ff'",
        "UPDATE texts SET text = CAST(x'ff' || text AS TEXT)",
        "UPDATE settings SET value = x'ff' WHERE name = 'time_zone'",
        "UPDATE tokens SET sha256 = x'ff'",
        "DROP TABLE tally",
        "DROP TABLE files",
        "DROP TABLE views",
        "DROP TABLE texts",
        "DROP TABLE tokens",
        "DROP TABLE settings",
        "DROP TABLE items",
        "ALTER TABLE tally RENAME COLUMN views TO hits",
        "ALTER TABLE files RENAME COLUMN dropped TO gone",
    ],
)
def test_what_is_not_footfalls_in_a_row_or_a_table_is_damage(counted, sql):
    said = ask_everything(changed(counted, sql))

    assert all("damaged" in each and "restore a backup" in each for each in said), said


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.replace(b"CREATE TABLE tally", b"CREATE \xc8ABLE tally"),
        lambda content: content.replace(b"CREATE TABLE tally", b"CRXATE TABLE tally"),
        lambda content: content.replace(b"CREATE TABLE files", b"CREATE TABLE \xff\xfe\xfd\xfc\xfb"),
        lambda content: content[:100],
        lambda content: content[:5_000],
        lambda content: content[: len(content) // 2],
        lambda content: content[:8_192] + bytes(len(content) - 8_192),
    ],
)
def test_a_schema_or_a_file_that_is_cut_short_is_damage_to_every_command(counted, damage):
    said = ask_everything(damage(counted))

    assert said
    assert all("damaged" in each for each in said), said


def test_a_zone_that_this_machine_does_not_know_is_named(counted):
    said = ask_everything(changed(counted, "UPDATE settings SET value = 'Mars/Base' WHERE name = 'time_zone'"))

    assert said
    assert all("Mars/Base" in each for each in said), said


def some_bytes(random_: random.Random, content: bytes) -> bytes:
    """Some bytes of it are others."""
    damaged = bytearray(content)
    for _ in range(random_.choice([1, 3, 30, 300])):
        damaged[random_.randrange(100, len(damaged))] = random_.randrange(256)
    return bytes(damaged)


def a_page(random_: random.Random, content: bytes) -> bytes:
    """One of its pages is anything."""
    start = random_.randrange(len(content) // 4096) * 4096
    return content[:start] + random_.randbytes(4096) + content[start + 4096 :]


@pytest.mark.parametrize("damage", [some_bytes, a_page])
def test_no_byte_that_changes_ends_in_a_traceback(counted: bytes, damage: Callable[[random.Random, bytes], bytes]) -> None:
    for trial in range(trials(8, of=10)):
        ask_everything(damage(random.Random(trial), counted))


def test_links_in_a_circle_are_no_database(here):
    Path("footfall.db").symlink_to("footfall.db")

    says(ask("import", "-", stdin=NEW), "footfall.db", "cannot be opened", code=1)
