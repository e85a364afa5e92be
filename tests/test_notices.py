"""A digest is delivered once per period, over each store: whatever fails, however often it is tried, whoever else tries."""

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from footfall.errors import ConfigError, DeliveryError
from footfall.functions import notices as functions
from footfall.notices import delivery
from footfall.settings.notices import read_notices

from .builders import ask, line, patched, run, says, write_log
from .conftest import REGION
from .webhook import HANG_UP, webhook

DAY = ("--period", "2026-10-20")
CALL = SimpleNamespace(aws_request_id="4711")


@pytest.fixture
def counted(here: Path, counts_in: str) -> str:
    """The URL of a store of each kind, with two views of a day."""
    write_log(here / "logs", [line(), line("about/index.html")])
    assert ask("import", "logs", "--store", counts_in).exit_code == 0
    return counts_in


def test_a_digest_is_delivered_once_though_its_webhook_fails_at_first(counted: str) -> None:
    with webhook(500, HANG_UP, 302) as hook, webhook() as another:
        sending = ("digest", *DAY, "--store", counted, "--webhook", hook.url)
        failed = [ask(*sending) for _ in range(3)]
        sent, again = ask(*sending), ask(*sending, "--json").json
        elsewhere = ask("digest", *DAY, "--store", counted, "--webhook", another.url, "--quiet")
        other_day = ask("digest", "--period", "2026-10-19", "--store", counted, "--webhook", hook.url, "--json").json

    for answer, words in zip(failed, ("answered 500", "gave no answer", "answered 302"), strict=True):
        says(answer, words, "127.0.0.1", "run it again", code=1)
        assert "secret" not in answer.stderr
    assert sent.stdout == "www.example.com: 2026-10-20: sent to 127.0.0.1\n"
    assert (again["sent"], other_day["sent"], elsewhere.stdout, len(another.received)) == (False, True, "", 1)
    assert len({each["id"] for each in hook.received[:4]}) == 1
    assert len(hook.received) == 5
    assert hook.received[4]["id"] != hook.received[3]["id"]
    delivered = hook.received[3]
    assert delivered["key"] == delivered["id"]
    answer = ask("digest", *DAY, "--store", counted, "--json").json
    assert {**delivered["digest"], "capacity": answer["capacity"]} == answer
    assert delivered["text"] + "\n" == ask("digest", *DAY, "--store", counted).stdout
    assert delivered["html"] + "\n" == ask("digest", *DAY, "--store", counted, "--html").stdout


def test_of_many_runs_at_once_one_delivers(counted: str) -> None:
    with webhook() as hook:
        command = ("digest", *DAY, "--store", counted, "--webhook", hook.url, "--json")
        with ThreadPoolExecutor(3) as runs:
            answers = list(runs.map(lambda _: run(*command).json["sent"], range(3)))

    assert sorted(answers) == [False, False, True]
    assert len(hook.received) == 1


def test_a_run_that_is_killed_after_sending_is_made_up_for_once_its_claim_has_lapsed(
    counted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies = patched("import os, footfall.notices.delivery as d; send = d.send\nd.send = lambda *a: (send(*a), os._exit(9))")
    with webhook() as hook:
        command = ("digest", *DAY, "--store", counted, "--webhook", hook.url)
        killed, held = run(*command, command=dies), ask(*command)
        monkeypatch.setattr(delivery, "LEASE_SECONDS", -1)
        sent, again = ask(*command), ask(*command)

    assert (killed.exit_code, "another run is sending it" in held.stdout) == (9, True)
    assert "sent to 127.0.0.1" in sent.stdout
    assert "already" in again.stdout
    assert [each["id"] for each in hook.received] == [hook.received[0]["id"]] * 2


def test_where_to_send_it_is_a_setting(counted: str) -> None:
    with webhook() as hook:
        to = {"FOOTFALL_DIGEST": f'{{ period = "day", to = "{hook.url}" }}'}
        sent = ask("digest", "--send", "--store", counted, "--json", env=to).json

    assert (sent["sent"], sent["to"]) == (True, "127.0.0.1")
    assert len(hook.received) == 1
    says(ask("digest", "--send", "--store", counted), "set its `to`, or give a --webhook", code=2)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("week", "digest:"),
        ({"every": "week"}, "no key 'every'; there are: period, to, alerts"),
        ({"period": "year"}, "no period 'year'; there are: day, week, month"),
        ({"to": "ftp://a.example/"}, "the URL of a webhook"),
        ({"to": "https://[::1/"}, "the URL of a webhook"),
        ({"to": "arn:aws:sqs:eu-west-1:1:q"}, "the ARN of an SNS topic"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(written: Any, words: str) -> None:
    with pytest.raises(ConfigError, match="digest") as refused:
        read_notices("digest", written)

    assert words in str(refused.value)


# In AWS


class Topic:
    """A topic of the emulator's, and a queue that gets what is published."""

    def __init__(self) -> None:
        import boto3

        self._queue = boto3.client("sqs", region_name=REGION)
        sns = boto3.client("sns", region_name=REGION)
        self._url = self._queue.create_queue(QueueName="digests")["QueueUrl"]
        asked = self._queue.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        self.arn = sns.create_topic(Name="digests")["TopicArn"]
        sns.subscribe(TopicArn=self.arn, Protocol="sqs", Endpoint=asked["Attributes"]["QueueArn"])

    def received(self) -> list[dict[str, Any]]:
        """What came since the last time."""
        found = self._queue.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages", [])
        for each in found:
            self._queue.delete_message(QueueUrl=self._url, ReceiptHandle=each["ReceiptHandle"])
        return [json.loads(each["Body"]) for each in found]


@pytest.fixture
def topic(aws: str, table_url: Callable[[], str], here: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Topic]:
    """A topic, and the settings of a function that publishes to it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    url, made = table_url(), Topic()
    write_log(here / "logs", [line(), line("about/index.html")])
    assert ask("import", "logs", "--store", url).exit_code == 0
    monkeypatch.setenv("FOOTFALL_STORE", url)
    monkeypatch.setenv("FOOTFALL_DIGEST", f'{{ period = "day", to = "{made.arn}" }}')
    functions._setup.cache_clear()
    yield made
    functions._setup.cache_clear()


def test_the_function_publishes_a_digest_once(topic: Topic, capsys: pytest.CaptureFixture[str]) -> None:
    event = {"period": "2026-10-20"}

    answers = [functions.on_notice(event, CALL), functions.on_notice(event, CALL)]

    assert answers == [{"digest": "sent"}, {"digest": "known"}]
    (mail,) = topic.received()
    assert mail["Subject"] == "www.example.com: 2026-10-20"
    assert mail["Message"] + "\n" == ask("digest", *DAY, "--store", os.environ["FOOTFALL_STORE"]).stdout
    logged = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert [each["status"] for each in logged] == ["sent", "known"]


def test_the_function_waits_for_the_logs_of_the_period_but_not_for_ever(topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.notices.digest.LATEST_SECONDS", 10 * 86_400)
    waiting = functions.on_notice({}, CALL)
    monkeypatch.setattr("footfall.notices.digest.LATEST_SECONDS", 0)
    late = functions.on_notice({}, CALL)

    assert (waiting, late) == ({}, {"digest": "sent"})
    assert "nothing was counted in this period" in topic.received()[0]["Message"]


def test_a_topic_that_is_not_there_is_an_error_with_a_remedy_and_can_be_tried_again(
    topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = {"period": "2026-10-20"}
    there = topic.arn
    monkeypatch.setenv("FOOTFALL_DIGEST", f'{{ to = "{there}-not" }}')
    functions._setup.cache_clear()
    with pytest.raises(DeliveryError, match="no such topic"):
        functions.on_notice(event, CALL)
    monkeypatch.setenv("FOOTFALL_DIGEST", f'{{ to = "{there}" }}')
    functions._setup.cache_clear()

    assert functions.on_notice(event, CALL) == {"digest": "sent"}
