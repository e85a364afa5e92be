"""From log files to counts exactly once, whatever happens: repeats, copies, crashes, two importers, late and split files."""

import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.digest import make_digester
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.pageviews.counting import Counting
from footfall.pipeline import batches, ingest, parts
from footfall.pipeline.events import Event, FileFailed
from footfall.pipeline.recorders import StoreRecorder
from footfall.reports import Period, Query, breakdown
from footfall.sources.local import find_logs
from footfall.stores import Store, open_store

from .builders import (
    FOOTFALL,
    GOOGLEBOT,
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
    write_log,
)
from .conftest import KEPT, trials

pytestmark = pytest.mark.usefixtures("here")
SEED = random.SystemRandom().randrange(1_000_000)


def many_files(folder: Path, files: int, lines: int) -> dict[tuple[str, str], int]:
    """Log files in which each record comes twice, in two files; and the true counts."""
    chance = random.Random(SEED)
    truth: Counter[tuple[str, str]] = Counter()
    before: list[bytes] = []
    for number in range(files):
        fresh = []
        for _ in range(lines // 2):
            page, day = f"p/{chance.randrange(40)}", f"2026-10-{chance.randrange(1, 4):02d}"
            fresh.append(line(f"{page}/index.html", f"{day} {chance.randrange(24):02d}:{chance.randrange(60):02d}:00"))
            truth[page, day] += 1
        write_log(folder, before + fresh, name(number))
        before = fresh
    return truth


# --- the same again ---


def test_importing_again_counts_nothing_and_says_so(here: Path) -> None:
    write_log(here / "logs", [line(), line(), b"no record"])
    first = ask("import", "logs", "--json").json

    again = ask("import", "logs", "--json").json

    assert first["files"] == {"new": 1, "known": 0}
    assert (first["lines"], first["views"], first["unreadable"]) == (3, 2, 1)
    assert again["files"] == {"new": 0, "known": 1}
    assert (again["lines"], again["views"], again["unreadable"], sum(again["dropped"].values())) == (0, 0, 0, 0)
    assert counts() == {("blog/a", "2026-10-20"): 2}


def test_a_copy_in_another_folder_is_the_same_file(here: Path) -> None:
    records = [line(), line()]
    write_log(here / "logs", records)
    write_log(here / "synced" / "from" / "s3", records)

    ask("import", "logs")
    answer = ask("import", "synced", "--json").json

    assert answer["files"] == {"new": 0, "known": 1}
    assert counts() == {("blog/a", "2026-10-20"): 2}


@pytest.mark.parametrize("plain_first", [True, False])
def test_a_file_and_its_gzip_are_the_same_file(here: Path, plain_first: bool) -> None:
    records = [line(), line()]
    both = [write_log(here, records), write_log(here, records, name(1) + ".gz")]

    found = [ask("import", path, "--json").json["files"] for path in (both if plain_first else both[::-1])]

    assert found == [{"new": 1, "known": 0}, {"new": 0, "known": 1}]
    assert counts() == {("blog/a", "2026-10-20"): 2}


def test_a_file_and_its_gzip_in_one_import_count_once(here: Path) -> None:
    records = [line(), line()]
    write_log(here / "logs", records)
    write_log(here / "logs", records, name(1) + ".gz")

    assert ask("import", "logs", "--json").json["files"] == {"new": 1, "known": 1}
    assert counts() == {("blog/a", "2026-10-20"): 2}


def test_a_gzip_without_the_ending_is_known_by_its_first_bytes(here: Path) -> None:
    write_log(here, [line()], "access.log.gz").rename(here / "access.log")

    assert ask("import", "access.log", "--json").json["views"] == 1


def test_a_file_without_a_documented_name_is_known_by_its_content(here: Path) -> None:
    records = [line(), line()]
    write_log(here, records, "access.log")
    write_log(here, records, "renamed.txt")
    write_log(here, records, "renamed.gz")

    found = [ask("import", path, "--json").json["files"] for path in ("access.log", "renamed.txt", "renamed.gz")]

    assert found == [{"new": 1, "known": 0}, {"new": 0, "known": 1}, {"new": 0, "known": 1}]
    assert counts() == {("blog/a", "2026-10-20"): 2}


def test_standard_input_is_known_by_its_content(here: Path) -> None:
    content = line() + b"\n" + line() + b"\n"
    (here / "access.log").write_bytes(content)

    found = [ask("import", "-", "--json", stdin=content).json["files"] for _ in range(2)]

    assert found == [{"new": 1, "known": 0}, {"new": 0, "known": 1}]
    assert ask("import", "access.log", "--json").json["files"] == {"new": 0, "known": 1}
    assert counts() == {("blog/a", "2026-10-20"): 2}


def test_standard_input_that_brings_nothing_is_told(here: Path) -> None:
    says(ask("import", "-"), "-: no input; the command that writes to it may have failed", code=1)


def test_standard_input_may_be_gzip(here: Path) -> None:
    compressed = write_log(here, [line()], "access.log.gz").read_bytes()

    assert ask("import", "-", "--json", stdin=compressed).json["views"] == 1


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_same_record_in_two_files_counts_once_in_either_order(here: Path, order: tuple[int, int]) -> None:
    twice = line()
    for number in (1, 2):
        write_log(here / "logs", [twice, line(f"only/{number}/")], name(number))

    answers = [ask("import", here / "logs" / name(number), "--json").json for number in order]

    assert [answer["dropped"]["duplicate"] for answer in answers] == [0, 1]
    assert all(map(account_adds_up, answers))
    assert counts() == {(page, "2026-10-20"): 1 for page in ("blog/a", "only/1", "only/2")}


def test_the_same_record_in_two_files_of_one_import_counts_once(here: Path) -> None:
    twice = line()
    write_log(here / "logs", [twice, twice], name(1))
    write_log(here / "logs", [line(), twice], name(2))

    answer = ask("import", "logs", "--json").json

    assert (answer["lines"], answer["views"], answer["dropped"]["duplicate"]) == (4, 2, 2)
    assert counts() == {("blog/a", "2026-10-20"): 2}


def test_two_views_of_the_same_second_are_two(here: Path) -> None:
    write_log(here, [line(at="2026-10-20 08:00:00"), line(at="2026-10-20 08:00:00")])

    assert ask("import", name(1), "--json").json["views"] == 2
    assert len(ask("views", "blog/a", "--json").json["rows"]) == 2


def test_records_of_one_request_with_other_keys_are_not_the_same(here: Path) -> None:
    write_log(here, [line("a/", request_id="ID"), line("b/", request_id="ID")], name(1))
    write_log(here, [line("c/", request_id="ID"), line("a/", request_id="ID")], name(2))

    ask("import", name(1), name(2))

    assert counts() == {(page, "2026-10-20"): 1 for page in "abc"}


# --- a known name with other content ---


def test_a_known_name_with_other_content_is_reported_and_the_others_go_on(here: Path) -> None:
    write_log(here / "short", [line()], name(1))
    write_log(here / "long", [line(), line()], name(1))
    write_log(here / "long", [line("other/")], name(2))
    ask("import", "short")

    answer = ask("import", "long")

    says(answer, f"long/{name(1)}", "different content", "import this one under another name", code=1)
    assert counts() == {("blog/a", "2026-10-20"): 1, ("other", "2026-10-20"): 1}


def test_the_remedy_for_a_copy_cut_short_makes_the_counts_whole(here: Path) -> None:
    records = [line() for _ in range(9)]
    write_log(here / "short", records[:3])
    ask("import", "short")

    write_log(here, records, "whole.log")
    answer = ask("import", "whole.log", "--json").json

    assert (answer["views"], answer["dropped"]["duplicate"]) == (6, 3)
    assert counts() == {("blog/a", "2026-10-20"): 9}


def test_a_known_name_with_other_content_in_the_same_import_is_reported(here: Path) -> None:
    write_log(here / "a", [line()], name(1))
    write_log(here / "b", [line(), line()], name(1))

    answer = ask("import", "a", "b")

    says(answer, f"b/{name(1)}", "different content", code=1)


def test_a_file_that_was_counted_while_it_was_copied_is_counted_to_its_end(here: Path) -> None:
    records = [line() for _ in range(10)]
    write_log(here / "short", records[:5])
    write_log(here / "long", records)

    ask("import", "short")
    answer = ask("import", "long", "--json")

    assert answer.exit_code == 0
    assert (answer.json["views"], answer.json["lines"]) == (5, 5)
    assert counts() == {("blog/a", "2026-10-20"): 10}
    assert ask("status", "--json").json["files"] == 1


# --- late, split, out of order ---


def test_lines_are_put_on_the_day_they_happened_however_late_their_file_comes(here: Path) -> None:
    write_log(here / "logs", [line(at="2026-10-20 23:59:59")], name(1, "2026-11-05"))
    write_log(here / "logs", [line(at="2026-10-21 00:00:00")], name(2, "2026-10-21"))

    ask("import", "logs")

    assert counts() == {("blog/a", "2026-10-20"): 1, ("blog/a", "2026-10-21"): 1}


@pytest.mark.parametrize("part_bytes", [1, 700, 5000, 1 << 20])
def test_a_large_file_in_parts_counts_as_it_does_whole(here: Path, monkeypatch: pytest.MonkeyPatch, part_bytes: int) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", part_bytes)
    once = [line(f"p/{number % 3}/") for number in range(60)]
    path = write_log(here, [*once, b"", b"no record", *once[::2], line(agent=GOOGLEBOT)], "large.log")

    answer = ask("import", path, "--json").json
    again = ask("import", path, "--json").json

    assert answer["files"] == {"new": 1, "known": 0}
    assert (answer["lines"], answer["views"], answer["unreadable"]) == (92, 60, 1)
    assert (answer["dropped"]["duplicate"], answer["dropped"]["bot"]) == (30, 1)
    assert (again["files"], again["lines"]) == ({"new": 0, "known": 1}, 0)
    assert ask("status", "--json").json["files"] == 1
    assert counts() == {(f"p/{number}", "2026-10-20"): 20 for number in range(3)}


def test_a_line_that_a_part_would_cut_is_named_by_its_number_in_the_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 600)
    path = write_log(here, [*(line() for _ in range(7)), b"", b"no record", line()], "large.log")

    answer = ask("import", path)

    assert f"{path}:9: unreadable: no record" in answer.stderr
    assert "10 lines" not in answer.stdout  # the blank one is none
    assert "9 lines: 8 views, 1 unreadable" in answer.stdout


def import_all(store: Store, folder: Path, files: Iterable[Iterable[bytes]], zone: str = "UTC") -> list[Event]:
    """Each of `files` becomes a file and is imported, in their order."""
    digester = make_digester("s3", Counting(time_zone=ZoneInfo(zone), facts=KEPT.facts))
    store.prepare(zone)
    paths = [write_log(folder, lines, f"{number}.log") for number, lines in enumerate(files)]
    log_files = [file for path in paths for file in find_logs(str(path))]
    return list(ingest(log_files, StoreRecorder(store, zone), lambda: digester))


KEYS = ("a/", "b/index.html", "c.html", "style.css")
RECORDS = st.tuples(
    st.integers(0, 6),  # the request's id
    st.sampled_from(KEYS),
    st.sampled_from(("WEBSITE.GET.OBJECT", "REST.GET.OBJECT", "REST.HEAD.OBJECT")),
    st.integers(1_792_400_000, 1_792_400_003) | st.integers(1_792_000_000, 1_793_000_000),
    st.sampled_from((200, 304, 404)),
)
FILES = st.lists(st.lists(RECORDS, max_size=8), max_size=6)


@pytest.mark.slow
@settings(max_examples=trials(15), deadline=None)
@given(
    files=FILES,
    repeats=st.lists(st.integers(0, 5), max_size=4),
    part_bytes=st.sampled_from((300, 900, 1 << 20)),
    data=st.data(),
)
def test_order_repetition_and_splitting_never_change_a_count_of_views(
    files: list[list[tuple[int, str, str, int, int]]], repeats: list[int], part_bytes: int, data: st.DataObject
) -> None:
    # What a record is called tells what it says, so two of one identity differ in nothing: as AWS delivers them.
    seen: dict[tuple[int, str, str, int], int] = {}
    files = [[(*each[:4], seen.setdefault(each[:4], each[4])) for each in lines] for lines in files]
    views = {each for lines in files for each in lines if each[4] != 404 and each[1] != "style.css" and "GET" in each[2]}
    truth: Counter[tuple[str, str]] = Counter()
    for _, key, _, at, _ in views:
        page = key.removesuffix("index.html").strip("/")
        truth[page, f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"] += 1
    shuffled = data.draw(st.permutations([*files, *(files[number % len(files)] for number in repeats if files)]))
    written = [
        [
            line(key, at, request_id=f"ID{number}", operation=operation, status=status)
            for number, key, operation, at, status in lines
        ]
        for lines in shuffled
    ]

    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PART_BYTES", part_bytes)
        patch.setattr(batches, "BATCH_VIEWS", data.draw(st.sampled_from((1, 5, 10_000))))
        with closing(open_store(f"sqlite:{place}/footfall.db", ItemMap(DEFAULT_ITEM))) as store:
            done = import_all(store, Path(place) / "logs", written)
            ours = {(count.value, count.day): count.views for count in store.counts(SITE, "page", "0000", "9999")}
            raw = {page: sum(1 for _ in store.times(SITE, page, 0, 1 << 40)) for page in {page for page, _ in truth}}
            ledger = list(store.files())

    assert ours == truth
    assert raw == {page: sum(views for (of, _), views in truth.items() if of == page) for page in raw}
    assert not [each.error for each in done if isinstance(each, FileFailed)]
    for part in ledger:
        assert part.account.lines == part.account.views + sum(part.account.dropped.values()) + part.account.unreadable
    assert sum(part.account.views for part in ledger) == len(views)


def test_a_known_file_is_not_new_because_the_end_of_the_one_before_waits_to_be_recorded(here: Path) -> None:
    write_log(here / "logs", [line(f"p{each}/", request_id=f"ID{each}") for each in range(400)], name(1))
    known = write_log(here / "logs", [line()], name(2))
    ask("import", known)
    first_part_is_a_batch = patched(
        "from footfall.pipeline import batches, parts\n"
        "parts.PART_BYTES, batches.BATCH_VIEWS, batches.BATCH_SECONDS = 60_000, 100, 60"
    )

    answer = run("import", "logs", "--jobs", "1", "--json", command=first_part_is_a_batch)

    assert answer.json["files"] == {"new": 1, "known": 1}


# --- the process dies, or is not alone ---

# Dies by the signal that nothing can catch, at the Nth statement that SQLite is given.
DIE_AT = """
import os, signal, sqlite3
from footfall.pipeline import batches, parts
parts.PART_BYTES, batches.BATCH_VIEWS = 20_000, 150
left, connect = {statements}, sqlite3.connect
def count(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
def counting(*args, **more):
    connection = connect(*args, **more)
    connection.set_trace_callback(count)
    return connection
sqlite3.connect = counting
"""


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["many files", "one large file"])
def test_killed_at_any_statement_and_run_again_it_counts_as_if_nothing_had_happened(here: Path, shape: str) -> None:
    truth = many_files(here / "logs", 12, 120)
    if shape == "one large file":
        whole = b"".join(path.read_bytes() for path in sorted((here / "logs").iterdir()))
        (here / "large.log").write_bytes(whole)
    source = "logs" if shape == "many files" else "large.log"
    chance = random.Random(SEED)
    killed = 0

    for statements in (1, 4, 8, 25, *(chance.randrange(30, 1500) for _ in range(trials(3, of=100)))):
        done = run("import", source, command=patched(DIE_AT.format(statements=statements)))
        killed += done.exit_code == -9
        if done.exit_code != -9:
            break
    answer = run("import", source, "--json", command=patched(DIE_AT.format(statements=-1))).json

    assert killed >= 5, f"it was hardly ever killed, seed {SEED}"
    assert counts() == truth, f"seed {SEED}"
    assert account_adds_up(answer)
    status = ask("status", "--json").json
    assert account_adds_up(status)
    assert status["files"] == (12 if shape == "many files" else 1)
    assert status["lines"] == 12 * 120 - 60
    assert status["views"] == sum(truth.values())


@pytest.mark.parametrize(
    "statement",
    ["INSERT OR IGNORE INTO texts", "INSERT OR IGNORE INTO views", "INSERT INTO files", "INSERT INTO tally", "COMMIT"],
)
@pytest.mark.parametrize("which", [1, 2])
def test_killed_between_views_ledger_and_tally_it_counts_as_if_nothing_had_happened(
    here: Path, statement: str, which: int
) -> None:
    truth = many_files(here / "logs", 4, 100)
    die = DIE_AT.format(statements=which).replace("left -= 1", f"left -= statement.startswith({statement!r})")

    killed = run("import", "logs", command=patched(die.replace("left == 0", f"left == 0 and {statement!r} in statement")))
    ask("import", "logs")

    assert killed.exit_code == -9
    assert counts() == truth, f"seed {SEED}"
    assert ask("status", "--json").json["views"] == sum(truth.values())


@pytest.mark.slow
def test_killed_at_random_moments_it_counts_as_if_nothing_had_happened(here: Path) -> None:
    truth = many_files(here / "logs", 150, 200)
    chance = random.Random(SEED)
    small = patched("from footfall.pipeline import batches\nbatches.BATCH_SECONDS = 0.0")
    killed = 0

    for _ in range(6):
        importer = subprocess.Popen([*small, "import", "logs"], env=clean_environment(), stdout=-3, stderr=-3)
        wanted = chance.randrange(1, 60) + (files_counted(here) or 0)
        while importer.poll() is None and files_counted(here) < wanted:
            time.sleep(0.001)
        importer.kill()
        killed += importer.wait() == -9
    ask("import", "logs")

    assert killed
    assert counts() == truth, f"seed {SEED}"
    assert ask("status", "--json").json["files"] == 150


def files_counted(folder: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{folder}/footfall.db?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM files").fetchone()[0])
    except sqlite3.Error:
        return 0


def test_a_large_file_goes_on_where_it_was_killed(here: Path) -> None:
    many_files(here / "logs", 10, 100)
    (here / "large.log").write_bytes(b"".join(path.read_bytes() for path in sorted((here / "logs").iterdir())))
    parts = "from footfall.pipeline import batches, parts\nparts.PART_BYTES, batches.BATCH_VIEWS = 20_000, 1"
    killed = run("import", "large.log", command=patched(DIE_AT.format(statements=900).replace("150", "1")))
    before = files_counted(here)

    answer = run("import", "large.log", "--json", command=patched(parts)).json

    assert killed.exit_code == -9
    assert before > 0
    assert answer["files"] == {"new": 1, "known": 0}
    assert 0 < answer["lines"] < 10 * 100 - 50  # the rest of it only
    assert ask("status", "--json").json["lines"] == 10 * 100 - 50


@pytest.mark.slow
def test_importers_at_the_same_time_count_everything_once(here: Path) -> None:
    truth = many_files(here / "logs", 40, 200)
    ask("import", here / "logs" / name(0))
    small = patched("from footfall.pipeline import batches\nbatches.BATCH_SECONDS = 0.0")

    importers = [
        subprocess.Popen([*small, "import", "logs", "--json"], env=clean_environment(), stdout=-1, stderr=-1) for _ in range(3)
    ]
    told = [importer.communicate(timeout=60) for importer in importers]

    assert [importer.returncode for importer in importers] == [0, 0, 0], told
    assert counts() == truth
    assert ask("status", "--json").json["files"] == 40


def test_making_the_store_waits_for_another_importer_that_is_making_it(here: Path) -> None:
    with closing(sqlite3.connect("footfall.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = threading.Timer(0.3, other.execute, ["COMMIT"])
        done.start()

        answer = ask("import", "-", "--json", stdin=line())

        done.join()
    assert answer.json["views"] == 1


@pytest.mark.slow
def test_importers_that_start_at_the_same_time_make_one_store(here: Path) -> None:
    write_log(here / "logs", [line()])

    for _ in range(trials(2, of=100)):
        for file in here.glob("footfall.db*"):
            file.unlink()
        importers = [
            subprocess.Popen([*FOOTFALL, "import", "logs"], env=clean_environment(), stdout=-3, stderr=-1) for _ in range(4)
        ]
        told = [importer.communicate(timeout=60)[1] for importer in importers]

        assert [importer.returncode for importer in importers] == [0] * 4, told
        assert counts() == {("blog/a", "2026-10-20"): 1}


def test_reports_answer_while_an_import_runs(here: Path) -> None:
    many_files(here / "logs", 60, 200)
    ask("import", here / "logs" / name(0))
    slow = patched("from footfall.pipeline import batches\nbatches.BATCH_SECONDS = 0.0")
    importer = subprocess.Popen([*slow, "import", "logs"], env=clean_environment(), stdout=-3, stderr=-3)

    seen = []
    while importer.poll() is None:
        seen.append(ask("pages", "--json").json["total"])

    assert importer.returncode == 0
    assert seen == sorted(seen)


# --- days and hours in the site's time zone ---

CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Kolkata", date(2026, 6, 1)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("America/Santiago", date(2026, 9, 6)),  # at midnight: the day begins at one
    ("America/St_Johns", date(2026, 11, 1)),
    ("UTC", date(2024, 2, 29)),
]


@pytest.fixture(params=CHANGES, ids=lambda change: f"{change[0]} {change[1]}")
def change(request: pytest.FixtureRequest, here: Path) -> tuple[str, date, list[datetime]]:
    """A view of `quarter` at each quarter of an hour of five days around the change, and one at 14:59 past it."""
    zone_name, day = request.param
    zone = ZoneInfo(zone_name)
    noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
    times = [noon + 900 * step + more for step in range(-240, 241) for more in (0, 899)]
    write_log(here / "logs", [line("quarter/", at) for at in times])
    (here / "footfall.toml").write_text(f'time_zone = "{zone_name}"\n')
    assert ask("import", "logs", "--json").json["views"] == len(times)
    return zone_name, day, [datetime.fromtimestamp(at, zone) for at in times]


def test_days_and_hours_are_the_sites_own_across_a_change_of_the_clock(change: tuple[str, date, list[datetime]]) -> None:
    _, _, local = change

    assert ask("history", "--json").series == Counter(f"{when:%Y-%m-%d}" for when in local)
    assert counts() == Counter(("quarter", f"{when:%Y-%m-%d}") for when in local)
    hours = ask("history", "--by", "hour", "--json").series
    assert {at: views for at, views in hours.items() if views} == Counter(f"{when:%Y-%m-%dT%H}:00" for when in local)


def test_every_report_of_a_period_comes_to_the_same_sum(change: tuple[str, date, list[datetime]]) -> None:
    _, day, local = change
    for start, end in ((day, day), (day - timedelta(1), day), (day, day + timedelta(1)), (None, None)):
        period = [*(("--start", str(start)) if start else ()), *(("--end", str(end)) if end else ())]
        true = sum((not start or when.date() >= start) and (not end or when.date() <= end) for when in local)

        assert ask("pages", *period, "--json").json["total"] == true
        assert sum(ask("pages", *period, "--json").rows.values()) == true
        assert len(ask("views", "quarter", *period, "--json").json["rows"]) == true
        for dimension in ("hour", "browser", "system", "referrer", "status"):
            assert ask("top", dimension, *period, "--json").json["total"] == true
        for interval in ("hour", "day", "week", "month"):
            for page in ((), ("quarter",)):
                answer = ask("history", *page, "--by", interval, *period, "--json")
                assert (answer.json["total"], sum(answer.series.values())) == (true, true), (interval, page)


def test_hours_of_a_day_are_those_that_its_clock_showed(change: tuple[str, date, list[datetime]]) -> None:
    _, day, local = change
    shown = sorted({f"{when:%Y-%m-%dT%H}:00" for when in local if when.date() == day})

    for page in ((), ("quarter",)):
        assert list(ask("history", *page, "--by", "hour", "--start", str(day), "--end", str(day), "--json").series) == shown


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 24),
        ("Asia/Kolkata", "2026-03-29", 24),
        ("America/Santiago", "2026-09-06", 23),
    ],
)
def test_a_day_without_views_has_a_zero_for_each_hour_that_its_clock_shows(here: Path, zone: str, day: str, hours: int) -> None:
    write_log(here / "logs", [line(at="2026-01-01 12:00:00")])
    ask("import", "logs", "--time-zone", zone)

    series = ask("history", "--by", "hour", "--start", day, "--end", day, "--json").series

    assert len(series) == hours
    assert set(series.values()) == {0}
    assert ("2026-03-29T02:00" in series) == (zone == "Asia/Kolkata")


def test_weeks_begin_on_monday_and_months_on_the_first(here: Path) -> None:
    days = [date(2025, 12, 20) + timedelta(number) for number in range(50)]
    write_log(here / "logs", [line(at=f"{day} 12:00:00") for day in days])
    ask("import", "logs")

    weeks = ask("history", "--by", "week", "--json").series
    months = ask("history", "--by", "month", "--json").series

    assert all(date.fromisoformat(week).weekday() == 0 for week in weeks)
    assert {date.fromisoformat(b) - date.fromisoformat(a) for a, b in pairwise(weeks)} == {timedelta(7)}
    assert weeks == {"2025-12-15": 2, **{f"{date(2025, 12, 22) + timedelta(7 * n)}": 7 for n in range(6)}, "2026-02-02": 6}
    assert months == {"2025-12-01": 12, "2026-01-01": 31, "2026-02-01": 7}


def test_a_history_has_a_zero_where_there_were_no_views(here: Path) -> None:
    write_log(here / "logs", [line(at="2026-02-27 12:00:00"), line("b/", at="2026-03-02 12:00:00")])
    ask("import", "logs")

    assert ask("history", "--json").series == {
        "2026-02-27": 1, "2026-02-28": 0, "2026-03-01": 0, "2026-03-02": 1,
    }  # fmt: skip
    assert ask("history", "blog/a", "--start", "2026-02-26", "--end", "2026-02-28", "--json").series == {
        "2026-02-26": 0, "2026-02-27": 1, "2026-02-28": 0,
    }  # fmt: skip
    hours = ask("history", "--by", "hour", "--start", "2026-02-27", "--end", "2026-02-27", "--json").series
    assert hours == {f"2026-02-27T{hour:02d}:00": int(hour == 12) for hour in range(24)}


def test_both_ends_of_a_period_are_in_it(here: Path) -> None:
    edges = ["2026-10-19 23:59:59", "2026-10-20 00:00:00", "2026-10-21 23:59:59", "2026-10-22 00:00:00"]
    write_log(here / "logs", [line(f"{number}/", at) for number, at in enumerate(edges)])
    ask("import", "logs")
    period = ("--start", "2026-10-20", "--end", "2026-10-21", "--json")

    assert ask("pages", *period).rows == {"1": 1, "2": 1}
    assert ask("history", *period).series == {"2026-10-20": 1, "2026-10-21": 1}
    assert [len(ask("views", "1", *period).json["rows"]), len(ask("views", "3", *period).json["rows"])] == [1, 0]


def test_reports_keep_to_the_days_of_the_store_whatever_the_settings_say(here: Path) -> None:
    # 23:30 UTC is the next day in Berlin; the store was made without a footfall.toml, by a flag.
    write_log(here / "logs", [line(at="2026-10-20 23:30:00")])
    ask("import", "logs", "--time-zone", "Europe/Berlin")

    by_day = ask("history", "blog/a", "--start", "2026-10-21", "--end", "2026-10-21", "--json")
    by_hour = ask("history", "blog/a", "--by", "hour", "--start", "2026-10-21", "--end", "2026-10-21", "--json")
    raw = ask("views", "blog/a", "--start", "2026-10-21", "--end", "2026-10-21", "--json")

    assert by_day.json["total"] == by_hour.json["total"] == len(raw.json["rows"]) == 1


def test_a_store_keeps_to_the_time_zone_that_it_began_with(here: Path) -> None:
    write_log(here / "logs", [line()])
    ask("import", "logs", "--time-zone", "Europe/Berlin")
    write_log(here / "more", [line()], name(2))

    says(ask("import", "more"), "footfall.db", "Europe/Berlin", "UTC", "time_zone", code=1)
    assert ask("status", "--json").json["views"] == 1


def test_reports_read_together_say_the_same_as_reports_read_apart(here: Path) -> None:
    many_files(here / "logs", 6, 60)
    ask("import", "logs")

    with closing(open_store("sqlite:footfall.db", ItemMap(DEFAULT_ITEM))) as store:
        whole = breakdown(store, Query(dimension="page"))
        periods = [Period(date(2026, 10, day), date(2026, 10, day)) for day in (1, 2, 3)]
        days = [breakdown(store, Query(dimension="page", period=period)) for period in periods]

    assert whole.total == sum(day.total for day in days)
    assert Counter(dict(whole.rows)) == sum((Counter(dict(day.rows)) for day in days), Counter())


def test_footfall_runs_as_a_module_too(here: Path) -> None:
    assert run("--version", command=[sys.executable, "-m", "footfall"]).stdout.startswith("footfall, version ")
