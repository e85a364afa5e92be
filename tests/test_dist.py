"""What is handed out: the sdist, and the wheel that is made of it; each is installed and runs outside of this checkout."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from footfall.compiled import IS_COMPILED

from .builders import run
from .conftest import ROOT

SOURCE = ROOT / "src/footfall"


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    for_any_machine = {**os.environ, "FOOTFALL_PURE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=for_any_machine)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session", params=["*.whl", "*.tar.gz"], ids=["wheel", "sdist"])
def fresh(request: pytest.FixtureRequest, dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment in which one of them is installed; what it depends on is this environment's."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob("lib/*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    (archive,) = dist.glob(request.param)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "--disable-pip-version-check", "install"]
    offline = ["--no-deps", "--no-index", "--no-build-isolation", "--ignore-installed", "--quiet"]
    done = subprocess.run([*pip, *offline, str(archive)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return folder / "bin"


def test_the_wheel_has_every_file_of_the_package_and_no_other(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "src/footfall"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    ).stdout.split("\0")  # fmt: skip
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    packaged = {name for name in names if not name.split("/")[0].endswith(".dist-info")}
    assert packaged == {name.removeprefix("src/") for name in listed if name}
    assert "footfall/py.typed" in packaged


def test_licence_and_readme_go_along(dist: Path) -> None:
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        texts = {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}
    with tarfile.open(sdist) as archive_of_sources:
        names = {name.partition("/")[2] for name in archive_of_sources.getnames()}

    assert texts["licenses/LICENSE"] == (ROOT / "LICENSE").read_text("utf-8")
    assert (ROOT / "README.md").read_text("utf-8") in texts["METADATA"]
    assert "License-Expression: MIT" in texts["METADATA"]
    assert {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "src/footfall/py.typed"} <= names
    assert [name for name in names if "node_modules" in name or ".venv" in name or name.endswith(".db")] == []


def test_it_runs_outside_of_this_checkout(fresh: Path, tmp_path: Path) -> None:
    where = run("-c", "import footfall; print(footfall.__file__)", command=[str(fresh / "python")], cwd=tmp_path)
    footfall = [str(fresh / "footfall")]

    imported = run("import", ROOT / "docs/sample-logs", command=footfall, cwd=tmp_path)
    pages = run("pages", "--limit", "1", command=footfall, cwd=tmp_path)

    assert Path(where.stdout).is_relative_to(fresh.parent), where
    assert imported.exit_code == 0, imported
    assert pages.stdout.splitlines()[1].split() == ["13", "25", "%", "/"]


def test_the_wheel_is_for_any_machine_and_the_sdist_is_compiled_where_there_is_a_compiler(
    fresh: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    version = run("--version", command=[str(fresh / "footfall")], cwd=tmp_path)

    is_compiled = IS_COMPILED and request.node.callspec.params["fresh"] != "*.whl"
    assert version.stdout.startswith("footfall, version ")
    assert version.stdout.endswith(" (compiled reader)\n" if is_compiled else " (pure Python)\n")


def test_without_a_compiler_it_is_installed_as_pure_python(dist: Path, tmp_path: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps", "--no-index"]
    without = {**os.environ, "CC": "no-such-compiler"}

    done = subprocess.run(
        [*command, "--no-build-isolation", "--wheel-dir", tmp_path, sdist],
        capture_output=True,
        text=True,
        timeout=120,
        env=without,
    )

    assert done.returncode == 0, done.stderr
    assert [path.name.partition("-py3-")[2] for path in tmp_path.iterdir()] == ["none-any.whl"]


def test_it_brings_the_dashboard_along(fresh: Path, tmp_path: Path) -> None:
    code = "from footfall.api.static import find_files; print(*sorted(find_files()), sep='\\n')"

    found = run("-c", code, command=[str(fresh / "python")], cwd=tmp_path).stdout.split()

    assert len(found) == 2 + len(list((SOURCE / "dashboard/bundle").iterdir())) == 4  # the page, and the one for frames


def test_the_wheel_says_whose_it_is_what_it_is_about_and_where_it_was_tried(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        about = message_from_bytes(archive.read(name))

    assert about["Author"] in (ROOT / "LICENSE").read_text("utf-8")
    assert {"cloudfront", "nginx", "s3"} <= set(about["Keywords"].split(","))
    oldest = about["Requires-Python"].removeprefix(">=")
    tried = {f"Programming Language :: Python :: {oldest}", "Operating System :: POSIX :: Linux"}
    assert tried <= set(about.get_all("Classifier", []))
