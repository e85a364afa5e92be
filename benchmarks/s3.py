"""
How fast objects of S3 are counted, over a link with latency, beside fetching them and doing nothing with them.

    python benchmarks/s3.py [LOGS_FOLDER] [--objects 20000] [--ms 10 30] [--rounds 3]

The bucket is one that costs next to nothing (bucket.py), on the same processors. Each contestant is a whole process, all in
turn; peak MB is as in speed.py. Those that list, fetch or read only show where the time goes. The link alone takes as long as
so many connections wait for their answers: objects x ms / connections.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bucket import BUCKET, bucket
from speed import FOOTFALL, BenchmarkError, Logs, Process, find_logs, run, tell

from footfall import sources
from footfall.sources.prefetch import FETCHERS, find_in_background, prefetch

SIGNED_IN = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-west-1"}
SOURCE = f"s3://{BUCKET}/"
WITHOUT_OBSTORE = "import sys; sys.modules['obstore'] = None; from footfall.__main__ import main; main()"


def client() -> Any:
    """boto3's, with as many connections as footfall has."""
    import boto3
    from botocore.config import Config

    return boto3.client("s3", config=Config(max_pool_connections=FETCHERS))


def list_only() -> int:
    """As footfall lists."""
    return sum(1 for _ in sources.find_logs(SOURCE))


def fetch_by_boto3() -> int:
    """What a person would write first: all of a listing, then all of its objects, side by side."""
    s3 = client()
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
    with ThreadPoolExecutor(FETCHERS) as threads:
        return sum(1 for _ in threads.map(lambda key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read(), keys))


def fetch_only() -> int:
    """As footfall lists and fetches."""
    return sum(len(content.open().read()) >= 0 for _, content in prefetch(find_in_background(sources.find_logs(SOURCE))))


ALONE: dict[str, Callable[[], int]] = {"list": list_only, "boto3": fetch_by_boto3, "fetch": fetch_only}


def footfall(source: str, work: Path, *options: str, without_obstore: bool = False) -> list[str]:
    program = [sys.executable, "-c", WITHOUT_OBSTORE] if without_obstore else [str(FOOTFALL)]
    return [*program, "import", source, "--store", f"sqlite:{work / 'footfall.db'}", "--json", *options]


def alone(who: str) -> Callable[[Logs, Path], list[str]]:
    return lambda *_: [sys.executable, __file__, who]


# What is said of each, and its command.
CONTESTANTS: dict[str, tuple[str, Callable[[Logs, Path], list[str]]]] = {
    "list": ("listed only", alone("list")),
    "boto3": ("listed, then fetched by boto3, only", alone("boto3")),
    "fetch": ("listed and fetched only", alone("fetch")),
    "read": ("read only, from a folder", lambda logs, work: footfall(str(logs.folder), work, "--jobs", "1")),
    "1": ("footfall, --jobs 1", lambda _, work: footfall(SOURCE, work, "--jobs", "1")),
    "2": ("footfall, --jobs 2", lambda _, work: footfall(SOURCE, work, "--jobs", "2")),
    "without": (
        "footfall without obstore, --jobs 1",
        lambda _, work: footfall(SOURCE, work, "--jobs", "1", without_obstore=True),
    ),
}


def main() -> int:
    if len(sys.argv) == 2 and sys.argv[1] in ALONE:
        print(json.dumps({"files": {"new": ALONE[sys.argv[1]]()}}))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path, nargs="?", metavar="LOGS_FOLDER", help="default: made, and kept for next time")
    parser.add_argument("--lines", type=int, default=100_000, help="of logs that are made (default: %(default)s)")
    parser.add_argument("--objects", type=int, default=20_000, help="that they lie in (default: %(default)s)")
    parser.add_argument("--gzip", action="store_true", help="compressed")
    parser.add_argument("--ms", type=float, nargs="+", default=[10, 30], help="of latency (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=CONTESTANTS, default=list(CONTESTANTS))
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one run (default: %(default)s)")
    parser.set_defaults(make_logs=None, truth=None)
    asked = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    try:
        logs = find_logs(asked, asked.logs)
        print(f"{logs.files:,} objects, {logs.size / 1e6:,.0f} MB, {logs.lines:,} lines; medians of {asked.rounds} runs;")
        print(f"Python {platform.python_version()}, {os.cpu_count()} processors; {FETCHERS} connections a process\n")
        print("| ms | who | seconds (min-max) | the link alone | objects/s | CPU ms an object | peak MB |")
        print("|---|---|---|---|---|---|---|")
        for ms in asked.ms:
            with bucket(logs.folder, ms) as endpoint:
                tell_of(race(endpoint, logs, asked), logs.files, ms)
    except BenchmarkError as error:
        tell(f"s3.py: {error}")
        return 1
    return 0


def race(endpoint: str, logs: Logs, asked: argparse.Namespace) -> dict[str, list[tuple[Process, float]]]:
    """Everybody once, then everybody again, into a new database; how each went, and the CPU time that it took."""
    runs: dict[str, list[tuple[Process, float]]] = {who: [] for who in asked.only}
    settings = [f"{name}={value}" for name, value in {**SIGNED_IN, "AWS_ENDPOINT_URL": endpoint}.items()]
    for _ in range(asked.rounds):
        for who, done in runs.items():
            with tempfile.TemporaryDirectory(prefix="footfall-run-") as folder:
                work = Path(folder)
                before = cpu_seconds()
                process = run(["env", *settings, *CONTESTANTS[who][1](logs, work)], work, asked.timeout)
                done.append((process, cpu_seconds() - before))
                if (found := json.loads(process.output)["files"]["new"]) != logs.files:
                    raise BenchmarkError(f"{who} found {found} objects of {logs.files}")
    return runs


def cpu_seconds() -> float:
    """Of all processes that were waited for; the bucket's is not among them."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def tell_of(runs: dict[str, list[tuple[Process, float]]], objects: int, ms: float) -> None:
    """Rows of the table."""
    for who, done in runs.items():
        seconds = sorted(process.seconds for process, _ in done)
        middle = statistics.median(seconds)
        cpu = statistics.median(busy for _, busy in done) / objects * 1000
        waits = objects * ms / 1000 / FETCHERS / (2 if who == "2" else 1)
        link = "" if who in ("list", "read") else f"{waits:.1f}"
        took, peak = f"{middle:.2f} ({seconds[0]:.2f}-{seconds[-1]:.2f})", max(process.peak_mb for process, _ in done)
        row = (f"{ms:g}", CONTESTANTS[who][0], took, link, f"{objects / middle:,.0f}", f"{cpu:.2f}", f"{peak:.0f}")
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
