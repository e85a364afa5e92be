"""
How long a function in AWS takes to be there: import, and its first client, of the packaged zip.

    .venv/bin/python benchmarks/coldstart.py [ROUNDS]

The zip is unpacked alone and imported by this Python, in a new process each time; the median is told. Bytecode is of
one version of Python, so the zip's own is of no use here: the files are compiled once more, for this one, and imported
with and without that. Run it beside nothing else; compare ratios.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "build/footfall.zip"
ROUNDS = 11
CASES = {
    "python itself": "pass",
    "boto3": "import boto3",
    "boto3, client of DynamoDB": "import boto3; boto3.client('dynamodb')",
    "boto3, clients of S3 and DynamoDB": "import boto3; boto3.client('dynamodb'); boto3.client('s3')",
    "on_log, import": "from footfall.functions.handlers import on_log",
    "on_log, import and settings": "from footfall.functions import handlers; handlers._setup()",
    "on_log, and its first clients": "from footfall.functions import handlers; from footfall.sources import s3\n"
    "handlers._setup().store.requests.client; s3.client()",
    "on_request, import": "from footfall.functions.api import on_request",
}


def main() -> None:
    """Measure, and print a table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    if not PACKAGE.exists():
        sys.exit("build/footfall.zip is not there: run `make package` first")
    with tempfile.TemporaryDirectory(prefix="footfall-coldstart-") as made:
        folder, runtime = Path(made) / "task", Path(made) / "runtime"
        with zipfile.ZipFile(PACKAGE) as zipped:
            zipped.extractall(folder)
        runtime.mkdir()
        link_runtime(runtime)
        plain = {name: measure(code, folder, runtime, rounds) for name, code in CASES.items()}
        subprocess.run([sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", folder], check=True)
        compiled = {name: measure(code, folder, runtime, rounds) for name, code in CASES.items()}
    sys.stdout.write(f"{'milliseconds, median of ' + str(rounds):<36}{'compiled':>10}{'not':>8}\n")
    for name in CASES:
        sys.stdout.write(f"{name:<36}{compiled[name]:>10.0f}{plain[name]:>8.0f}\n")


def link_runtime(runtime: Path) -> None:
    """What is in AWS's runtime: boto3 and all that it needs."""
    there = Path(next(path for path in sys.path if path.endswith("site-packages")))
    for name in ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py"):
        (runtime / name).symlink_to(there / name)


def measure(code: str, folder: Path, runtime: Path, rounds: int) -> float:
    """How many milliseconds a new process takes for `code`, without what it takes to start at all."""
    timed = f"import time; began = time.perf_counter()\n{code}\nprint((time.perf_counter() - began) * 1000)"
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": f"{folder}{os.pathsep}{runtime}", "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
        "TARGET_DYNAMO_TABLE": "table",
    }  # fmt: skip
    command = [sys.executable, "-S", "-s", "-c", timed]
    runs = [subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout for _ in range(rounds)]
    return median(map(float, runs))


if __name__ == "__main__":
    main()
