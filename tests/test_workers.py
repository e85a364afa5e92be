"""Several processes read, one records: faster, and nothing else."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from footfall.digest import make_digester
from footfall.dimensions import OFF_BY_DEFAULT
from footfall.formats import AUTO
from footfall.pageviews.counting import Counting
from footfall.pipeline import cuts, ingest, parts, workers
from footfall.pipeline.cuts import starts_of_parts
from footfall.pipeline.events import FileDone
from footfall.pipeline.parts import read_parts
from footfall.pipeline.recorders import StoreRecorder
from footfall.pipeline.workers import START
from footfall.sources import local
from footfall.sources.local import find_logs
from footfall.stores import open_store
from footfall.unreadable import Rejected

from .builders import (
    Answer,
    account_adds_up,
    ask,
    clean_environment,
    line,
    name,
    patched,
    run,
    says,
    some_lines,
    write_log,
)
from .conftest import KEPT

# Parts of 20 KB, and no task too small for a process of its own.
SMALL = """
from footfall.digest import rejects
from footfall.pipeline import batches, parts, small, tasks, workers
rejects.MOST_HELD = 5_000
small.MOST_BYTES = 20_000
parts.PART_BYTES, tasks.TASK_BYTES, tasks.TASK_FILES, workers.WORTH_BYTES = 20_000, 2_000, 3, 1
"""
TABLES = ("files", "tally", "texts", "views")

pytestmark = pytest.mark.slow


def make_logs(folder: Path) -> None:
    """Small files, large ones, compressed ones, one twice, one empty, one without a documented name."""
    for number in range(12):
        write_log(folder, some_lines(30, number), name(number))
    write_log(folder, some_lines(600, 100), name(100))
    write_log(folder, some_lines(600, 101), f"{name(101)}.gz")
    write_log(folder / "again", some_lines(30, 3), name(3))
    write_log(folder, [], name(102))
    write_log(folder, some_lines(700, 103), "large.log")


def rows(database: Path) -> dict[str, list[Any]]:
    """All that a database has, but for the time it was written at."""
    with closing(sqlite3.connect(database)) as connection:
        found = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        names = [column[1] for column in connection.execute("PRAGMA table_info(files)")]
    at = names.index("ingested_at")
    return {**found, "files": [row[:at] + row[at + 1 :] for row in found["files"]]}


def import_with(jobs: int, store: str, *more: str) -> Answer:
    return run("import", "logs", "--jobs", str(jobs), "--store", f"sqlite:{store}", "--json", *more, command=patched(SMALL))


def test_many_processes_write_the_very_same_database_as_one(here: Path) -> None:
    make_logs(here / "logs")

    alone, together = import_with(1, "alone.db"), import_with(4, "together.db")

    assert together.json == alone.json
    assert account_adds_up(together.json)
    assert together.stderr == alone.stderr  # the unreadable lines, by their numbers
    assert rows(here / "together.db") == rows(here / "alone.db")
    assert len(rows(here / "alone.db")["files"]) > 35  # the large ones came in parts


@pytest.mark.parametrize("jobs", ["1", "4"])
def test_rejects_get_every_unreadable_line_of_every_part_while_few_are_kept_for_messages(here: Path, jobs: str) -> None:
    bad = [b"bad %d" % number if number % 3 else b"a" for number in range(4000)]
    write_log(here / "logs", [*bad[:2000], line(), *bad[2000:]], name(1))
    write_log(here / "logs", [b"none"] * 300, name(2))

    answer = run("import", "logs", "--jobs", jobs, "--rejects", "rejects", "--json", command=patched(SMALL))

    account = json.loads(answer.stdout)
    assert (account["unreadable"], account["views"]) == (4300, 1)
    kept = (here / "rejects").read_bytes().splitlines()
    assert [each for each in kept if each != b"none"] == bad  # what fails is told of before what waits to be recorded
    assert kept.count(b"none") == 300


# How much memory a run took at most, in KiB; getrusage would count this process in.
PEAK = """
import atexit, re
atexit.register(lambda: print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not say how much memory was taken")
def test_rejects_take_no_memory_and_leave_no_temporary_file(here: Path) -> None:
    bad = [b"%06d " % number + b"x" * 2_000 for number in range(12_000)]  # 24 MB
    write_log(here / "logs", [line(), *bad], name(1))
    (here / "tmp").mkdir()

    def peak(*rejects: str) -> int:
        answer = run(
            "import", "logs", "--jobs", "1", "--store", f"sqlite:{len(rejects)}.db", *rejects, command=patched(PEAK),
            env={"TMPDIR": str(here / "tmp")},
        )  # fmt: skip
        return int(answer.stderr.splitlines()[-1])

    assert peak("--rejects", "rejects") - peak() < 8 << 10
    assert (here / "rejects").read_bytes().splitlines() == bad
    assert not list((here / "tmp").iterdir())


def test_of_millions_of_unreadable_lines_only_the_first_are_kept() -> None:
    digester = make_digester("s3", Counting())

    said = digester.read([b"a \n" * 40_000, (b"[" + b"x" * 60 + b"\n") * 400])

    assert (said.account.unreadable, said.rejects) == (40_400, Rejected())
    assert [each.line for each in said.unreadable] == [*range(1, 101)]


def test_many_processes_know_again_what_one_has_counted(here: Path) -> None:
    make_logs(here / "logs")
    import_with(1, "footfall.db")

    again, dry = import_with(4, "footfall.db"), import_with(4, "footfall.db", "--dry-run")

    assert again.json == dry.json
    assert again.json["files"] == {"new": 0, "known": 17}
    assert again.json["lines"] == 0


def test_many_processes_report_what_cannot_be_read_and_count_the_rest(here: Path) -> None:
    make_logs(here / "logs")
    cut_short = here / "logs" / f"{name(101)}.gz"
    cut_short.write_bytes(cut_short.read_bytes()[:-500])
    (here / "logs" / "binary").write_bytes(bytes(range(256)) * 300)
    import_with(1, "before.db")
    changed = here / "logs" / name(100)
    changed.write_bytes(changed.read_bytes().replace(b"WEBSITE", b"WEBSIDE", 1))

    alone, together = import_with(1, "alone.db"), import_with(4, "together.db")
    other = import_with(4, "before.db", "--verify")

    assert (alone.exit_code, together.exit_code, other.exit_code) == (1, 1, 1)
    assert "cut short" in together.stderr
    assert "binary" in together.stderr
    assert "different content" in other.stderr
    assert (together.stdout, together.stderr) == (alone.stdout, alone.stderr)
    assert rows(here / "together.db") == rows(here / "alone.db")


@pytest.mark.parametrize("start", sorted({START, "spawn"}))
def test_processes_may_be_started_in_any_way(here: Path, start: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_logs(here / "logs")
    monkeypatch.setattr(workers, "WORTH_BYTES", 1)
    store = open_store("sqlite:together.db", KEPT)

    make = partial(make_digester, AUTO, Counting(facts=KEPT.facts, off=OFF_BY_DEFAULT))
    events = list(ingest(find_logs("logs"), StoreRecorder(store, "UTC"), make, jobs=2, start=start))
    store.close()

    assert {each.is_new for each in events if isinstance(each, FileDone)} == {True, False}
    run("import", "logs", "--store", "sqlite:alone.db", "--jobs", "1")
    assert rows(here / "together.db") == rows(here / "alone.db")


@pytest.mark.parametrize("seed", range(4))
def test_the_cuts_are_found_without_reading_what_is_between(here: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    monkeypatch.setattr(parts, "PART_BYTES", dice.randint(1_000, 9_000))
    monkeypatch.setattr(cuts, "AROUND_CUT", 700)
    monkeypatch.setattr(local, "SMALL_BYTES", 100)
    path = write_log(here, some_lines(200, seed), "a.log")
    (log_file,) = find_logs(str(path))

    read = []
    for part in read_parts(log_file):
        assert sum(map(len, part.blocks())) == part.size
        read.append(part.size)

    assert starts_of_parts(log_file) == [sum(read[:number]) for number in range(len(read))]


@pytest.mark.parametrize("long", [1_500, 900_000, 3_000_000])
def test_a_line_that_is_no_line_is_never_cut_by_where_reading_began(here: Path, long: int) -> None:
    lines = some_lines(150, 1)
    for at in (20, 60, 61, 140):
        lines.insert(at, b"x" * long)
    write_log(here / "logs", lines, name(1))

    alone, together = import_with(1, "alone.db"), import_with(4, "together.db")

    assert together == alone
    assert rows(here / "together.db") == rows(here / "alone.db")


def descendants(process: int) -> list[int]:
    """The processes that a process has started."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(each) for each in found]


def is_running(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


@pytest.fixture
def importing(here: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """An import in the midst of its work, and its processes."""
    for number in range(200):
        write_log(here / "logs", [line(f"p{each % 7}/") for each in range(100)], name(number))
    slow = SMALL + "batches.BATCH_SECONDS, batches.BATCH_VIEWS = 0.0, 1\n"
    importer = subprocess.Popen(
        [*patched(slow), "import", "logs", "--jobs", "3"], env=clean_environment(), stdout=-1, stderr=-1, start_new_session=True
    )
    try:
        until = time.monotonic() + 30
        while not (here / "footfall.db").exists() or not recorded(here):
            assert importer.poll() is None
            assert time.monotonic() < until
            time.sleep(0.002)
        yield importer, descendants(importer.pid)
    finally:
        importer.kill()
        importer.communicate()


def recorded(here: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{here}/footfall.db?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM files").fetchone()[0])
    except sqlite3.Error:
        return 0


def all_end(processes: list[int]) -> bool:
    until = time.monotonic() + 10
    while any(map(is_running, processes)) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(map(is_running, processes))


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Linux alone tells whose children run, in /proc")


@needs_proc
def test_ctrl_c_ends_all_processes_and_keeps_what_was_counted(here: Path, importing: Any) -> None:
    importer, workers = importing

    os.killpg(importer.pid, signal.SIGINT)  # a terminal sends it to all of them
    told = importer.communicate(timeout=30)[1].decode()

    assert importer.returncode == 130, told
    assert told == "footfall: interrupted; what was counted is kept. Run the same command again to resume\n"
    assert len(workers) == 3
    assert all_end(workers)
    assert 0 < ask("status", "--json").json["lines"] < 20_000
    run("import", "logs", command=patched(SMALL))
    assert sum(ask("pages", "--json").rows.values()) == 20_000


@pytest.mark.skipif(START != "fork", reason="what happens within a fork")
def test_ctrl_c_at_the_birth_of_a_process_is_not_its_to_answer(here: Path) -> None:
    (here / "logs").mkdir()
    for number in range(30):
        write_log(here / "logs", [line(f"p{number}/")] * 50, name(number))
    pressed = "import os, signal\nos.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGINT))\n"

    answer = run("import", "logs", "--jobs", "3", command=patched(SMALL + pressed))

    assert (answer.exit_code, answer.stderr) == (0, "")


@needs_proc
@pytest.mark.parametrize("which", [0, -1])
def test_a_process_that_is_killed_is_told_of_and_loses_nothing(here: Path, importing: Any, which: int) -> None:
    importer, workers = importing

    os.kill(workers[which], signal.SIGKILL)
    stdout, stderr = (told.decode() for told in importer.communicate(timeout=30))

    says(Answer(importer.returncode, stdout, stderr), "SIGKILL", "what was counted is kept", "--jobs 1", code=1)
    assert all_end(workers)
    run("import", "logs", command=patched(SMALL))
    assert sum(ask("pages", "--json").rows.values()) == 20_000


@needs_proc
def test_no_process_outlives_the_one_that_started_it(here: Path, importing: Any) -> None:
    importer, workers = importing

    importer.kill()
    importer.communicate()

    assert all_end(workers)
    run("import", "logs", command=patched(SMALL))
    assert sum(ask("pages", "--json").rows.values()) == 20_000


def test_one_job_starts_no_process(here: Path) -> None:
    make_logs(here / "logs")
    refused = SMALL + "workers.get_context = None\n"

    answer = run("import", "logs", "--jobs", "1", "--json", command=patched(refused))

    assert answer.json["views"] > 0
