"""
Looks for lines that break the compiled reader: `python -m tests.fuzz [RUNS]`, or `make fuzz`.

clang's coverage-guided fuzzer tries its half in C with any steps and lines, and then logs at random are read beside the
reader in pure Python; both with sanitizers of addresses and undefined behaviour.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from scripts.compile_reader import SOURCE, compile_reader

from footfall.formats import FORMATS
from footfall.formats.coded import CodedSplitter
from footfall.formats.steps import Way

from ..compared import PURE, ROOT, samples_of

LINES = ROOT / "tests/fuzz/lines.c"
SANITIZERS = ("-g", "-O1", "-fno-sanitize-recover=all")
MOST = 255  # that a byte has room for


def shape(ways: Sequence[Way]) -> bytes:
    """The steps of a format, which find all its pieces, as lines.c reads them."""
    pieces = sorted({step.piece for way in ways for step in way if step.piece is not None})
    slots = {piece: slot for slot, piece in enumerate(pieces)}
    written = bytes([len(slots), len(ways)])
    for way in ways:
        written += bytes([len(way)])
        for kind, slot, text, least, most, flags in filter(None, (step.numbered(slots) for step in way)):
            written += bytes([kind, slot + 1, flags, least, min(most, MOST), len(text)]) + text
    return written


def seeds() -> Iterator[bytes]:
    """Each format's steps with some lines of its samples, and with the beginnings of one."""
    for name in (each.partition(",")[0] for each in PURE):
        for log in samples_of(name):
            reader: Any = FORMATS[name].reader(log)
            splitter = reader._split_block.__self__
            if isinstance(splitter, CodedSplitter):
                lines = log.splitlines(keepends=True)
                yield from (shape(splitter.ways) + b"".join(lines[at : at + 4]) for at in range(0, len(lines), 4))
                yield from (shape(splitter.ways) + lines[-1][:end] for end in range(1, len(lines[-1]), 3))


def build(to: Path) -> str:
    """What keeps clang from building the fuzzer, or ""."""
    if shutil.which("clang") is None:
        return "there is no clang"
    flags = [
        *SANITIZERS,
        "-fsanitize=fuzzer,address,undefined",
        "-std=c11",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Wno-unused-function",
    ]
    return _problem("clang", *flags, str(LINES), "-o", str(to))


def fuzz(fuzzer: Path, folder: Path, runs: int) -> str:
    """What it found in so many runs, or ""; what it learns stays in the folder."""
    for name in ("seeds", "learned"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (folder / "seeds" / f"{number:04}").write_bytes(seed)
    kept = [f"-artifact_prefix={folder}/", str(folder / "learned"), str(folder / "seeds")]
    return _problem(str(fuzzer), f"-runs={runs}", "-seed=1", "-max_len=8000", "-verbosity=0", *kept)


def build_sanitized(to: Path) -> str:
    """What keeps the compiled reader from being built with sanitizers, or ""."""
    return compile_reader(ROOT / "src/footfall" / SOURCE, to, *SANITIZERS, "-fsanitize=address,undefined")


def compare(module: Path, trials: int) -> str:
    """How the readers differ in so many logs at random, or what the sanitizers say; or ""."""
    library = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True).stdout.strip()
    environment = {"LD_PRELOAD": library, "PYTHONMALLOC": "malloc", "ASAN_OPTIONS": "detect_leaks=0"}
    return _problem(sys.executable, "-m", "tests.compared", str(trials), "0", str(module), **environment)


def _problem(*command: str, **environment: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", check=False, cwd=ROOT, env={**os.environ, **environment}
    )
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[-5000:] or f"{command[0]} failed"
