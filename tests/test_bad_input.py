"""What can go wrong, tried as a new user would: one clear line with the remedy, exit code 1 or 2, and nothing lost."""

import gc
import io
import os
import random
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from footfall.pipeline import parts
from footfall.sources.local import find_logs
from footfall.stores import open_store
from footfall.stores.sqlite import SQLiteStore, connect, schema

from .builders import (
    CHROME,
    FOOTFALL,
    SITE,
    account_adds_up,
    ask,
    clean_environment,
    counts,
    line,
    name,
    patched,
    run,
    says,
    says_usage,
    write_log,
)
from .conftest import KEPT

pytestmark = pytest.mark.usefixtures("here")
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
A_VIEW = {("blog/a", "2026-10-20"): 1}


@pytest.fixture
def counted(here: Path) -> Path:
    """A folder in which one view is counted already."""
    write_log(here / "logs", [line()])
    assert ask("import", "logs").exit_code == 0
    return here


# --- files that are not there, or no logs ---


@pytest.mark.parametrize("source", ["none.log", "no/such/folder", "none*.log", "x" * 5000, "logs\n"])
def test_a_file_that_is_not_there_is_named_and_nothing_is_made(here: Path, source: str) -> None:
    says(ask("import", source), source.splitlines()[0][:100], code=1)
    says(ask("explain", source), source.splitlines()[0][:100], code=1)
    assert list(here.iterdir()) == []


def test_what_is_there_is_counted_although_something_else_is_not(here: Path) -> None:
    write_log(here / "logs", [line()])

    answer = ask("import", "none.log", "logs", "neither")

    assert answer.exit_code == 1
    assert answer.stderr.splitlines() == ["footfall: no file or folder none.log", "footfall: no file or folder neither"]
    assert counts() == A_VIEW


def test_an_empty_folder_is_named(here: Path) -> None:
    (here / "empty" / "below").mkdir(parents=True)
    (here / "empty" / ".hidden").touch()

    says(ask("import", "empty"), "empty", "no files", code=1)


@pytest.mark.parametrize(
    "content",
    [PNG, random.Random(7).randbytes(300_000), b"# A text\n\nof two paragraphs\n"],
    ids=["png", "random", "text"],
)
def test_a_file_that_is_no_log_is_named_and_not_counted(here: Path, content: bytes) -> None:
    (here / "folder").mkdir()
    (here / "folder" / "photo").write_bytes(content)

    answer = ask("import", "folder", "--json")

    says(answer, "folder/photo", "none of its lines is in a log format", "footfall explain", code=1)
    assert ask("status", "--json").json["lines"] == 0
    assert ask("explain", "folder/photo").exit_code == 0
    assert "Traceback" not in ask("explain", "folder/photo", "--json").stderr


def test_a_folder_of_other_files_names_each_and_counts_the_log_among_them(here: Path) -> None:
    write_log(here / "folder", [line()], "access.log")
    (here / "folder" / "photo.png").write_bytes(PNG)
    (here / "folder" / "notes.txt").write_text("notes\n")

    answer = ask("import", "folder")

    assert answer.exit_code == 1
    assert [each.split(":")[1].strip() for each in answer.stderr.splitlines()] == ["folder/notes.txt", "folder/photo.png"]
    assert answer.stdout.startswith("3 lines: 1 view") or answer.stdout.startswith("5 lines: 1 view")
    assert counts() == A_VIEW


def test_an_empty_file_is_a_log_without_lines(here: Path) -> None:
    (here / "empty.log").touch()
    write_log(here, [], "empty.gz")
    write_log(here, [], name(9))

    answer = ask("import", "empty.log", "empty.gz", name(9), "--json").json

    assert (answer["files"]["new"] + answer["files"]["known"], answer["lines"]) == (3, 0)


def test_a_special_file_is_no_log(here: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind("socket")

        says(ask("import", "."), "no files", code=1)
        assert ask("import", "socket").exit_code == 1


def test_importing_this_folder_passes_over_what_footfall_keeps_in_it(here: Path) -> None:
    write_log(here, [line()])
    ask("init")

    first = ask("import", ".", "--rejects", "rejects.txt")
    again = ask("import", ".", "--rejects", "rejects.txt", "--json")

    assert (first.exit_code, first.stderr) == (0, "")
    assert (again.exit_code, again.stderr) == (0, "")
    assert again.json["lines"] == 0


@pytest.mark.parametrize("command", ["import", "explain"])
def test_a_pipe_is_read_as_standard_input_is(here: Path, command: str) -> None:
    # footfall import <(zcat old.gz): the shell makes a pipe, which can be read but once.
    reading, writing = os.pipe()
    os.write(writing, line() + b"\n" + line() + b"\n")
    os.close(writing)

    answer = run(command, f"/dev/fd/{reading}", pass_fds=[reading], timeout=20)

    os.close(reading)
    assert answer.exit_code == 0, answer
    assert answer.stdout.startswith("2 lines: 2 views" if command == "import" else f"/dev/fd/{reading}:1: a page view")


# --- damaged gzip ---


@pytest.mark.parametrize("keep", [0.999, 0.5, 0.01])
@pytest.mark.parametrize("called", [name(1) + ".gz", "old.gz"])
def test_a_gzip_that_is_cut_short_is_named_and_the_others_go_on(here: Path, keep: float, called: str) -> None:
    chance = random.Random(1)
    records = [line(request_id=f"{chance.getrandbits(64):016X}") for _ in range(400)]
    path = write_log(here / "logs", records, called)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    write_log(here / "logs", [line("other/")], name(2))

    answer = ask("import", "logs")

    says(answer, f"logs/{called}", "cut short or damaged", "download it again", code=1)
    assert counts() == {("other", "2026-10-20"): 1}
    path.write_bytes(whole)
    assert ask("import", "logs", "--json").json["views"] == 400


def test_a_large_gzip_that_is_cut_short_counts_in_the_end_as_if_it_had_been_whole(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 8000)
    chance = random.Random(1)
    records = [line(request_id=f"{chance.getrandbits(64):016X}") for _ in range(2000)]
    path = write_log(here, records, name(1) + ".gz")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])

    says(ask("import", path), path.name, "cut short", code=1)
    path.write_bytes(whole)
    ask("import", path)

    assert counts() == {("blog/a", "2026-10-20"): 2000}
    status = ask("status", "--json").json
    assert (status["lines"], status["files"], account_adds_up(status)) == (2000, 1, True)


WITHOUT_ISAL = patched("sys.modules['isal'] = None")


def test_gzip_is_read_alike_where_isal_is_not_to_be_had(here: Path) -> None:
    path = write_log(here / "logs", [line(f"p{number}/") for number in range(500)], name(1) + ".gz")

    with_it, without = (
        run("import", "logs", "--store", f"sqlite:{number}.db", "--json", command=command)
        for number, command in enumerate(([*FOOTFALL], WITHOUT_ISAL))
    )
    path.write_bytes(path.read_bytes()[:-20])

    assert without.json == with_it.json
    assert without.json["views"] == 500
    says(run("import", "logs", command=WITHOUT_ISAL), "cut short", code=1)


def test_a_gzip_with_rubbish_inside_is_named(here: Path) -> None:
    path = write_log(here, [line() for _ in range(50)], "old.gz")
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(content)

    says(ask("import", "old.gz"), "old.gz", "damaged", code=1)
    says(ask("import", "-", stdin=bytes(content)), "-:", "damaged", code=1)
    says(run("import", "old.gz", command=WITHOUT_ISAL), "old.gz", "damaged", code=1)
    answer = ask("explain", "old.gz")
    assert (answer.exit_code, "damaged" in answer.stderr) == (1, True)


# --- odd lines ---


@pytest.mark.parametrize(
    "odd",
    [
        line(total_time="9" * 30),
        line(total_time="9" * 5000),
        line(status="200", total_time="18446744073709551616"),
        line().replace(b" 2048 2048 ", b" " + b"7" * 4400 + b" 2048 "),
    ],
    ids=["30 digits", "5000 digits", "2 to the 64", "4400 digits sent"],
)
def test_a_number_that_no_computer_holds_loses_no_line(here: Path, odd: bytes) -> None:
    write_log(here / "logs", [line("other/"), odd])
    (here / "footfall.toml").write_text(
        '[item]\nPageName = "{page}"\nSortKey = "{epoch}"\nTime = { value = "{total_time}", type = "N" }\n'
        'Sent = { value = "{bytes_sent}", type = "N" }\n'
    )

    answer = ask("import", "logs", "--json")

    assert answer.json["lines"] == 2
    assert account_adds_up(answer.json)
    assert ask("pages", "--json").rows["other"] == 1
    assert len(ask("explain", "logs", "--json").stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("stamp", "zone"),
    [
        ("31/Dec/9999:23:59:59 +0000", "Asia/Kolkata"),
        ("01/Jan/0001:00:00:00 +0000", "America/New_York"),
        ("01/Jan/0001:00:00:00 +0500", "UTC"),
        ("31/Dec/9999:23:59:59 -0500", "UTC"),
        ("02/Jan/0001:00:00:00 +0000", "UTC"),
        ("31/Dec/9999:23:59:59 +0000", "UTC"),
        ("29/Feb/2025:00:00:00 +0000", "UTC"),
        ("20/Oct/2026:24:00:00 +0000", "UTC"),
        ("20/Oct/2026:08:00:60 +0000", "UTC"),
        ("20/Oct/2026:08:00:00 +9999", "UTC"),
    ],
)
def test_a_time_at_the_end_of_the_calendar_loses_no_line(here: Path, stamp: str, zone: str) -> None:
    write_log(here / "logs", [line("other/"), line().replace(b"20/Oct/2026:08:00:00 +0000", stamp.encode())])

    answer = ask("import", "logs", "--time-zone", zone, "--json").json

    assert answer["lines"] == 2
    assert account_adds_up(answer)
    assert ask("pages", "--json").rows["other"] == 1
    assert ask("history", "--by", "month", "--json").json["total"] == answer["views"]
    assert ask("status", "--json").json["lines"] == 2
    assert len(ask("explain", "logs", "--time-zone", zone, "--json").stdout.splitlines()) == 2


def test_a_line_longer_than_a_block_is_one_line(here: Path) -> None:
    write_log(here / "logs", [line("a/"), line("b/", referrer="https://a.example/" + "x" * 600_000), line("c/"), b"no record"])

    answer = ask("import", "logs")

    assert answer.stdout.startswith("4 lines: 3 views, 1 unreadable")
    assert f"{name(1)}:4: unreadable" in answer.stderr


def test_windows_line_ends_and_a_missing_last_one_change_nothing(here: Path) -> None:
    (here / "a.log").write_bytes(b"\r\n".join([line("a/"), b"", line("b/"), b"   ", line("c/")]))

    assert ask("import", "a.log", "--json").json["lines"] == 3
    assert counts() == {(page, "2026-10-20"): 1 for page in "abc"}


def test_bytes_that_are_not_utf_8_are_replaced_and_never_stored_as_surrogates(here: Path) -> None:
    write_log(
        here / "logs",
        [
            line("caf%25E9/"), line("%25ED%25A0%2580/"), line(agent="Mozilla/5.0 (X11; Linux) \udce9\udcff Firefox/145.0"),
            line(referrer="https://caf\udce9.example/"), line("x\udce9/"), line(request_id="ID\udce9"),
        ],
    )  # fmt: skip

    assert ask("import", "logs", "--json").json["views"] == 6
    for command in (["pages"], ["top", "referrer"], ["views", "blog/a"]):
        run(*command, "--json").stdout.encode("utf-8")
    assert ask("pages", "--json").rows == {"blog/a": 3, "caf\ufffd": 1, "x\ufffd": 1, "\ufffd\ufffd\ufffd": 1}


def test_names_that_are_not_utf_8_do_no_harm(here: Path) -> None:
    for number, odd in enumerate((b"caf\xe9.log", b"caf\xe9" + name(5).encode())):
        (here / os.fsdecode(odd)).write_bytes(line(f"p{number}/") + b"\n")

    answer = run("import", ".", "--json")

    assert answer.exit_code == 0, answer
    assert answer.json["views"] == 2
    assert run("import", here / os.fsdecode(b"caf\xe9" + name(5).encode()), "--json").json["files"] == {"new": 0, "known": 1}
    assert run("status").exit_code == 0


@pytest.mark.parametrize(
    "flag",
    [
        "--prefix",
        "--site",
        "--cursor",
        "--start",
    ],
)
def test_flags_that_are_not_utf_8_do_no_harm(counted: Path, flag: str) -> None:
    answer = run("pages", flag, os.fsdecode(b"caf\xe9"))

    assert answer.exit_code in (0, 2)
    assert "Traceback" not in answer.stderr


# --- disks ---


def limit(size: int) -> Any:
    """Files of the child grow no further: what it sees is a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("kilobytes", [0, 8, 100, 300])
def test_a_full_disk_is_told_of_once_and_running_again_counts_everything(here: Path, kilobytes: int) -> None:
    for number in range(30):
        write_log(here / "logs", [line(f"p{number}/", agent=f"{CHROME} Reader/{item}") for item in range(100)], name(number))
    ask("import", here / "logs" / name(0))
    size = (here / "footfall.db").stat().st_size

    full = run("import", "logs", preexec_fn=limit(kilobytes * 1024 if kilobytes else size))

    assert full.exit_code == 1, full
    assert "Traceback" not in full.stderr
    assert 1 <= len(full.stderr.splitlines()) <= 3, full.stderr
    assert "footfall.db" in full.stderr
    assert "disk" in full.stderr or "space" in full.stderr
    assert account_adds_up(ask("status", "--json").json)
    assert ask("import", "logs").exit_code == 0
    assert counts() == {(f"p{number}", "2026-10-20"): 100 for number in range(30)}


@pytest.mark.parametrize("command", ["import", "explain"])
def test_a_closed_standard_input_is_told(here: Path, command: str) -> None:
    answer = run(command, "-", command=["sh", "-c", 'exec "$@" <&-', "sh", *FOOTFALL])

    assert (answer.exit_code, "Traceback" in answer.stderr) == (1, False)
    assert "footfall: -: standard input is closed; pipe log lines in, or name a file" in answer.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", [["pages", "--json"], ["history"], ["status"], ["views", "blog/a"]])
def test_an_answer_that_cannot_be_written_is_told(counted: Path, command: list[str]) -> None:
    with open("/dev/full", "w") as full:
        answer = run(*command, capture_output=False, stdout=full, stderr=subprocess.PIPE)

    says(answer, "cannot write the output", "No space left", "free some space", code=1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("bad", [1, 5000])
def test_rejects_that_cannot_be_written_are_named(here: Path, bad: int) -> None:
    write_log(here / "logs", [line(), *(b"no record, number %d" % number for number in range(bad))])

    answer = ask("import", "logs", "--rejects", "/dev/full")

    says(answer, "/dev/full", "No space left", code=1)


def test_rejects_where_nothing_can_be_written_are_named_before_anything_is_counted(here: Path) -> None:
    write_log(here / "logs", [line()])

    says(
        ask("import", "logs", "--rejects", "no/folder/rejects"),
        "no/folder/rejects",
        "cannot be written",
        "choose another file",
        code=2,
    )
    says(ask("import", "logs", "--rejects", "."), "--rejects", code=2)
    assert ask("import", "logs", "--json").json["views"] == 1


def test_importing_again_does_not_lose_the_rejects(here: Path) -> None:
    write_log(here / "logs", [line(), b"no record"])
    ask("import", "logs", "--rejects", "rejects")

    ask("import", "logs", "--rejects", "rejects")

    assert (here / "rejects").read_bytes() == b"no record\n"


def test_rejects_do_not_write_into_the_log_that_is_read(here: Path) -> None:
    content = write_log(here, [line(), b"no record"], "a.log").read_bytes()

    answer = ask("import", "a.log", "--rejects", "a.log")

    assert (here / "a.log").read_bytes() == content
    assert answer.exit_code == 2


# --- the database ---


def test_reports_without_a_database_say_how_to_make_one(here: Path) -> None:
    for command in (["pages"], ["history"], ["status"], ["views", "/"], ["top", "bot"]):
        says(ask(*command), "footfall.db", "footfall import", "--store", code=1)
    assert list(here.iterdir()) == []


def test_a_locked_database_is_told_of_once_with_the_remedy(counted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "LOCK_SECONDS", 0.2)
    write_log(counted / "logs", [line("other/")], name(2))

    with closing(sqlite3.connect("footfall.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        says(ask("import", "logs"), "footfall.db", "another process", "wait", code=1)
        assert ask("pages", "--json").json["total"] == 1  # who reads is not kept waiting

    assert ask("import", "logs", "--json").json["files"] == {"new": 1, "known": 1}


def test_a_database_that_is_locked_midway_is_not_waited_for_once_per_file(
    counted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "LOCK_SECONDS", 0.2)
    for number in range(2, 32):
        write_log(counted / "logs", [line("other/")], name(number))
    other = sqlite3.connect("footfall.db", isolation_level=None)
    prepare = SQLiteStore.prepare

    def prepare_and_lock(store: SQLiteStore, time_zone: str) -> None:
        prepare(store, time_zone)
        other.execute("BEGIN IMMEDIATE")

    monkeypatch.setattr(SQLiteStore, "prepare", prepare_and_lock)
    began = time.monotonic()
    answer = ask("import", "logs")
    took = time.monotonic() - began
    other.close()
    monkeypatch.setattr(SQLiteStore, "prepare", prepare)

    assert answer.exit_code == 1
    assert counts() == A_VIEW
    assert ask("import", "logs", "--json").json["files"] == {"new": 30, "known": 1}
    assert took < 2, f"30 files took {took:.1f} s; with LOCK_SECONDS as it is, 50 times that"


def test_another_programs_database_is_left_alone(here: Path) -> None:
    with closing(sqlite3.connect("other.db")) as other:
        other.execute("CREATE TABLE mine (a)")
        other.commit()
    before = Path("other.db").read_bytes()

    for command in (["import", "-"], ["pages"], ["status"]):
        says(ask(*command, "--store", "sqlite:other.db", stdin=line()), "other.db", "another program's", "--store", code=1)
    assert Path("other.db").read_bytes() == before


@pytest.mark.parametrize("content", [b"text\n", b"a longer text " * 100, PNG])
def test_a_file_that_is_no_database_is_left_alone(here: Path, content: bytes) -> None:
    Path("notes.txt").write_bytes(content)

    for command in (["import", "-"], ["import", "-", "--dry-run"], ["pages"], ["status"]):
        says(ask(*command, "--store", "sqlite:notes.txt", stdin=line()), "notes.txt", "not a SQLite database", code=1)
    assert Path("notes.txt").read_bytes() == content


def test_a_folder_is_no_database(here: Path) -> None:
    Path("folder").mkdir()

    says(ask("import", "-", "--store", "sqlite:folder", stdin=line()), "folder", "is a folder, not a database", code=1)
    says(ask("pages", "--store", "sqlite:folder"), "folder", "is a folder, not a database", code=1)


def test_a_database_in_a_folder_that_is_not_there_is_named(here: Path) -> None:
    says(ask("import", "-", "--store", "sqlite:no/such/footfall.db", stdin=line()), "no/such/footfall.db", "folder", code=1)
    says(ask("pages", "--store", "sqlite:no/such/footfall.db"), "no/such/footfall.db", "footfall import", code=1)


def test_an_empty_database_file_is_filled(here: Path) -> None:
    Path("footfall.db").touch()

    says(ask("pages"), "footfall.db", "empty", "footfall import", code=1)
    assert ask("import", "-", stdin=line()).exit_code == 0
    assert counts() == A_VIEW


@pytest.mark.parametrize(
    ("version", "words"), [(0, ["older", "import the logs again"]), (schema.SCHEMA_VERSION + 1, ["newer", "upgrade footfall"])]
)
def test_a_database_of_another_schema_is_left_alone(counted: Path, version: int, words: list[str]) -> None:
    with closing(sqlite3.connect("footfall.db")) as connection:
        connection.execute(f"PRAGMA user_version = {version}")

    for command in (["import", "-"], ["pages"], ["status"]):
        says(ask(*command, stdin=line()), "footfall.db", *words, code=1)
    with closing(sqlite3.connect("footfall.db")) as connection:
        connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION}")
    assert counts() == A_VIEW


def test_a_damaged_database_is_named(counted: Path) -> None:
    content = bytearray(Path("footfall.db").read_bytes())
    content[4096:] = random.Random(1).randbytes(len(content) - 4096)
    Path("footfall.db").write_bytes(content)

    says(ask("pages"), "footfall.db", "damaged", code=1)
    says(ask("import", "-", stdin=line()), "footfall.db", "damaged", code=1)


def test_without_boto3_the_dynamodb_store_says_how_to_get_it(here: Path) -> None:
    without = patched("import sys\nsys.modules['boto3'] = sys.modules['botocore'] = None")

    for command in (["pages"], ["import", "-"], ["status"], ["table", "info"]):
        says(run(*command, "--store", "dynamodb:PageViews", input=line(), command=without), "boto3", "footfall[aws]", code=1)


# --- what one may not read or write ---


# Root may do everything, so what root runs becomes somebody else, once all modules are loaded.
BECOME_NOBODY = """
import os, footfall.cli, footfall.stores.sqlite
dict(footfall.cli.cli.commands)  # each is imported when it is asked for
from footfall.pageviews.agents import know_agent
know_agent("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
"""


@pytest.fixture
def stranger(here: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """How somebody runs footfall who may not do everything, in a folder that all may enter."""
    folder = Path(tempfile.mkdtemp(prefix="footfall-test-"))
    folder.chmod(0o777)
    monkeypatch.chdir(folder)
    yield {"command": patched(BECOME_NOBODY)}
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o777)
    shutil.rmtree(folder)


def test_a_log_that_one_may_not_read_is_named_and_the_others_go_on(stranger: dict[str, Any]) -> None:
    write_log(Path("logs"), [line("secret/")], name(1)).chmod(0)
    write_log(Path("logs"), [line()], name(2))

    says(run("import", "logs", **stranger), f"logs/{name(1)}", "Permission denied", "check that you may read it", code=1)
    assert counts() == A_VIEW
    says(run("explain", f"logs/{name(1)}", **stranger), f"logs/{name(1)}", "Permission denied", code=1)


def test_a_folder_that_one_may_not_enter_is_named_and_the_others_go_on(stranger: dict[str, Any]) -> None:
    write_log(Path("logs/closed"), [line("secret/")], name(1))
    write_log(Path("logs"), [line()], name(2))
    Path("logs/closed").chmod(0)

    inside = run("import", f"logs/closed/{name(1)}", **stranger)
    answer = run("import", "logs", **stranger)

    says(inside, f"logs/closed/{name(1)}", "Permission denied", code=1)
    says(answer, "logs/closed", "Permission denied", code=1)
    assert counts() == A_VIEW


def test_a_read_only_database_is_named_and_can_be_read(stranger: dict[str, Any]) -> None:
    write_log(Path("logs"), [line()])
    assert ask("import", "logs").exit_code == 0
    write_log(Path("logs"), [line("other/")], name(2))
    Path("footfall.db").chmod(0o444)

    says(run("import", "logs", **stranger), "footfall.db", "read-only", "permissions", "--store", code=1)
    assert run("pages", "--json", **stranger).rows == {"blog/a": 1}


def test_a_database_in_a_read_only_folder_is_named_and_can_be_read(stranger: dict[str, Any]) -> None:
    write_log(Path("logs"), [line()])
    assert ask("import", "logs").exit_code == 0
    write_log(Path("logs"), [line("other/")], name(2))
    Path("footfall.db").chmod(0o444)
    Path().absolute().chmod(0o555)

    says(run("import", "logs", **stranger), "footfall.db", "read-only", "--store", code=1)
    assert run("pages", "--json", **stranger).rows == {"blog/a": 1}
    says(run("import", "logs", "--store", "sqlite:new.db", **stranger), "new.db", "cannot be opened", code=1)
    assert run("--config", "new.toml", "init", **stranger).exit_code == 1


def test_a_database_that_one_may_not_read_is_named(stranger: dict[str, Any]) -> None:
    write_log(Path("logs"), [line()])
    assert ask("import", "logs").exit_code == 0
    Path("footfall.db").chmod(0)

    says(run("pages", **stranger), "footfall.db", "cannot be opened", code=1)
    says(run("import", "logs", **stranger), "footfall.db", code=1)


# --- questions that cannot be ---


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["pages", "--start", "2026-02-01", "--end", "2026-01-01"], ["ends (2026-01-01) before it starts (2026-02-01)"]),
        (["history", "--period", "tomorrow"], ["'tomorrow'", "2022-10-20", "30d"]),
        (["pages", "--start", "2026-02-30"], ["'2026-02-30'", "2022-10-20"]),
        (["pages", "--end", "20.10.2026"], ["'20.10.2026'", "2022-10-20"]),
        (["pages", "--period", "30d", "--start", "today"], ["--period", "--start"]),
        (["import", "logs", "--since", "soon"], ["'soon'", "2022-10-20"]),
        (["import", "logs", "--since", "2026-02-01", "--until", "2026-01-01"], ["2026-01-01", "2026-02-01"]),
        (["top", "browsers"], ["'browsers'", "browser"]),
        (["top", "xyzzy"], ["'xyzzy'", "browser", "not_found"]),
        (["history", "blog/b"], ["'blog/b'", "did you mean blog/a?"]),
        (["views", "zzzzz"], ["'zzzzz'"]),
        (["pages", "--cursor", "rubbish"], ["cursor 'rubbish'", "next"]),
        (["pages", "--cursor", "NQ=="], ["cursor 'NQ=='", "next"]),
        (["pages", "--site", "other.example"], ["other.example", "www.example.com"]),
        (["pages", "--store", "mysql:x"], ["mysql:x", "sqlite:"]),
        (["import", "logs", "--format", "nginx"], ["no log format 'nginx'; there are: auto, s3"]),
    ],
)
def test_a_question_that_cannot_be_says_why_and_what_would_be_right(
    counted: Path, command: list[str], words: list[str]
) -> None:
    says(ask(*command), *words, code=2)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["pages", "--limit", "0"], ["--limit", "0"]),
        (["pages", "--limit", "many"], ["--limit", "many"]),
        (["views", "/", "--limit", "-1"], ["--limit", "-1"]),
        (["history", "--by", "year"], ["--by", "year", "month"]),
        (["import"], ["SOURCE"]),
        (["views"], ["PAGE"]),
        (["pags"], ["pags", "pages"]),
        (["pages", "--prefx", "a"], ["--prefx", "--prefix"]),
        (["--nothing"], ["--nothing"]),
    ],
)
def test_bad_usage_says_what_is_wrong(counted: Path, command: list[str], words: list[str]) -> None:
    says_usage(ask(*command), *words)


@pytest.mark.parametrize("end", ["9999-12-31", "9999"])
@pytest.mark.parametrize(
    "command",
    [["pages"], ["views", "blog/a"], ["history", "blog/a"]],
)
def test_the_last_day_of_the_calendar_is_a_day(counted: Path, command: list[str], end: str) -> None:
    answer = ask(*command, "--start", "9999-12-01", "--end", end, "--json")

    assert answer.exit_code in (0, 2)


# --- interrupted ---


def wait_until_counting(importer: subprocess.Popen[bytes]) -> None:
    while importer.poll() is None:
        try:
            with closing(sqlite3.connect("file:footfall.db?mode=ro", uri=True)) as connection:
                if connection.execute("SELECT count(*) FROM files").fetchone()[0]:
                    return
        except sqlite3.Error:
            pass
        time.sleep(0.002)


@pytest.mark.slow
@pytest.mark.parametrize("many", [True, False])
def test_ctrl_c_leaves_the_store_whole(here: Path, many: bool) -> None:
    lines = [line(f"p{number % 7}/") for number in range(30_000)]
    for start in range(0, 30_000, 300):
        write_log(here / "logs", lines[start : start + 300], name(start))
    write_log(here, lines, "large.log")
    slow = (
        "from footfall.pipeline import batches, parts\nparts.PART_BYTES = 100_000\n"
        "batches.BATCH_SECONDS, batches.BATCH_VIEWS = 0.0, 1"
    )
    source = "logs" if many else "large.log"

    importer = subprocess.Popen([*patched(slow), "import", source], env=clean_environment(), stdout=-1, stderr=-1)
    wait_until_counting(importer)
    importer.send_signal(signal.SIGINT)
    told = importer.communicate(timeout=30)[1].decode()

    assert importer.returncode in (1, 130), told
    assert "Traceback" not in told
    assert len(told.strip().splitlines()) == 1, told
    assert told.startswith("footfall: interrupted"), told
    status = ask("status", "--json").json
    assert 0 < status["lines"] < 30_000
    assert account_adds_up(status)
    run("import", source, command=patched(slow))
    assert ask("pages", "--json").rows == {f"p{number}": 30_000 // 7 + (number < 30_000 % 7) for number in range(7)}


@pytest.mark.slow
def test_who_reads_may_stop_reading(counted: Path) -> None:
    write_log(counted / "more", [line(f"page-{number}/") for number in range(20_000)], name(2))
    ask("import", "more")

    for command in (["pages"], ["pages", "--json"], ["explain", "more"], ["history", "--by", "hour", "--csv"]):
        with subprocess.Popen([*FOOTFALL, *command], env=clean_environment(), stdout=-1, stderr=-1) as asked:
            assert asked.stdout
            assert asked.stderr
            asked.stdout.read(1)
            asked.stdout.close()
            told = asked.stderr.read().decode()

        assert asked.returncode in (0, 1, 141, -signal.SIGPIPE), command
        assert told == "", command


def test_a_command_without_any_standard_streams_does_its_work(counted: Path) -> None:
    done = subprocess.run(["/bin/sh", "-c", f"{FOOTFALL[0]} import logs <&- >&- 2>&-"], env=clean_environment(), check=False)

    assert done.returncode in (0, 1)
    assert ask("status", "--json").json["files"] == 1


def test_footfall_works_where_the_terminal_knows_only_ascii(here: Path) -> None:
    write_log(here / "logs", [line("caf%25C3%25A9/")])

    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    imported, pages = run("import", "logs", env=ascii_only), run("pages", env=ascii_only)

    assert (imported.exit_code, pages.exit_code) == (0, 0)
    assert pages.stdout.splitlines()[1] in ("       1  100 %  café", "       1  100 %  caf\\xe9")


def test_tests_run_with_this_python() -> None:
    assert Path(FOOTFALL[0]).exists(), f"footfall is not installed beside {sys.executable}"


def test_what_is_left_unread_of_a_store_minds_nobody_that_it_is_closed(counted: Path) -> None:
    store = open_store("sqlite:footfall.db", KEPT)
    left = store.counts(SITE, "page", "2026-01-01", "2026-12-31")
    assert next(left)

    store.close()
    del left  # a warning, which is an error here, where that is not so


def test_a_store_that_is_let_go_of_is_closed(counted: Path) -> None:
    store = open_store("sqlite:footfall.db", KEPT)
    assert store.sites() == [SITE]

    del store
    gc.collect()

    assert not [each for each in Path("/proc/self/fd").iterdir() if os.path.realpath(each).endswith("footfall.db")]


def test_what_came_through_a_pipe_is_deleted_with_the_log_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(here))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line())))
    (log_file,) = find_logs("-")
    assert len([*here.glob("footfall-*")]) == 1

    del log_file

    assert [*here.glob("footfall-*")] == []
