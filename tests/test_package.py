"""What `make package` makes: a zip with all that the functions need and no more, and a template that AWS takes."""

import hashlib
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from footfall.stores.dynamodb.keys import TOKENS
from footfall.stores.dynamodb.requests import Requests
from footfall.stores.dynamodb.table import create_table

from .conftest import KEPT, REGION, ROOT, installed, osls_package, template_of

RUNTIME = "3.14"
MAGIC_OF_RUNTIME = 3627  # of every Python 3.14's bytecode


@pytest.fixture(scope="session")
def files(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as zipped:
        return {entry.filename: zipped.read(entry) for entry in zipped.infolist()}


def of_type(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in template["Resources"].values() if each["Type"] == kind]


# The zip


def test_the_same_sources_make_the_same_bytes(package: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "deploy/build.py", tmp_path / "again.zip"], check=True, stderr=subprocess.DEVNULL)

    assert hashlib.sha256((tmp_path / "again.zip").read_bytes()).digest() == hashlib.sha256(package.read_bytes()).digest()


def test_it_is_as_small_as_the_documents_say(package: Path) -> None:
    assert package.stat().st_size < 4_700_000


def test_every_file_is_compiled_for_the_runtime(files: dict[str, bytes]) -> None:
    compiled = {name: content for name, content in files.items() if name.endswith(".pyc")}
    sources = [name for name in files if name.endswith(".py")]

    assert len(compiled) == len(sources) > 100
    for name, content in compiled.items():
        assert name.endswith(f".cpython-{RUNTIME.replace('.', '')}.pyc")
        magic, flags = struct.unpack("<H2xI", content[:8])
        assert (magic, flags) == (MAGIC_OF_RUNTIME, 1)  # 1: never compared with its source


def test_it_has_what_is_not_in_the_runtime_and_nothing_that_is(files: dict[str, bytes]) -> None:
    packages = {name.partition("/")[0] for name in files}

    assert {"footfall", "ua_parser", "crawleruseragents", "tzdata", "mangum", "starlette", "iptocc", "maxminddb"} <= packages
    assert packages & {"boto3", "botocore", "click", "h11", "obstore", "urllib3", "uvicorn", "bin", "tests", "pip"} == set()
    assert [name for name in files if name.endswith(("RECORD", "direct_url.json"))] == []


def test_what_is_compiled_is_of_the_functions_processor(files: dict[str, bytes]) -> None:
    libraries = {name: content for name, content in files.items() if name.endswith(".so")}

    for name, content in libraries.items():
        assert struct.unpack("<H", content[18:20]) == (183,), name  # ELF's number of AArch64


# The template


def test_cfn_lint_has_nothing_to_say(template: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "template.json").write_text(json.dumps(template))

    # W3005 is about a dependency that osls writes down though it follows from a reference.
    done = subprocess.run(
        [installed("cfn-lint"), "-i", "W3005", "--", tmp_path / "template.json"], capture_output=True, text=True
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_functions_run_on_arm_with_the_newest_python(template: dict[str, Any]) -> None:
    ours = [each for each in of_type(template, "AWS::Lambda::Function") if each["Handler"].startswith("footfall.")]

    assert [each["Handler"].rpartition(".")[2] for each in ours][:2] == ["on_log", "on_sweep"]
    assert {(each["Runtime"], *each["Architectures"]) for each in ours} == {(f"python{RUNTIME}", "arm64")}


def test_every_function_has_the_table_and_a_role_of_its_own_and_a_log_that_is_forgotten(template: dict[str, Any]) -> None:
    ours = [each for each in of_type(template, "AWS::Lambda::Function") if each["Handler"].startswith("footfall.")]
    table = template["Resources"]["PageViews"]["Properties"]["TableName"]

    assert {each["Environment"]["Variables"]["TARGET_DYNAMO_TABLE"] for each in ours} == {table}
    assert len({json.dumps(each["Role"]) for each in ours}) == len(ours)
    assert {each["RetentionInDays"] for each in of_type(template, "AWS::Logs::LogGroup")} == {30}


def test_what_fails_is_tried_again_then_kept_in_a_queue_and_told(template: dict[str, Any]) -> None:
    configured = {json.dumps(each["FunctionName"]): each for each in of_type(template, "AWS::Lambda::EventInvokeConfig")}
    on_log = configured['{"Ref": "OnLogLambdaFunction"}']
    alarms = {(each["Namespace"], each["MetricName"]) for each in of_type(template, "AWS::CloudWatch::Alarm")}

    assert on_log["MaximumRetryAttempts"] == 2
    assert {json.dumps(each["DestinationConfig"]["OnFailure"]["Destination"]) for each in configured.values()} == {
        '{"Fn::GetAtt": ["FailedCalls", "Arn"]}'
    }
    assert alarms == {("AWS/Lambda", "Errors"), ("AWS/SQS", "ApproximateNumberOfMessagesVisible")}


def test_without_a_prefix_the_functions_read_all_of_the_bucket(package: Path, tmp_path: Path) -> None:
    """osls takes no empty parameter, so it has to be set in serverless.yml."""
    (tmp_path / "build").symlink_to(package.parent)
    as_it_is = (ROOT / "serverless.yml").read_text("utf-8")
    (tmp_path / "serverless.yml").write_text(as_it_is.replace(" prefix: logs/ ", ' prefix: "" '), "utf-8")

    made = template_of(osls_package(tmp_path / "build/footfall.zip"))

    (told,) = of_type(made, "Custom::S3")
    (policy,) = made["Resources"]["OnLogRole"]["Properties"]["Policies"]
    by_sid = {each["Sid"]: each for each in policy["PolicyDocument"]["Statement"]}
    assert told["BucketConfigs"][0]["Rules"] == [{"Prefix": ""}]
    assert by_sid["ReadLogs"]["Resource"]["Fn::Sub"].endswith(":s3:::example-logs/*")
    assert by_sid["SeeLogs"]["Condition"] == {"StringLike": {"s3:prefix": "*"}}
    (handler,) = (each for each in of_type(made, "AWS::Lambda::Function") if each["Handler"].endswith(".on_sweep"))
    assert handler["Environment"]["Variables"]["FOOTFALL_LOGS"] == "s3://example-logs/"


def test_no_statement_allows_all_of_anything(template: dict[str, Any]) -> None:
    for role, resource in template["Resources"].items():
        if resource["Type"] != "AWS::IAM::Role" or role.startswith("IamRoleCustomResources"):  # osls' own, for the notification
            continue
        for policy in resource["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Deny":
                    continue
                actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
                assert "*" not in "".join(actions), statement
                assert statement["Resource"] != "*", statement


@pytest.mark.parametrize("role", ["OnLogRole", "OnSweepRole", "OnBackfillRole"])
def test_what_counts_may_neither_read_nor_make_tokens(template: dict[str, Any], role: str) -> None:
    (policy,) = template["Resources"][role]["Properties"]["Policies"]
    denied = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Deny"]

    assert denied == [
        {
            "Sid": "LeaveTokens", "Effect": "Deny", "Action": "dynamodb:*", "Resource": {"Fn::GetAtt": ["PageViews", "Arn"]},
            "Condition": {"ForAnyValue:StringEquals": {"dynamodb:LeadingKeys": [TOKENS]}},
        }
    ]  # fmt: skip


def test_the_api_logs_who_asked_what_without_what_may_be_a_persons(template: dict[str, Any]) -> None:
    (stage,) = of_type(template, "AWS::ApiGatewayV2::Stage")
    logged = json.loads(stage["AccessLogSettings"]["Format"])

    assert {name: value.removeprefix("$context.") for name, value in logged.items()} == {
        "time": "requestTime", "request_id": "requestId", "method": "httpMethod", "path": "path", "status": "status",
        "bytes": "responseLength", "ms": "responseLatency", "error": "error.responseType",
    }  # fmt: skip
    assert stage["AccessLogSettings"]["DestinationArn"] == {"Fn::GetAtt": ["HttpApiLogGroup", "Arn"]}
    assert template["Resources"]["HttpApiLogGroup"]["Properties"]["RetentionInDays"] == 30


def test_how_many_calls_run_at_once_can_be_said(package: Path) -> None:
    some = template_of(osls_package(package, answersAtOnce="5", countsAtOnce="20"))

    reserved = {
        name: resource["Properties"].get("ReservedConcurrentExecutions")
        for name, resource in some["Resources"].items()
        if name.startswith("On") and resource["Type"] == "AWS::Lambda::Function"
    }
    none = {"Ref": "AWS::NoValue"}
    counts = {"Fn::If": ["CountsAreLimited", {"Ref": "CountsAtOnce"}, none]}
    assert reserved == {
        "OnRequestLambdaFunction": {"Fn::If": ["AnswersAreLimited", {"Ref": "AnswersAtOnce"}, none]},
        "OnLogLambdaFunction": counts, "OnBackfillLambdaFunction": counts, "OnSweepLambdaFunction": None,
        "OnNoticeLambdaFunction": None,
    }  # fmt: skip
    given = {name: each["Default"] for name, each in some["Parameters"].items()}
    assert (given["AnswersAtOnce"], given["CountsAtOnce"]) == ("5", "20")


def test_nothing_is_reserved_unless_it_is_said(template: dict[str, Any]) -> None:
    assert (template["Parameters"]["AnswersAtOnce"]["Default"], template["Parameters"]["CountsAtOnce"]["Default"]) == ("", "")


def test_the_table_is_asked_for_as_table_create_does(template: dict[str, Any], dynamodb: str) -> None:
    requests = Requests(f"compared-{uuid4().hex[:8]}", REGION, dynamodb, (KEPT.partition_key, KEPT.sort_key))
    asked: dict[str, Any] = {}
    requests.client.meta.events.register(
        "provide-client-params.dynamodb.*", lambda params, model, **_: asked.setdefault(model.name, dict(params))
    )
    create_table(requests)
    requests.client.close()
    table = template["Resources"]["PageViews"]
    made = table["Properties"]

    wanted = {name: value for name, value in asked["CreateTable"].items() if name != "TableName"}
    assert {name: made[name] for name in wanted} == wanted
    assert made["TimeToLiveSpecification"] == asked["UpdateTimeToLive"]["TimeToLiveSpecification"]
    assert made["PointInTimeRecoverySpecification"] == asked["UpdateContinuousBackups"]["PointInTimeRecoverySpecification"]
    assert set(made) == {*wanted, "TableName", "TimeToLiveSpecification", "PointInTimeRecoverySpecification"}
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
