"""See __init__.py."""

import sys

from ..compared import ROOT
from . import build, build_sanitized, compare, fuzz

runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
folder = ROOT / "build/fuzz"
folder.mkdir(parents=True, exist_ok=True)
module = folder / "_compiled.abi3.so"
if problem := build(folder / "lines"):
    sys.exit(f"make fuzz needs clang with its libraries (apt-get install clang libclang-rt-dev): {problem}")
if problem := fuzz(folder / "lines", folder, runs) or build_sanitized(module) or compare(module, runs // 10):
    sys.exit(problem)
sys.stdout.write(f"{runs} inputs and {runs // 10} logs, and nothing found\n")
