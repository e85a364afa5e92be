"""
Compiles the reader of log lines while footfall is installed, where there is a C compiler; without one, footfall is pure Python.

hatchling calls it for each wheel, and for an editable install. FOOTFALL_PURE=1 leaves the reader out, as for AWS;
FOOTFALL_COMPILED=1 fails where it cannot be compiled, as in CI.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "footfall"
SOURCE, MODULE = "_compiled.c", "_compiled.abi3.so"
FLAGS = ("-O2", "-std=c11", "-fPIC")
SHARED = ("-bundle", "-undefined", "dynamic_lookup") if sys.platform == "darwin" else ("-shared",)


class CompiledReader(BuildHookInterface[Any]):
    """Adds the compiled reader to what is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile it: beside its source for an editable install."""
        if os.environ.get("FOOTFALL_PURE"):
            return
        folder = Path(self.root, "src", FOLDER)
        to = folder / MODULE if version == "editable" else Path(tempfile.mkdtemp(prefix="footfall-")) / MODULE
        if problem := _without_it() or compile_reader(folder / SOURCE, to):
            if os.environ.get("FOOTFALL_COMPILED"):
                raise RuntimeError(f"the reader cannot be compiled: {problem}")
            self.app.display_warning(f"footfall is installed as pure Python, which counts the same, slower: {problem}")
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
        if version != "editable":
            build_data["force_include"][str(to)] = f"{FOLDER}/{MODULE}"


def _without_it() -> str:
    """Why this Python takes no such module; "" where it does."""
    if sys.implementation.name != "cpython" or sys.platform == "win32":
        return f"no compiled reader for {sys.implementation.name} on {sys.platform}"
    return "Python without its lock has no stable ABI" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""


def compile_reader(source: Path, to: Path, *flags: str) -> str:
    """What went wrong, or ""."""
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()
    include = f"-I{sysconfig.get_path('include')}"
    command = [*compiler, *FLAGS, *SHARED, *flags, include, str(source), "-o", str(to)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603 - as configured
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if done.returncode == 0 else done.stderr[-500:] or f"{compiler[0]} failed"
