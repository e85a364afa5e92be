"""
How fast footfall imports, beside its peers: the same logs, one run, everybody in turn.

    python benchmarks/speed.py [LOGS_FOLDER] [--truth truth.json]
    python benchmarks/speed.py [LOGS_FOLDER ...] --format s3 cloudfront combined

Each contestant is a whole process, from its start to its end, with its peak memory as the system saw it. Several formats
take turns in the same run, so that their speeds can be compared.
"""

import argparse
import contextlib
import gzip
import json
import os
import platform
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

HERE = Path(__file__).resolve().parent
MOST_NAMED = 2_000  # files on one command line
LOOK_SECONDS = 0.1  # at the memory of a process that has children
FOOTFALL = Path(sys.executable).with_name("footfall")  # not resolved: a virtual environment's python is a link
MAKE_LOGS = HERE.parent.parent / "shared" / "tools" / "make_logs.py"

S3 = "s3"  # what the other formats are compared with
# A format as make_logs.py names it -> GoAccess's preset for it, or "" where it has none. CloudFront's v2 files select their
# fields, in any order, and its preset knows one list.
FORMATS = {
    S3: "AWSS3",
    "cloudfront": "CLOUDFRONT",
    "cloudfront-v2": "",
    "cloudfront-json": "",
    "combined": "COMBINED",
    "caddy": "CADDY",
}

Counts = Counter[tuple[str, str]]
"""(page, day) -> views, pages named as footfall names them."""


@dataclass(frozen=True)
class Logs:
    """What is read."""

    format: str
    folder: Path
    truth: Path | None
    """What make_logs.py wrote beside them: {"views": {key: {day: views}}, "bot_pattern": ...}."""
    files: int
    lines: int
    """Those that may be records: the `#` lines that head a W3C file are not among them."""
    size: int
    """In bytes, decompressed."""


@dataclass(frozen=True)
class Process:
    """How a process went."""

    seconds: float
    cpu_seconds: float
    """Of processors, of the process and its children."""
    peak_mb: float
    output: str


@dataclass(frozen=True)
class Answer:
    """What a contestant's result says: the counts where it has them, or a remark."""

    counts: Counts | None = None
    remark: str = ""
    database_mb: float | None = None


@dataclass(frozen=True)
class Contestant:
    """Who counts, how it is started for one run in a new folder, and what it found there."""

    title: str
    command: Callable[[Logs, Path], list[str]]
    answer: Callable[[Logs, Path, Process], Answer]
    missing: Callable[[str], str]
    """Why it can't take part in a format's race and what would help, or ""."""


@dataclass
class Entry:
    """A contestant on one format's logs: how its runs went, and what the last of them found."""

    name: str
    """Of CONTESTANTS."""
    logs: Logs
    runs: list[Process] = field(default_factory=list)
    answer: Answer = Answer()

    @property
    def contestant(self) -> Contestant:
        return CONTESTANTS[self.name]

    @property
    def lines_per_second(self) -> float:
        return self.logs.lines / self.median

    @property
    def median(self) -> float:
        return statistics.median(process.seconds for process in self.runs)


class BenchmarkError(Exception):
    """Something that a person can mend; its text says how."""


# --- Who takes part ---


def import_command(jobs: int) -> Callable[[Logs, Path], list[str]]:
    def command(logs: Logs, work: Path) -> list[str]:
        store = f"sqlite:{work / 'footfall.db'}"
        return [str(FOOTFALL), "import", str(logs.folder), "--store", store, "--jobs", str(jobs), "--json"]

    return command


def pure_command(logs: Logs, work: Path) -> list[str]:
    """The same without the compiled reader, as it is where there was no C compiler."""
    return ["env", "FOOTFALL_PURE=1", *import_command(1)(logs, work)]


def again_command(logs: Logs, work: Path) -> list[str]:
    """The same import once more, of logs that the store knows."""
    command = import_command(1)(logs, work)
    run(command, work, 1200)
    return command


def goaccess_command(logs: Logs, work: Path) -> list[str]:
    """
    As people start it: it does not read gzip, so it gets what is compressed from `zcat -f`, which passes on what is not.

    Of very many files it gets what `cat` makes of them, since a command line has no room for their names.
    """
    files = [str(path) for path in log_files(logs.folder)]
    preset = f"--log-format={FORMATS[logs.format]}"
    asked = [preset, "--no-global-config", "--no-parsing-spinner", "-o", str(work / "goaccess.json")]
    are_packed = any(path.endswith(".gz") for path in files)
    if not are_packed and len(files) <= MOST_NAMED:
        return ["goaccess", *files, *asked]
    cat = "gzip -cdf --" if are_packed else "cat --"  # macOS has another zcat
    pipe = f"find {shlex.quote(str(logs.folder))} -type f | sort | xargs {cat} | {shlex.join(['goaccess', '-', *asked])}"
    return ["bash", "-o", "pipefail", "-c", pipe]


def peer_command(way: str) -> Callable[[Logs, Path], list[str]]:
    def command(logs: Logs, _: Path) -> list[str]:
        started = [sys.executable, str(HERE / "peers.py"), way, str(logs.folder)]
        return [*started, "--bots", json.loads(logs.truth.read_bytes())["bot_pattern"]] if logs.truth else started

    return command


def import_answer(logs: Logs, work: Path, process: Process) -> Answer:
    """What `footfall pages` says of every day that the truth names."""
    account = json.loads(process.output)
    remark = "" if is_whole(account) else f"the account does not add up: {json.dumps(account)}"
    size = sum(path.stat().st_size for path in work.glob("footfall.db*")) / 1e6
    if not logs.truth:
        return Answer(None, remark or f"{account['views']:,} views", size)
    counts: Counts = Counter()
    asked = [str(FOOTFALL), "pages", "--store", f"sqlite:{work / 'footfall.db'}", "--limit", "100000", "--json"]
    for day in sorted({day for views in json.loads(logs.truth.read_bytes())["views"].values() for day in views}):
        said = json.loads(run([*asked, "--start", day, "--end", day], work, 60).output)
        counts.update({(row["value"], day): row["views"] for row in said["rows"]})
    return Answer(counts, remark, size)


def is_whole(account: dict[str, Any]) -> bool:
    outcomes = account["views"] + sum(account["dropped"].values()) + account["unreadable"]
    return bool(account["lines"] == outcomes)


def goaccess_answer(_: Logs, work: Path, __: Process) -> Answer:
    said = json.loads((work / "goaccess.json").read_bytes())["general"]
    return Answer(remark=f"counts requests: {said['valid_requests']:,}; not read: {said['failed_requests']:,} lines")


def peer_answer(_: Logs, __: Path, process: Process) -> Answer:
    return Answer(counts_by_page(json.loads(process.output)))


def footfall_missing(_: str) -> str:
    return "" if FOOTFALL.exists() else f"no footfall beside {sys.executable}: install it there with `pip install -e .`"


def goaccess_missing(log_format: str) -> str:
    if not FORMATS[log_format]:
        return "it has no preset for this format"
    return "" if shutil.which("goaccess") else "not installed: `apt-get install goaccess` (Debian), or goaccess.io"


def peer_missing(log_format: str) -> str:
    return "" if log_format == S3 else "it reads S3's format only"


CONTESTANTS = {
    "footfall": Contestant("footfall, 1 process", import_command(1), import_answer, footfall_missing),
    "jobs": Contestant("footfall, --jobs 2", import_command(2), import_answer, footfall_missing),
    "pure": Contestant("footfall, pure Python", pure_command, import_answer, footfall_missing),
    "again": Contestant("footfall, once more", again_command, import_answer, footfall_missing),
    "goaccess": Contestant("GoAccess, all panels", goaccess_command, goaccess_answer, goaccess_missing),
    "split": Contestant("re.split per line", peer_command("split"), peer_answer, peer_missing),
    "blocks": Contestant("one regex over blocks", peer_command("blocks"), peer_answer, peer_missing),
}


# --- Running them ---


def run(command: list[str], work: Path, timeout: float) -> Process:
    """
    Start a process, wait for its end, and say how long it took and how much memory it had at the most.

    It sees no settings of the person who runs the benchmark. It and its children are ended when they take too long. The
    system counts the memory of this process, from which it starts, as the least that it had: so this one stays small.
    """
    env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(work), "LC_ALL": "C.UTF-8"}
    with (work / "stdout").open("wb") as stdout, (work / "stderr").open("wb") as stderr:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=work, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True
        )
        timer = threading.Timer(timeout, end, [process.pid])
        timer.start()
        memory = Memory(process.pid)
        try:
            _, status, usage = os.wait4(process.pid, 0)  # unlike Popen.wait, it tells of this process alone
            seconds = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            timer.cancel()
            memory.stop()
            if process.returncode is None:  # interrupted
                end(process.pid)
                process.wait()
    if process.returncode == -signal.SIGKILL and seconds >= timeout:
        raise BenchmarkError(f"{command[0]} took more than {timeout:.0f} s; --timeout allows it more")
    if process.returncode:
        said = (work / "stderr").read_text(errors="replace").strip()[-2_000:]
        raise BenchmarkError(f"{command[0]} ended with {process.returncode}:\n{said}")
    unit = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kilobytes elsewhere
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return Process(
        seconds, cpu_seconds, max(usage.ru_maxrss / unit, memory.most_mb), (work / "stdout").read_text(errors="replace")
    )


class Memory:
    """The most that a group of processes has at a time, looked at now and then; what they share counts once (Linux only)."""

    def __init__(self, group: int):
        self.most_mb, self._group, self._is_over = 0.0, group, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(LOOK_SECONDS):
            processes = [self._group, *children(self._group)]
            self.most_mb = max(self.most_mb, sum(map(proportional_kb, processes)) / 1e3 if len(processes) > 1 else 0.0)


def children(process: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def proportional_kb(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def end(group: int) -> None:
    """A process and the children that it may have."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def enter(names: list[str], races: list[Logs]) -> list[Entry]:
    """Everybody who can take part, format by format; who can't is named with the reason."""
    entries = []
    for logs in races:
        for name in names:
            if why := CONTESTANTS[name].missing(logs.format):
                tell(f"{CONTESTANTS[name].title} takes no part in {logs.format}: {why}")
            else:
                entries.append(Entry(name, logs))
    return entries


def race(entries: list[Entry], runs: int, timeout: float) -> None:
    """Everybody once, then everybody again, so that a slow minute of the machine is shared."""
    for number in range(1, runs + 1):
        for entry in entries:
            with tempfile.TemporaryDirectory(prefix="footfall-run-") as folder:
                work = Path(folder)
                process = run(entry.contestant.command(entry.logs, work), work, timeout)
                entry.runs.append(process)
                tell(f"run {number} of {runs}: {entry.logs.format}: {entry.contestant.title}, {process.seconds:.2f} s")
                if number == runs:
                    entry.answer = entry.contestant.answer(entry.logs, work, process)


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# --- What is true ---


def counts_by_page(views: dict[str, dict[str, int]]) -> Counts:
    """{key as logged: {day: views}} under the names that footfall gives to pages."""
    counts: Counts = Counter()
    for key, days in views.items():
        for day, count in days.items():
            counts[page_name(key), day] += count
    return counts


def page_name(key: str) -> str:
    """Decoded twice, without index document and slashes at its ends; the root is `/`."""
    name = unquote_to_bytes(unquote_to_bytes(key)).decode("utf-8", "replace")
    if name == "index.html" or name.endswith("/index.html"):
        name = name.removesuffix("index.html")
    return name.strip("/") or "/"


def compare(counts: Counts, truth: Counts) -> dict[str, int]:
    """How many views of how many, each of its page and day, are lost, and how many are there that never were."""
    return {"true": truth.total(), "lost": (truth - counts).total(), "invented": (counts - truth).total()}


# --- The logs ---


def find_races(asked: argparse.Namespace, formats: list[str]) -> list[Logs]:
    """The logs of each format; one whose logs nothing here can write is named and left out."""
    races = []
    for folder, log_format in zip(asked.logs or [None] * len(formats), formats, strict=True):
        if folder or log_format == S3 or maker(asked):
            races.append(find_logs(asked, folder, log_format))
        else:
            tell(
                f"{log_format} takes no part: name a folder of such logs, or with --make-logs the make_logs.py that writes some"
            )
    return races


def find_logs(asked: argparse.Namespace, folder: Path | None, log_format: str = S3) -> Logs:
    """The folder that was named, or logs that are made once and kept in the system's temporary directory."""
    folder = folder.resolve() if folder else made_logs(asked, log_format)
    truth = asked.truth.resolve() if asked.truth else folder.parent / "truth.json"
    if asked.truth and not truth.exists():
        raise BenchmarkError(f"there is no {truth}")
    files = log_files(folder)
    if not files:
        raise BenchmarkError(f"no log files in {folder}")
    lines = size = 0
    for path in files:  # which also has the system keep them in memory, for everybody alike
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as log:
            for line in log:
                lines += not line.startswith(b"#")
                size += len(line)
    return Logs(log_format, folder, truth if truth.exists() else None, len(files), lines, size)


def made_logs(asked: argparse.Namespace, log_format: str) -> Path:
    make_logs = maker(asked)
    kind = f"{f'made-{log_format}' if make_logs else 'sample'}-{asked.lines}-{asked.objects}{'-gzip' if asked.gzip else ''}"
    home = Path(tempfile.gettempdir()) / f"footfall-bench-{kind}"
    if not (home / "logs").exists():
        how = ["--format", log_format, "--objects", str(asked.objects), *(["--gzip"] if asked.gzip else [])]
        make(make_logs, home, asked.lines, how)
    return home / "logs"


def maker(asked: argparse.Namespace) -> Path | None:
    """The make_logs.py that was named, or the one that stands beside the repository where footfall is developed."""
    return asked.make_logs or (MAKE_LOGS if MAKE_LOGS.exists() else None)


def make(make_logs: Path | None, home: Path, lines: int, how: list[str]) -> None:
    """So many lines of logs, or a few more: by make_logs.py with the truth, or of footfall's own sample, repeated."""
    with tempfile.TemporaryDirectory(prefix=f"{home.name}-", dir=home.parent) as folder:
        new = Path(folder)
        (new / "made" / "logs").mkdir(parents=True)
        tell(f"making {lines:,} lines of logs in {home}")
        if make_logs:
            script = str(make_logs.resolve())
            run([sys.executable, script, "--lines", str(lines), "--out", str(new / "made"), *how], new, 1200)
        else:
            tell("without a truth to compare with: `--make-logs PATH` names the make_logs.py that writes one")
            with ProcessPoolExecutor(1) as another:
                another.submit(repeat_sample, new / "made" / "logs", lines).result()
        (new / "made").rename(home)


def repeat_sample(folder: Path, lines: int) -> None:
    """The demo's logs of one seed after another, each seed's in one file."""
    from footfall.cli.sample import write_sample_logs

    made = seed = 0
    while made < lines:
        seed += 1
        with tempfile.TemporaryDirectory() as parts:
            made += write_sample_logs(Path(parts), date(2026, 1, 31), seed=seed)
            names = sorted(Path(parts).iterdir())
            (folder / names[-1].name).write_bytes(b"".join(name.read_bytes() for name in names))


def log_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# --- What is printed ---


def summary(entries: list[Entry]) -> list[dict[str, Any]]:
    """One row for each contestant and format, as --json prints it."""
    speeds = {(entry.logs.format, entry.name): entry.lines_per_second for entry in entries}

    def times(entry: Entry, log_format: str, name: str) -> float | None:
        """How many times as fast as another, or as itself with another format."""
        other = speeds.get((log_format, name))
        return other and round(entry.lines_per_second / other, 2)

    rows = []
    for entry in entries:
        logs, seconds, counts = entry.logs, [process.seconds for process in entry.runs], entry.answer.counts
        truth = counts_by_page(json.loads(logs.truth.read_bytes())["views"]) if logs.truth else None
        rows.append(
            {
                "format": logs.format,
                "name": entry.contestant.title,
                "lines_per_second": round(entry.lines_per_second),
                "mb_per_second": round(logs.size / entry.median / 1e6, 1),
                "seconds": {"median": entry.median, "min": min(seconds), "max": max(seconds)},
                "cpu_seconds": round(statistics.median(process.cpu_seconds for process in entry.runs), 2),
                "ratio": times(entry, logs.format, "footfall"),
                "against_goaccess": times(entry, logs.format, "goaccess"),
                "against_s3": times(entry, S3, entry.name),
                "peak_mb": round(max(process.peak_mb for process in entry.runs), 1),
                "database_mb": entry.answer.database_mb and round(entry.answer.database_mb, 1),
                "against_truth": compare(counts, truth) if counts is not None and truth else None,
                "remark": entry.answer.remark,
            }
        )
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    heads = (
        "lines/s",
        "MB/s",
        "seconds (min-max)",
        "CPU s",
        "ratio",
        "x GoAccess",
        "x S3",
        "peak MB",
        "db MB",
        "who",
        "right?",
    )
    form = "{:>11}  {:>5}  {:<21}  {:>6}  {:>5}  {:>10}  {:>5}  {:>7}  {:>6}  {:<22} {}"
    lines = [form.format(*heads)]
    for row in rows:
        took = "{median:.2f} ({min:.2f}-{max:.2f})".format(**row["seconds"])
        compared = [row[key] or "-" for key in ("ratio", "against_goaccess", "against_s3")]
        lines.append(
            form.format(
                f"{row['lines_per_second']:,}",
                f"{row['mb_per_second']:.0f}",
                took,
                f"{row['cpu_seconds']:.2f}",
                *compared,
                row["peak_mb"],
                row["database_mb"] or "-",
                row["name"],
                verdict(row),
            )
        )
    return "\n".join(lines)


def verdict(row: dict[str, Any]) -> str:
    against = row["against_truth"]
    if against is None:
        return str(row["remark"] or "-")
    wrong = f"{against['lost']:,} lost, {against['invented']:,} invented of {against['true']:,}"
    right = f"exact: {against['true']:,} views" if not against["lost"] + against["invented"] else wrong
    return f"{right}; {row['remark']}" if row["remark"] else right


def main() -> int:
    parser = argparse.ArgumentParser(description="How fast footfall imports, beside its peers.")
    parser.add_argument(
        "logs", type=Path, nargs="*", metavar="LOGS_FOLDER", help="one for each format (default: made, and kept for next time)"
    )
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=[S3], help="of the logs (default: s3)")
    parser.add_argument("--truth", type=Path, help="what the logs hold (default: truth.json beside their folder)")
    parser.add_argument("--make-logs", type=Path, metavar="PATH", help="the make_logs.py that writes logs and their truth")
    parser.add_argument("--lines", type=int, default=1_000_000, help="how many to make (default: %(default)s)")
    parser.add_argument("--objects", type=int, default=1, help="in N files (default: %(default)s); of make_logs.py only")
    parser.add_argument("--gzip", action="store_true", help="compressed, as CloudFront's are anyway")
    parser.add_argument("--runs", type=int, default=3, help="of each contestant (default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=CONTESTANTS, default=list(CONTESTANTS), help="who takes part")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one run (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON rather than a table")
    asked = parser.parse_args()
    if asked.runs < 1 or asked.lines < 1:
        parser.error("--runs and --lines must be at least 1")
    formats = list(dict.fromkeys(asked.format))
    if asked.logs and len(asked.logs) != len(formats):
        parser.error(f"name one folder for each format, or none: {len(asked.logs)} for {', '.join(formats)}")
    if asked.truth and len(formats) > 1:
        parser.error("--truth is of one format; beside each folder, truth.json is found by itself")

    try:
        races = find_races(asked, formats)
        entries = enter(asked.only, races)
        if not entries:
            raise BenchmarkError("nobody takes part")
        race(entries, asked.runs, asked.timeout)
        rows = summary(entries)
    except BenchmarkError as error:
        tell(f"speed.py: {error}")
        return 1
    except KeyboardInterrupt:
        return 130

    machine = {"python": platform.python_version(), "system": platform.platform(), "processors": os.cpu_count()}
    if asked.json:
        measured = [{"format": each.format, "lines": each.lines, "files": each.files, "bytes": each.size} for each in races]
        print(json.dumps({"runs": asked.runs, "logs": measured, "machine": machine, "rows": rows}, indent=1))
        return 0
    print(f"medians of {asked.runs} runs; Python {machine['python']}, {machine['processors']} processors")
    for logs in races:
        print(f"\n{logs.format}: {logs.lines:,} lines, {logs.size / 1e6:,.0f} MB in {logs.files:,} files\n")
        print(table([row for row in rows if row["format"] == logs.format]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
