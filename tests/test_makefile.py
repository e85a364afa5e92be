"""The Makefile: it leaves alone what it has not made, and a demo needs no tools."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT, required


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of one as make looks at before it installs anything."""
    required("make", shutil.which("make") is not None, "apt-get install make")
    for name in (
        "Makefile", "pyproject.toml", "requirements-dev.lock", "scripts/compile_reader.py", "src/footfall/_compiled.c",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "-C", checkout, *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("target", ["lint", "clean"])
def test_an_environment_that_make_has_not_made_is_left_alone(checkout: Path, target: str) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv/mine").touch()

    done = make(checkout, target)

    assert done.returncode != 0
    assert ".venv was not made by make" in done.stderr
    assert (checkout / ".venv/mine").exists()


@pytest.mark.parametrize("mark", [".made-by-make", ".packages"])
def test_one_that_make_has_made_is_removed_by_clean(checkout: Path, mark: str) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / mark).touch()

    assert make(checkout, "clean").returncode == 0
    assert not (checkout / ".venv").exists()


def test_the_demo_installs_footfall_alone_into_an_environment_of_its_own(checkout: Path) -> None:
    (checkout / ".venv").mkdir()

    done = make(checkout, "--dry-run", "demo")

    assert done.returncode == 0, done.stderr
    assert ".venv-demo/bin/footfall demo" in done.stdout
    assert ".venv/" not in done.stdout
    assert "requirements-dev.lock" not in done.stdout
    assert "--clear" not in done.stdout


def test_a_new_version_in_pyproject_does_not_install_all_tools_again(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    for moment, name in enumerate(
        (
            "requirements-dev.lock",
            "scripts/compile_reader.py",
            "src/footfall/_compiled.c",
            ".venv/.packages",
            ".venv/.ready",
            "pyproject.toml",
        )
    ):
        (checkout / name).touch()
        os.utime(checkout / name, (moment, moment))

    planned = make(checkout, "--dry-run", "dist").stdout

    assert "--editable ." in planned
    assert "--clear" not in planned
