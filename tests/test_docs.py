"""The documents: what they show is what happens, and they name all that there is."""

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any

import click
import pytest
from botocore import xform_name
from botocore.session import get_session
from click.testing import CliRunner

from footfall.api import make_app
from footfall.api.endpoints import ENDPOINTS
from footfall.cli import cli
from footfall.dimensions import DIMENSIONS
from footfall.formats import FORMATS
from footfall.items import NAMES
from footfall.pageviews.rules import HINTS, REASONS
from footfall.settings import SETTINGS, load_settings
from footfall.sources import SOURCES
from footfall.stores import STORES

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# What sets up a machine is no part of the tests.
SET_UP = ("python3 -m venv", "pip install", "make ", "git ", ". .venv", ".venv/bin/")


def name_of(document: Path) -> str:
    return str(document.relative_to(ROOT))


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reference() -> str:
    return "\n".join(path.read_text("utf-8") for path in (ROOT / "docs/reference").glob("*.md"))


# What they name


def test_the_reference_is_as_its_tables_make_it():
    written = {name: (ROOT / "docs/reference" / name).read_text("utf-8") for name in generator().pages()}

    assert written == generator().pages(), "run .venv/bin/python docs/generate.py"


def test_every_part_of_a_template_is_filled_in():
    assert [name for name, page in generator().pages().items() if "{{" in page] == []


def test_every_row_of_a_table_has_its_sentence_in_the_reference():
    assert generator().missing() == []


@pytest.mark.parametrize("command", generator().commands())
def test_every_command_and_flag_is_named(command):
    section = (ROOT / "docs/reference/cli.md").read_text("utf-8").split(f"\n## {command}\n")[1].split("\n## ")[0]
    everywhere = (ROOT / "docs/reference/cli.md").read_text("utf-8").split("\n## import\n")[0]
    flags = [
        option for param in generator().commands()[command].params if isinstance(param, click.Option) for option in param.opts
    ]

    assert [flag for flag in flags if f"`{flag}" not in section + everywhere] == []


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_named(setting):
    page = (ROOT / "docs/reference/settings.md").read_text("utf-8")

    assert f"\n## {setting}\n" in page
    assert f"`FOOTFALL_{setting.upper()}`" in page


@pytest.mark.parametrize("name", [*FORMATS, *DIMENSIONS, *REASONS])
def test_every_format_dimension_and_reason_is_named(name):
    assert f"`{name}`" in reference() or f"\n## {name}\n" in reference()


@pytest.mark.parametrize("path", [*ENDPOINTS, "/", "/healthz", "/openapi.json"])
def test_every_endpoint_and_what_it_takes_is_named(path):
    page = (ROOT / "docs/reference/api.md").read_text("utf-8")
    takes = ENDPOINTS[path].takes if path in ENDPOINTS else ()

    assert f"`{path}`" in page
    assert [name for name in takes if f"\n| `{name}` | " not in page] == []


def test_no_path_is_served_that_is_not_named():
    """But for the dashboard's own files."""
    application: Any = make_app(load_settings(None, {}, {}), asks_token=True).app
    served = {route.path.replace("{page:path}", "{page}") for route in application.routes}

    assert served - {"/assets/{path:path}"} == {*ENDPOINTS, "/", "/embed", "/healthz", "/openapi.json"}


def test_every_key_of_an_answer_is_named():
    told = "".join((ROOT / f"docs/reference/{page}.md").read_text("utf-8") for page in ("json", "api", "reasons"))

    assert [key for row in ENDPOINTS.values() for key in keys_of(row.schema) if key not in told] == []


def keys_of(schema: Any) -> Iterator[str]:
    """The names of all properties, at any depth."""
    if isinstance(schema, Mapping):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from keys_of(part)


@pytest.mark.parametrize("kind", [*STORES, *SOURCES])
def test_every_kind_of_store_and_source_is_named(kind):
    assert f"{kind}:" in reference()


def test_every_field_of_a_template_is_named():
    page = (ROOT / "docs/reference/settings.md").read_text("utf-8")

    assert [name for name in NAMES if f"`{name}`" not in page] == []


# Where they lead


def links(document: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
    return (found for found in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in found and not found.startswith("mailto:"))


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", document.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(document):
    for link in links(document):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document

        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_document_is_reached_from_the_readme():
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        document = waiting.pop()
        reached.add(document)
        targets = {(document.parent / link.partition("#")[0]).resolve() for link in links(document)}
        waiting += [target for target in targets if target.suffix == ".md" and target.exists() and target not in reached]

    assert set(DOCUMENTS) - reached == set()


# What they show


def sessions(document: Path) -> list[tuple[str, str]]:
    """The commands of a document's console blocks, each with what it prints."""
    told: list[tuple[str, str]] = []
    for block in re.findall(r"^```console\n(.*?)^```$", document.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if line.startswith("$ "):
                told.append((line[2:], ""))
            else:
                told[-1] = (told[-1][0], f"{told[-1][1]}{line}\n")
    return [(command, output) for command, output in told if not command.startswith(SET_UP)]


SHELLS = frozenset("|&;<>()$`*?[~#='\\\"")  # what a shell would do something about


def said(command: str, folder: Path) -> tuple[str, int]:
    """What a command prints in this folder, both streams as on a terminal; and its exit code."""
    program, *words = command.split()
    if program == "footfall" and SHELLS.isdisjoint(command):
        return said_here(*words)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTFALL_")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment | {"LC_ALL": "C.UTF-8"}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False,
    )  # fmt: skip
    return done.stdout.decode("utf-8"), done.returncode


def said_here(*words: str) -> tuple[str, int]:
    """The same of footfall without a shell, in this process, which takes a tenth of the time."""
    unset = dict.fromkeys((name for name in os.environ if name.startswith("FOOTFALL_")), None)
    done = CliRunner(env=unset).invoke(cli, words, catch_exceptions=False, prog_name="footfall")
    return done.output, done.exit_code


def is_shown(shown: str, printed: str) -> bool:
    """Whether a document shows what was printed; `...` stands for anything, an empty paste for all of it."""
    pattern = ".*".join(map(re.escape, shown.split("...")))
    return not shown or re.fullmatch(pattern, printed, flags=re.DOTALL) is not None


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if sessions(path)], ids=name_of)
def test_a_pasted_session_prints_what_the_document_shows(document, here, dynamodb, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", dynamodb)
    for samples in ("sample-logs", "sample-cloudfront"):
        shutil.copytree(ROOT / "docs" / samples, here / "docs" / samples)

    for command, shown in sessions(document):
        if command.startswith("sqlite3 ") and shutil.which("sqlite3") is None:
            continue
        printed, exit_code = said(command, here)

        assert is_shown(shown, printed), f"$ {command}\n{printed}"
        assert (exit_code == 0) != ("\nfootfall: " in f"\n{shown}"), f"$ {command}\n{printed}"


# Flags of the AWS CLI itself, whatever it is asked.
GLOBAL = {"region", "query", "output", "cli_read_timeout"}
# Commands of its own, which are not operations of a service.
OWN = ("configure", "s3")


def aws_commands(document: Path) -> list[str]:
    blocks = re.findall(r"^ *```(?:sh|console)\n(.*?)^ *```$", document.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    calls = (call for block in blocks for call in re.split(r"^ *\$ ", block, flags=re.MULTILINE))
    return [call.replace("\\\n", " ") for call in calls if call.startswith("aws ") and call.split()[1] not in OWN]


def parameters(command: str, operation: str) -> set[str]:
    """What an operation takes, as AWS's own client knows it."""
    service: Any = get_session().get_service_model({"s3api": "s3"}.get(command, command))
    known = {xform_name(name): name for name in service.operation_names}
    return {xform_name(name) for name in service.operation_model(known[operation.replace("-", "_")]).input_shape.members}


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if aws_commands(path)], ids=name_of)
def test_every_call_of_the_aws_command_line_has_parameters_that_aws_knows(document):
    for call in aws_commands(document):
        words = shlex.split(call, comments=True)
        _, command, operation, *rest = list(takewhile(lambda word: word not in ("|", ">"), words))
        flags = [re.sub("^no-", "", word[2:]).replace("-", "_") for word in rest if word.startswith("--")]

        assert set(flags) - parameters(command, operation) - GLOBAL == set(), call


def test_the_sample_logs_have_only_addresses_that_are_reserved_for_documents():
    lines = [line for path in (ROOT / "docs/sample-logs").iterdir() for line in path.read_text("utf-8").splitlines()]
    addresses = [line.split()[4] for line in lines]

    assert [found for found in addresses if not found.startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"))] == []


def test_common_surprises_name_the_settings_that_the_import_advises():
    document = (ROOT / "docs" / "how-to" / "explain-a-line.md").read_text()

    assert [hint.setting for hint in HINTS if f"settings.md#{hint.setting})" not in document] == []
    assert "index documents" not in document
