"""What the repository's hosts and hooks run: it parses, and everything that it names exists."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import ROOT

FILES = sorted([*(ROOT / ".github").rglob("*.yml"), ROOT / ".pre-commit-config.yaml"])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def commands() -> Iterator[str]:
    """All that workflows and hooks run."""
    for workflow in (ROOT / ".github/workflows").iterdir():
        for job in yaml.safe_load(workflow.read_text("utf-8"))["jobs"].values():
            yield from (step["run"] for step in job["steps"] if "run" in step)
    for repository in read(".pre-commit-config.yaml")["repos"]:
        yield from (hook["entry"] for hook in repository["hooks"])


def exists(command: str) -> bool:
    program, *arguments = shlex.split(command, comments=True)
    if program == "make":
        return set(arguments[:1]) <= TARGETS
    if program.startswith(".venv/bin/"):
        return Path(program).name in {"python", "ruff", "lint-imports"} and all(
            (ROOT / name).exists() for name in arguments if "/" in name
        )
    return program == "git" or (ROOT / program).stat().st_mode & 0o111 != 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_is_yaml_and_names_no_package_registry(path):
    text = path.read_text("utf-8")

    assert isinstance(yaml.safe_load(text), dict)
    assert re.findall(r"https?://", text) == []


def test_everything_that_workflows_and_hooks_run_exists():
    found = list(commands())

    assert ".ci/run" in found
    assert [command for command in found if not exists(command)] == []


def test_a_checkout_leaves_no_credentials_to_what_runs_after_it():
    steps = [step for job in read(".github/workflows/checks.yml")["jobs"].values() for step in job["steps"]]
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]

    assert [step["with"]["persist-credentials"] for step in checkouts] == [False, False]


def test_every_python_that_the_package_names_is_tried():
    tried = read(".github/workflows/checks.yml")["jobs"]["pythons"]["strategy"]["matrix"]["python"]
    named = [text.rpartition(" ")[2] for text in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", text)]

    assert tried == named
    assert PROJECT["requires-python"] == f">={named[0]}"


def test_an_issue_form_asks_for_each_thing_once():
    for name in ("bug", "idea"):
        form = read(f".github/ISSUE_TEMPLATE/{name}.yml")
        asked = [part["id"] for part in form["body"] if part["type"] != "markdown"]

        assert {"name", "description", "body"} <= form.keys()
        assert len(asked) == len(set(asked)) > 0


def test_what_dependabot_updates_is_there():
    manifests = {"npm": "package-lock.json", "github-actions": ".github/workflows"}

    assert all((ROOT / manifests[row["package-ecosystem"]]).exists() for row in read(".github/dependabot.yml")["updates"])
