"""What the documents tell to type into a shell: each command and flag is one that there is, and AWS takes what it is told."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.session import get_session

from footfall.cli import cli

from .conftest import REGION
from .test_docs import DOCUMENTS, ROOT, name_of

SERVICES = {"s3api": "s3"}  # where the AWS CLI has a name of its own
NOT_OF_THE_API = ("configure", "s3")  # the AWS CLI's own commands
OF_EACH_COMMAND = {"region", "query", "output", "cli-read-timeout"}  # its own flags


def typed(document: Path) -> list[list[str]]:
    """The words of each command of a document's shell blocks."""
    found: list[list[str]] = []
    for block in re.findall(r"^ *```sh\n(.*?)^ *```$", document.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE):
        block = dedent(block)  # one may stand in a list
        prompt = "$ " if re.search(r"^\$ ", block, flags=re.MULTILINE) else ""
        lines = iter(block.replace("\\\n", " ").splitlines())
        for line in lines:
            if line.startswith(prompt):
                found += simple_commands(whole(line.removeprefix(prompt), lines))
    return found


def whole(command: str, more: Iterator[str]) -> list[str]:
    """The words of a command that goes on in the next line as long as a quote is open."""
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return whole(f"{command}\n{next(more)}", more)


def simple_commands(words: list[str]) -> Iterator[list[str]]:
    """The commands of a line, without variables before them; what a pipe leads to is a command too."""
    if "|" in words:
        pipe = words.index("|")
        yield from simple_commands(words[:pipe])
        yield from simple_commands(words[pipe + 1 :])
        return
    while words and re.match(r"\w+=", words[0]):
        words = words[1:]
    if words:
        yield words


def commands(program: str) -> list[Any]:
    return [
        pytest.param(words[1:], id=f"{name_of(document)}: {' '.join(words[:3])}")
        for document in DOCUMENTS
        for words in typed(document)
        if words[0] == program
    ]


@pytest.mark.parametrize("words", commands("footfall"))
def test_footfall_has_each_command_and_flag(words: list[str]) -> None:
    command: Any = cli
    while words and hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]

    command.make_parser(command.make_context("footfall", [], resilient_parsing=True)).parse_args(words)


@pytest.mark.parametrize("words", [each for each in commands("aws") if each.values[0][0] not in NOT_OF_THE_API])
def test_aws_has_each_command_and_flag(words: list[str]) -> None:
    service, operation, *rest = words
    model = get_session().get_service_model(SERVICES.get(service, service))
    operations = {xform_name(name, "-"): name for name in model.operation_names}

    takes: Any = model.operation_model(operations[operation]).input_shape

    flags = {word[2:] for word in rest if word.startswith("--")} - OF_EACH_COMMAND
    known = {xform_name(name, "-"): member.type_name for name, member in takes.members.items()}
    assert flags <= {*known, *(f"no-{name}" for name, kind in known.items() if kind == "boolean")}


def test_the_buckets_of_the_tutorial_are_made_as_it_says(aws: str) -> None:
    s3: Any = boto3.client("s3", region_name=REGION, endpoint_url=aws)
    steps = [words[2:] for words in typed(ROOT / "docs/tutorial-aws.md") if words[:2] == ["aws", "s3api"]]

    for operation, *flags in steps:
        values = dict(zip([flag[2:].title().replace("-", "") for flag in flags[::2]], flags[1::2], strict=True))
        told = {name: json.loads(value) if name != "Policy" and value[0] == "{" else value for name, value in values.items()}
        getattr(s3, operation.replace("-", "_"))(**told)

    assert s3.get_bucket_website(Bucket="www.example.org")["IndexDocument"] == {"Suffix": "index.html"}
    logging = s3.get_bucket_logging(Bucket="www.example.org")["LoggingEnabled"]
    assert (logging["TargetBucket"], logging["TargetPrefix"]) == ("example-logs", "logs/")
    (statement,) = json.loads(s3.get_bucket_policy(Bucket="example-logs")["Policy"])["Statement"]
    assert statement["Principal"] == {"Service": "logging.s3.amazonaws.com"}
