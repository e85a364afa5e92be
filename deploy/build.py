"""
Builds the zip that the functions in AWS run: `python deploy/build.py [FILE]`, or `make package`.

footfall and what its functions need of other packages, as requirements-dev.lock pins them, for the functions' runtime and
processor as serverless.yml names them. No docker: there are wheels for it, and bytecode is made by npm's pyodide, which
is Python compiled for Node. The same sources make the same bytes.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path
from typing import cast

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
ZIP = ROOT / "build/footfall.zip"
# boto3 is in AWS's runtime, with urllib3, and obstore takes longer to load than it saves; the others are of the command line.
LEFT_OUT = frozenset({"boto3", "click", "h11", "obstore", "urllib3", "uvicorn"})
# What installing leaves behind, which nothing reads; RECORD would differ with the compiled files. And the command line.
NOT_NEEDED = (
    "bin", "*.dist-info/RECORD", "*.dist-info/INSTALLER", "*.dist-info/REQUESTED", "*.dist-info/direct_url.json",
    "footfall/__main__.py", "footfall/cli", "footfall/_compiled.c",
)  # fmt: skip
PLATFORMS = {"arm64": "aarch64", "x86_64": "x86_64"}
OLDEST_DATE = (1980, 1, 1, 0, 0, 0)  # that a zip can say


def build(to: Path) -> None:
    """Build the zip."""
    with tempfile.TemporaryDirectory(prefix="footfall-build-") as made:
        folder = Path(made) / "task"
        install(folder)
        compile_all(folder)
        pack(folder, to)


def install(folder: Path) -> None:
    """Put footfall and the packages that its functions need into a folder."""
    minor, machine = runtime()
    target = [
        "--platform", f"manylinux2014_{machine}", "--implementation", "cp", "--python-version", minor, "--only-binary=:all:",
    ]  # fmt: skip
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pinned:
        pinned.write("".join(_pinned(needed("footfall", minor, machine))))
        pinned.flush()
        _pip("--no-deps", "--require-hashes", *target, "--requirement", pinned.name, "--target", str(folder))
    os.environ["FOOTFALL_PURE"] = "1"  # the reader that is compiled here is of this machine's processor
    _pip("--no-deps", "--no-build-isolation", "--target", str(folder), "--upgrade", str(ROOT))
    if (ROOT / "footfall.toml").exists():
        shutil.copy(ROOT / "footfall.toml", folder)
    for pattern in NOT_NEEDED:
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def runtime() -> tuple[str, str]:
    """Python's minor version and the processor of the functions: `3.14`, `aarch64`."""
    text = (ROOT / "serverless.yml").read_text("utf-8")
    minor, machine = re.search(r"^  runtime: python(\S+)", text, re.M), re.search(r"^  architecture: (\S+)", text, re.M)
    if not minor or not machine:
        sys.exit("serverless.yml names no runtime and architecture under provider:")
    return minor[1], PLATFORMS[machine[1]]


def needed(name: str, minor: str, machine: str, extras: tuple[str, ...] = ("aws", "countries")) -> set[str]:
    """The packages that a package needs there, all the way down."""
    found: set[str] = set()
    there = {
        **cast(dict[str, str], default_environment()),
        "python_version": minor,
        "python_full_version": f"{minor}.0",
        "platform_machine": machine,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "implementation_name": "cpython",
    }
    for text in requires(name) or []:
        wanted = Requirement(text)
        name = canonicalize_name(wanted.name)
        is_wanted = any(wanted.marker is None or wanted.marker.evaluate({**there, "extra": extra}) for extra in ("", *extras))
        if is_wanted and name not in LEFT_OUT | found:
            found |= {name} | needed(name, minor, machine, tuple(wanted.extras))
    return found


def _pinned(names: set[str]) -> Iterator[str]:
    """The lines of the lock that pin these packages, with their hashes."""
    is_wanted = False
    for line in (ROOT / "requirements-dev.lock").read_text("utf-8").splitlines(keepends=True):
        if found := re.match(r"([A-Za-z0-9._-]+)==", line):
            is_wanted = canonicalize_name(found[1]) in names
            names = names - {canonicalize_name(found[1])}
        if is_wanted and not line.lstrip().startswith("#"):
            yield line
    if names:
        sys.exit(f"requirements-dev.lock has no {', '.join(sorted(names))}: make lock")


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", *arguments]
    subprocess.run(command, check=True)  # noqa: S603 - our own arguments


def compile_all(folder: Path) -> None:
    """Compile every file for the functions' runtime: importing without that takes it several times as long."""
    minor, _ = runtime()
    node = shutil.which("node")
    if node is None:
        sys.exit("make package needs Node, for its pyodide and for osls: apt-get install nodejs npm")
    command = [node, str(ROOT / "deploy/compile.mjs"), str(folder), minor]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S603 - our own arguments


def pack(folder: Path, to: Path) -> None:
    """Zip a folder, always in the same order and with the same date."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), OLDEST_DATE)
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def main() -> None:
    """Build it, and say its size."""
    to = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ZIP
    build(to)
    with zipfile.ZipFile(to) as zipped:
        unpacked = sum(entry.file_size for entry in zipped.infolist())
    sys.stdout.write(f"{to.name}: {to.stat().st_size / 1e6:.1f} MB, {unpacked / 1e6:.1f} MB unpacked\n")


if __name__ == "__main__":
    main()
