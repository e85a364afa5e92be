"""
The recipes of CONTRIBUTING.md, each followed to the letter in a copy of the package: its code blocks, at the places that the
document names, and nothing else.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from footfall.cli import cli

from .builders import line

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
REFERENCE = [
    f"tests/test_docs.py::{name}"
    for name in (
        "test_the_reference_is_as_its_tables_make_it", "test_every_row_of_a_table_has_its_sentence_in_the_reference",
        "test_every_setting_is_named", "test_every_key_of_an_answer_is_named",
        "test_every_format_dimension_and_reason_is_named",
        "test_every_kind_of_store_and_source_is_named",
    )
]  # fmt: skip
"""Tests that hold after every recipe."""

pytestmark = pytest.mark.slow  # each makes a copy, and runs tests of their own in it


class Step(NamedTuple):
    """A code block of a recipe, and where it goes."""

    path: str
    place: str
    """`at the end of`, `above` or `below`; "" makes a new file."""
    anchor: str
    """The table, or the beginning of a line."""
    code: str


STEP = re.compile(
    r"^(?:A new file|In) `(?P<path>[^`]+)`(?:, (?P<place>at the end of|above|below) (?:`` ?(?P<two>.+?) ?``|`(?P<one>[^`]+)`))?"
    r"[^\n]*:\n\n```\w+\n(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


def steps(recipe: str) -> list[Step]:
    """The steps of the recipe under this heading."""
    section = GUIDE.split(f"\n### {recipe}\n")[1].split("\n## ")[0].split("\n### ")[0]
    found = [
        Step(each["path"], each["place"] or "", each["one"] or each["two"] or "", each["code"])
        for each in STEP.finditer(section)
    ]
    assert len(found) == section.count("\n```") / 2, "a code block does not say where it goes"
    return found


class Copy:
    """A copy of the checkout, as far as recipes and their tests need it."""

    def __init__(self, folder: Path):
        self.root, self.work = folder / "copy", folder / "work"
        self.work.mkdir()
        for name in ("src", "tests", "docs"):
            # With the bytecode, but what is being written just now: compiling all of it is half of what a recipe takes.
            shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("*.pyc.*", "images", ".*"))
        for path in [*ROOT.glob("*.md"), ROOT / "pyproject.toml"]:
            shutil.copy(path, self.root)

    def follow(self, recipe: str) -> None:
        """Take each step of a recipe."""
        for step in steps(recipe):
            path = self.root / step.path
            if not step.place:
                assert not path.exists(), f"{step.path} is not a new file"
                path.write_text(step.code, "utf-8")
                continue
            lines = path.read_text("utf-8").splitlines(keepends=True)
            at = place_of(step, [each.rstrip("\n") for each in lines])
            path.write_text("".join([*lines[:at], step.code, *lines[at:]]), "utf-8")

    def say(self, *calls: tuple[str, ...]) -> list[Any]:
        """What the copy says to these calls, see tests/calls.py."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("FOOTFALL_", "PYTEST_"))}
        done = subprocess.run(
            [sys.executable, "-B", "-m", "tests.calls", self.work, json.dumps(calls)], cwd=self.root, text=True,
            env=environment | {"PYTHONPATH": str(self.root / "src")}, capture_output=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        found: list[Any] = json.loads(done.stdout)
        return found

    def log(self, name: str, *lines: bytes) -> str:
        """The name of a log file of these lines."""
        (self.work / name).write_bytes(b"".join(each + b"\n" for each in lines))
        return name

    def touched(self) -> set[str]:
        """The files that are not as they are in the checkout, but for generated ones."""
        files = {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file() and path.suffix != ".pyc"}
        own = {name for name in files if "/." not in f"/{name}" and not name.startswith("docs/reference/")}
        return {name for name in own if not same(ROOT / name, self.root / name)}


def same(one: Path, other: Path) -> bool:
    return one.exists() and one.read_bytes() == other.read_bytes()


def place_of(step: Step, lines: list[str]) -> int:
    """The number of the line, from 0, that a step's code is put before."""
    if step.place == "at the end of":
        (start,) = [
            number for number, text in enumerate(lines) if re.match(rf"(export const )?{step.anchor}(:.*)? = [{{(]$", text)
        ]
        return next(number for number in range(start, len(lines)) if lines[number].startswith(("}", ")")))
    starts = [number for number, text in enumerate(lines) if text.startswith(step.anchor)]
    (at,) = (starts or [number for number, text in enumerate(lines) if text.strip().startswith(step.anchor)])[:1]
    if step.place == "above":
        return at
    return at + 2 if step.anchor.startswith("#") else at + 1  # an empty line follows a heading


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def rows(answer: str) -> dict[str, int]:
    """The rows of an answer in JSON."""
    return {row["value"]: row["views"] for row in json.loads(answer)["rows"]}


def test_a_dimension_over_a_field_that_exists(copy):
    copy.follow("Add a dimension over a field that exists")
    log = copy.log("a.log", line("a.html", status=500), line("b.html"))

    *_, top, found = copy.say(
        ("generate",), ("pytest", *REFERENCE, "tests/test_failing.py"), ("footfall", "import", log),
        ("footfall", "top", "failing", "--json"), ("get", "/api/v1/stats/failing"),
    )  # fmt: skip

    assert rows(top) == {"a.html": 1}
    assert found["rows"] == [{"value": "a.html", "views": 1}]
    assert copy.touched() == {"src/footfall/dimensions.py", "tests/test_failing.py"}


def test_a_dimension_over_a_new_field_touches_four_files_by_hand(copy):
    copy.follow("Add a dimension over a new field")
    log = copy.log("a.log", line(), line(), line(at="2026-10-21 08:00:00"))

    *_, top, text, found, listed = copy.say(
        ("generate",),
        (
            "pytest", *REFERENCE, "tests/test_weekday.py", "src/footfall/fields.py", "src/footfall/measures.py",
            "tests/contracts/test_stores.py::test_views_and_drops_are_counted_in_their_dimensions[sqlite]",
            "tests/contracts/test_formats.py::test_every_view_has_each_field_of_the_dimensions_and_of_the_item",
            "tests/contracts/test_formats.py::test_the_first_line_of_the_sample_counts_as_the_same_view",
        ),
        ("footfall", "import", log),
        ("footfall", "top", "weekday", "--json"), ("footfall", "top", "weekday"),
        ("get", "/api/v1/stats/weekday"), ("get", "/api/v1/dimensions"),
    )  # fmt: skip

    assert rows(top) == {"Tuesday": 2, "Wednesday": 1}
    assert text.splitlines()[:3] == ["   Views  Share  Weekday", "       2   67 %  Tuesday", "       1   33 %  Wednesday"]
    assert found["total"] == 3
    assert [(row["title"], row["noun"]["many"]) for row in listed["dimensions"] if row["dimension"] == "weekday"] == [
        ("Weekday", "views")
    ]
    assert "| `weekday` |" in (copy.root / "docs/reference/dimensions.md").read_text("utf-8")
    assert copy.touched() == {
        "src/footfall/fields.py", "src/footfall/dimensions.py", "tests/test_weekday.py", "CHANGELOG.md",
    }  # fmt: skip


def test_a_database_that_was_there_before_takes_a_new_dimension(copy, monkeypatch):
    monkeypatch.chdir(copy.work)
    before = CliRunner().invoke(cli, ["import", copy.log("before.log", line(), line())])
    assert before.exit_code == 0, before.output
    copy.follow("Add a dimension over a new field")

    _, _, top, pages = copy.say(
        ("footfall", "import", "before.log"),
        ("footfall", "import", copy.log("after.log", line())),
        ("footfall", "top", "weekday", "--json"), ("footfall", "pages", "--json"),
    )  # fmt: skip

    assert rows(top) == {"Tuesday": 1}
    assert rows(pages) == {"blog/a": 3}


def test_a_reason_to_drop_a_line(copy):
    copy.follow("Add a reason to drop a line")
    log = copy.log("a.log", line(uri="GET /?preview=1 HTTP/1.1"), line())

    *_, imported, explained, status = copy.say(
        ("generate",), ("pytest", *REFERENCE, "tests/test_preview.py"), ("footfall", "import", "--json", log),
        ("footfall", "explain", "--json", log), ("get", "/api/v1/status"),
    )  # fmt: skip

    account = json.loads(imported)
    assert (account["lines"], account["views"], account["dropped"]["preview"]) == (2, 1, 1)
    assert [json.loads(each)["reason"] for each in explained.splitlines()] == ["preview", None]
    assert status["dropped"]["preview"] == 1
    assert "`preview`" in (copy.root / "docs/reference/reasons.md").read_text("utf-8")
    assert copy.touched() == {"src/footfall/pageviews/rules.py", "tests/test_preview.py"}


def test_a_setting(copy):
    copy.follow("Add a setting")
    log = copy.log("a.log", line(uri="GET /?draft=1 HTTP/1.1"), line())
    (copy.work / "own.toml").write_text('exclude_queries = ["draft=1"]\n')

    *_, unset, flag, file = copy.say(
        ("generate",),
        ("pytest", *REFERENCE, "tests/test_config.py", "-k", "test_docs or every_setting or exclude_queries"),
        ("footfall", "import", "--dry-run", "--json", log),
        ("footfall", "import", "--dry-run", "--json", "--exclude-queries", "draft=1", log),
        ("footfall", "--config", "own.toml", "import", "--dry-run", "--json", log),
    )  # fmt: skip

    assert [json.loads(each)["views"] for each in (unset, flag, file)] == [2, 1, 1]
    page = (copy.root / "docs/reference/settings.md").read_text("utf-8")
    assert "`FOOTFALL_EXCLUDE_QUERIES` | `--exclude-queries`" in page
    assert copy.touched() == {
        "src/footfall/settings/table.py", "src/footfall/pageviews/counting.py", "src/footfall/pageviews/rules.py",
        "tests/test_config.py",
    }  # fmt: skip


def test_a_log_format_is_one_file_its_sample_and_its_row(copy):
    copy.follow("Add a log format")
    (sample,) = (copy.root / "tests/logs/tabs.log").read_bytes().splitlines()
    log = copy.log("access.log", sample, sample, sample.replace(b"a%20b/", b"50%25/"), b"rubbish")

    *_, imported, pages, explained = copy.say(
        ("generate",), ("pytest", *REFERENCE, "tests/contracts/test_formats.py", "-k", "test_docs or tabs"),
        ("footfall", "import", "--format", "tabs", "--json", log), ("footfall", "pages", "--json"),
        ("footfall", "explain", "--format", "tabs", "--json", log),
    )  # fmt: skip

    account = json.loads(imported)
    assert (account["lines"], account["views"], account["unreadable"]) == (4, 3, 1)  # equal lines are two readers
    assert rows(pages) == {"blog/a b": 2, "blog/50%": 1}  # decoded once
    first = json.loads(explained.splitlines()[0])
    assert (first["format"], first["common"]["path"], first["request"]["bytes_sent"]) == ("tabs", "/blog/a b/", "2048")
    assert copy.touched() == {
        "src/footfall/formats/tabs.py", "src/footfall/formats/__init__.py", "tests/logs/tabs.log",
    }  # fmt: skip


def test_a_measure(copy):
    copy.follow("Add a measure")
    log = copy.log("a.log", line(), line(status=304), line(status=304))

    *_, views, revisits, total, listed = copy.say(
        ("generate",), ("pytest", *REFERENCE, "src/footfall/fields.py", "src/footfall/measures.py"),
        ("footfall", "import", log), ("get", "/api/v1/stats/page"), ("get", "/api/v1/stats/page?measure=revisits"),
        ("get", "/api/v1/stats/total?measure=revisits"), ("get", "/api/v1/dimensions"),
    )  # fmt: skip

    assert (views["total"], revisits["total"], total["total"]) == (3, 2, 2)
    assert (revisits["query"]["measure"], revisits["rows"]) == ("revisits", [{"value": "blog/a", "views": 3, "revisits": 2}])
    assert listed["dimensions"][0]["measures"] == ["views", "arrivals", "revisits"]
    assert copy.touched() == {"src/footfall/fields.py", "src/footfall/dimensions.py", "src/footfall/measures.py"}


def test_a_tab_of_the_dashboard(copy, node):
    copy.follow("Add a tab to the dashboard")
    (copy.root / "src/package.json").write_text('{"type": "module"}')
    script = """
        globalThis.navigator = {};
        const { panelsOf } = await import("./footfall/dashboard/assets/panels.js");
        const noun = { one: "request", many: "requests" };
        const of = (dimension, title) => ({ dimension, title, noun, measures: ["requests"], classes: {}, about_classes: {} });
        const names = ["page", "referrer", "country", "browser", "system", "bot", "not_found", "status", "failing", "protocol"];
        const panels = Object.fromEntries(panelsOf(names.map((name) => of(name, `By ${name}`))));
        console.log(JSON.stringify([panels.failing, panels.protocol]));
    """

    done = subprocess.run([node, "--input-type=module", "-e", script], cwd=copy.root / "src", capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()

    failing, protocol = json.loads(done.stdout)
    assert (failing["title"], failing["path"], failing["value"]) == ("Failing pages", "stats/failing", "Asked for")
    assert (protocol["title"], protocol["path"]) == ("By protocol", "stats/protocol")  # a panel by itself


def test_a_store(copy):
    copy.follow("Add a store")
    log = copy.log("a.log", line(), line())

    *_, pages, status = copy.say(
        ("generate",),
        ("pytest", *REFERENCE, "tests/contracts/test_stores.py", "-k", "test_docs or folder or test_every_store"),
        ("footfall", "import", "--store", "folder:counts", log), ("footfall", "--store", "folder:counts", "pages", "--json"),
        ("footfall", "status", "--store", "folder:counts", "--json"),
    )  # fmt: skip

    assert rows(pages) == {"blog/a": 2}
    assert json.loads(status)["files"] == 1
    assert copy.touched() == {
        "src/footfall/stores/folder.py", "src/footfall/stores/__init__.py", "src/footfall/settings/table.py",
        "tests/conftest.py",
    }  # fmt: skip


def test_every_recipe_is_followed():
    headings = re.findall(r"^### (Add .*)$", GUIDE, flags=re.MULTILINE)
    followed = re.findall(r'copy\.follow\("(.+?)"\)', Path(__file__).read_text("utf-8"))

    assert set(headings) == set(followed)
