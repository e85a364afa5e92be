"""
How fast objects of S3 are counted, over a link with latency, beside fetching them and doing nothing with them.

    python benchmarks/s3.py [LOGS_FOLDER] [--objects 5000] [--ms 10 30] [--rounds 3]

Starts the emulator `ministack`, puts the logs there and ends it. Each contestant is a whole process, all in turn; peak MB is
as in speed.py. The link alone takes as long as so many connections wait for their answers: objects x ms / connections.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from dynamodb import emulator
from link import link
from speed import FOOTFALL, BenchmarkError, Process, find_logs, log_files, run, tell

from footfall.sources.prefetch import FETCHERS

BUCKET = "footfall-bench"
SIGNED_IN = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-west-1"}


def client(endpoint: str | None = None) -> Any:
    """boto3's, with as many connections as footfall has."""
    import boto3
    from botocore.config import Config

    return boto3.client("s3", endpoint_url=endpoint, config=Config(max_pool_connections=FETCHERS))


def fetch() -> None:
    """What a person would write first: all of a listing, then all of its objects, side by side."""
    s3 = client()
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
    with ThreadPoolExecutor(FETCHERS) as threads:
        sizes = threads.map(lambda key: len(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()), keys)
        print(json.dumps({"files": {"new": len(keys)}, "bytes": sum(sizes)}))


def put(folder: Path, endpoint: str) -> None:
    """Put a folder's log files into the bucket."""
    s3 = client(endpoint)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": SIGNED_IN["AWS_DEFAULT_REGION"]})
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda path: s3.put_object(Bucket=BUCKET, Key=path.name, Body=path.read_bytes()), log_files(folder)))


def main() -> int:
    if sys.argv[1:] == ["fetch"]:
        fetch()
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path, nargs="?", metavar="LOGS_FOLDER", help="default: made, and kept for next time")
    parser.add_argument("--lines", type=int, default=50_000, help="of logs that are made (default: %(default)s)")
    parser.add_argument("--objects", type=int, default=5000, help="that they lie in (default: %(default)s)")
    parser.add_argument("--gzip", action="store_true", help="compressed")
    parser.add_argument("--ms", type=float, nargs="+", default=[10, 30], help="of latency (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=("fetch", "1", "2"), default=["fetch", "1", "2"], help="or so many jobs")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one run (default: %(default)s)")
    parser.set_defaults(make_logs=None, truth=None)
    asked = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(SIGNED_IN)
    try:
        logs = find_logs(asked, asked.logs)
        print(f"{logs.files:,} objects, {logs.size / 1e6:,.0f} MB, {logs.lines:,} lines; medians of {asked.rounds} runs;")
        print(f"Python {platform.python_version()}, {os.cpu_count()} processors; {FETCHERS} connections a process\n")
        print("| ms | who | seconds (min-max) | the link alone | objects/s | CPU ms an object | peak MB |")
        print("|---|---|---|---|---|---|---|")
        with emulator() as endpoint:
            put(logs.folder, endpoint)
            for ms in asked.ms:
                with link(endpoint, ms) as slow:
                    tell_of(race(slow, logs.files, asked), logs.files, ms)
    except BenchmarkError as error:
        tell(f"s3.py: {error}")
        return 1
    return 0


def race(endpoint: str, objects: int, asked: argparse.Namespace) -> dict[str, list[tuple[Process, float]]]:
    """Everybody once, then everybody again, into a new database; how each went, and the CPU time that it took."""
    runs: dict[str, list[tuple[Process, float]]] = {who: [] for who in asked.only}
    for _ in range(asked.rounds):
        for who, done in runs.items():
            with tempfile.TemporaryDirectory(prefix="footfall-run-") as folder:
                work = Path(folder)
                command = [sys.executable, __file__, "fetch"] if who == "fetch" else import_from_s3(int(who), work)
                settings = [f"{name}={value}" for name, value in {**SIGNED_IN, "AWS_ENDPOINT_URL": endpoint}.items()]
                before = cpu_seconds()
                process = run(["env", *settings, *command], work, asked.timeout)
                done.append((process, cpu_seconds() - before))
                if (found := json.loads(process.output)["files"]["new"]) != objects:
                    raise BenchmarkError(f"{who} found {found} objects of {objects}")
    return runs


def cpu_seconds() -> float:
    """Of all processes that were waited for; the emulator and the link are not among them."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def import_from_s3(jobs: int, work: Path) -> list[str]:
    store = f"sqlite:{work / 'footfall.db'}"
    return [str(FOOTFALL), "import", f"s3://{BUCKET}/", "--store", store, "--jobs", str(jobs), "--json"]


def tell_of(runs: dict[str, list[tuple[Process, float]]], objects: int, ms: float) -> None:
    """Rows of the table."""
    for who, done in runs.items():
        seconds = sorted(process.seconds for process, _ in done)
        middle = statistics.median(seconds)
        cpu = statistics.median(busy for _, busy in done) / objects * 1000
        alone = objects * ms / 1000 / FETCHERS / (2 if who == "2" else 1)
        title = "fetched only" if who == "fetch" else f"footfall, --jobs {who}"
        took, peak = f"{middle:.2f} ({seconds[0]:.2f}-{seconds[-1]:.2f})", max(process.peak_mb for process, _ in done)
        print(f"| {ms:g} | {title} | {took} | {alone:.1f} | {objects / middle:,.0f} | {cpu:.2f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
