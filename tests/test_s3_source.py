"""Logs in a bucket: found by prefix, read to their ends whatever breaks, and a remedy for whatever S3 says."""

import gzip
import os
import pickle
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from footfall.errors import LogGone, SourceError
from footfall.sources import find_logs, s3
from footfall.sources.local import read_blocks

from .builders import ask, counts, line, name, patched, run, says
from .conftest import Bucket, free_port
from .relay import relay

pytestmark = pytest.mark.usefixtures("here")


def content(source: str) -> bytes:
    (file,) = find_logs(source)
    return b"".join(read_blocks(file))


# What is found and read


def test_every_object_below_a_prefix_is_a_log_file_by_its_name(bucket: Bucket) -> None:
    bucket.put(f"logs/blog/{name(2)}", [line()])
    bucket.put(f"logs/{name(1)}.gz", gzip.compress(line()))
    bucket.put("logs/", b"")
    bucket.put(f"other/{name(3)}", [line()])

    found = [(file.name, file.place) for file in find_logs(bucket.url("logs/"))]

    assert found == [(name(1), bucket.url(f"logs/{name(1)}.gz")), (name(2), bucket.url(f"logs/blog/{name(2)}"))]


def test_more_objects_than_one_answer_lists_are_all_found(bucket: Bucket) -> None:
    for number in range(1005):
        bucket.put(f"logs/{name(number)}", b"")

    assert len(list(find_logs(bucket.url("logs/")))) == 1005


def list_fewer(patch: pytest.MonkeyPatch) -> None:
    """From now on an answer lists 200 objects: to make more than the usual 1,000 takes seconds."""
    patch.setattr("footfall.sources.prefetch.SEARCH_BATCH_FILES", 200)
    s3.client().meta.events.register("provide-client-params.s3.ListObjectsV2", lambda params, **_: params.update(MaxKeys=200))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_objects_are_read_before_all_are_listed(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, jobs: str) -> None:
    for number in range(205):
        bucket.put(f"logs/{name(number)}", [line(f"p{number % 7}/")])
    listings, read = count(), threading.Event()
    early: list[bool] = []

    def meet(_: int, when: str, answer: bytes) -> None:
        if line()[:40] in answer:
            read.set()
        elif b"<ListBucketResult" in answer and next(listings) == 1:
            early.append(read.wait(60))  # else the rest of the listing does not come

    with relay(bucket.client.meta.endpoint_url, meet) as between:
        monkeypatch.setenv("AWS_ENDPOINT_URL", between.endpoint)
        s3._client.cache_clear()
        list_fewer(monkeypatch)
        told = ask("import", bucket.url("logs/"), "--jobs", jobs, "--json").json

    assert early == [True]
    assert (told["files"], told["views"]) == ({"new": 205, "known": 0}, 205)


def test_what_was_listed_before_the_listing_broke_off_is_counted(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(205):
        bucket.put(f"logs/{name(number)}", [line()])
    listings = count()

    def meet(_: int, when: str, answer: bytes) -> bytes | None:
        return b"<" if b"<ListBucketResult" in answer and next(listings) else None

    with relay(bucket.client.meta.endpoint_url, meet) as between:
        monkeypatch.setenv("AWS_ENDPOINT_URL", between.endpoint)
        monkeypatch.setattr(s3, "ATTEMPTS", 1)
        s3._client.cache_clear()
        list_fewer(monkeypatch)
        answer = ask("import", bucket.url("logs/"), "--json")

    says(answer, bucket.url("logs/"), "run it again", code=1)
    assert '"new": 200' in answer.stdout


def test_an_import_from_a_bucket_counts_as_one_from_a_folder(bucket: Bucket) -> None:
    bucket.put(f"logs/{name(1)}", [line(), line("about/index.html")])
    bucket.put(f"logs/a b+c/{name(2)}.gz", gzip.compress(line() + b"\n"))

    first = ask("import", bucket.url("logs/"), "--json").json
    again = ask("import", bucket.url("logs/"), "--json").json

    assert (first["files"], first["views"]) == ({"new": 2, "known": 0}, 3)
    assert (again["files"], again["views"]) == ({"new": 0, "known": 2}, 0)
    assert ask("pages", "--json").rows == {"blog/a": 2, "about": 1}


def test_a_file_is_known_by_its_name_wherever_it_lies(bucket: Bucket, tmp_path: Path) -> None:
    record = line() + b"\n"
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / name(1)).write_bytes(record)
    bucket.put(f"logs/{name(1)}.gz", gzip.compress(record))
    ask("import", "copies")

    assert ask("import", bucket.url(), "--json").json["files"] == {"new": 0, "known": 1}


def test_a_log_file_travels_to_another_process(bucket: Bucket) -> None:
    bucket.put(name(1), b"one line\n")
    (file,) = find_logs(bucket.url())

    assert pickle.loads(pickle.dumps(file)).open().read() == b"one line\n"  # noqa: S301 - our own


def test_a_fork_has_a_client_of_its_own(bucket: Bucket) -> None:
    ours, (reading, writing) = s3.client(), os.pipe()

    if not os.fork():
        os.write(writing, b"same" if s3.client() is ours else b"its own")
        os._exit(0)
    os.wait()

    assert os.read(reading, 10) == b"its own"


# What breaks


@contextmanager
def breaking(bucket: Bucket, breaks: int, meanwhile: Callable[[], object] = bool) -> Iterator[list[int]]:
    """Answers with so many large objects break off after half of what they should send; the lengths of what came."""
    broken: list[int] = []

    def meet(_: int, when: str, content: bytes) -> bytes | None:
        if when == "before" or len(content) < 100_000 or len(broken) == breaks:
            return None
        broken.append(len(content) // 2)
        meanwhile()
        return content[: len(content) // 2]

    with pytest.MonkeyPatch.context() as patch, relay(bucket.client.meta.endpoint_url, meet) as between:
        patch.setenv("AWS_ENDPOINT_URL", between.endpoint)
        s3._client.cache_clear()
        yield broken


def test_a_connection_that_breaks_is_taken_up_where_it_broke(bucket: Bucket) -> None:
    whole = b"".join(line(total_time=number) + b"\n" for number in range(3000))
    bucket.put(name(1), whole)

    with breaking(bucket, 3) as broken:
        read = content(bucket.url())

    assert read == whole
    assert len(broken) == 3


def test_an_object_that_is_written_anew_meanwhile_is_not_mixed_of_both(bucket: Bucket) -> None:
    bucket.put(name(1), b"old\n" * 100_000)

    with breaking(bucket, 1, lambda: bucket.put(name(1), b"new\n" * 100_000)), pytest.raises(SourceError, match="overwritten"):
        content(bucket.url())


def test_one_that_breaks_ever_again_is_told(bucket: Bucket) -> None:
    bucket.put(name(1), b"x" * 50_000_000)

    with breaking(bucket, 100), pytest.raises(SourceError, match="run it again"):
        content(bucket.url())


def test_an_object_that_is_deleted_after_it_was_listed_is_gone(bucket: Bucket) -> None:
    bucket.put(name(1), [line()])
    bucket.put(name(2), [line()])
    gone, there = find_logs(bucket.url())
    bucket.delete(name(1))

    with pytest.raises(LogGone, match="deleted in the meantime"):
        gone.open()
    assert there.open().read()


def test_a_gzip_object_that_is_cut_short_is_told_and_others_go_on(bucket: Bucket) -> None:
    bucket.put(f"{name(1)}.gz", gzip.compress(line() * 1000)[:-20])
    bucket.put(name(2), [line()])

    answer = ask("import", bucket.url(), "--json")

    says(answer, bucket.url(f"{name(1)}.gz"), "cut short or damaged", code=1)
    assert '"new": 1' in answer.stdout


# What S3 says, and what to do


def test_a_prefix_that_nothing_begins_with(bucket: Bucket) -> None:
    says(ask("import", bucket.url("nowhere/")), bucket.url("nowhere/"), "no object's key begins with this", "aws s3 ls", code=1)


def test_a_bucket_that_is_not_there(bucket: Bucket) -> None:
    says(
        ask("import", "s3://no-such-bucket-of-ours/logs/"),
        "s3://no-such-bucket-of-ours/logs/",
        "no bucket with this name",
        code=1,
    )


def test_a_url_without_a_bucket() -> None:
    says(ask("import", "s3:///logs"), "does not name a bucket", "s3://bucket/prefix", code=1)


def test_a_name_that_no_bucket_can_have(bucket: Bucket) -> None:
    says(ask("import", "s3://a b/logs"), "write s3://bucket/prefix", code=1)


def test_nobody_answers(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(s3, "ATTEMPTS", 1)
    s3._client.cache_clear()

    says(ask("import", bucket.url()), bucket.url(), "cannot be reached", "AWS_ENDPOINT_URL", code=1)


def test_nobody_is_signed_in(bucket: Bucket) -> None:
    env = {
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
        "AWS_CONFIG_FILE": "none",
        "AWS_SHARED_CREDENTIALS_FILE": "none",
    }

    says(run("import", bucket.url(), env=env), bucket.url(), "no AWS credentials were found", "aws configure", code=1)


def test_a_machine_without_boto3() -> None:
    without = patched("sys.modules['boto3'] = sys.modules['botocore'] = None")

    says(run("import", "s3://logs/", command=without), "s3://logs/", "pip install 'footfall[aws]'", code=1)


# Sweeping


def test_a_sweep_counts_what_the_ledger_lacks_and_opens_nothing_else(bucket: Bucket) -> None:
    bucket.put(f"logs/{name(1)}", [line()])
    ask("import", bucket.url("logs/"))
    bucket.put(f"logs/{name(1)}", b"whoever opens it finds other content, and says so")
    bucket.put(f"logs/{name(2)}", [line("late/index.html")])
    bucket.put("logs/readme.txt", b"no log file")

    answer = ask("sweep", bucket.url("logs/"), "--json")

    assert (answer.json["files"], answer.json["views"]) == ({"new": 1, "known": 1}, 1)
    assert "1 skipped" in answer.stderr


def test_what_lies_in_an_archive_is_said_once_and_not_asked_for(bucket: Bucket) -> None:
    for number, kept_as in enumerate(["GLACIER", "DEEP_ARCHIVE", "GLACIER_IR", "STANDARD"]):
        content = line(request_id=f"{number:016X}")
        bucket.client.put_object(Bucket=bucket.name, Key=f"logs/{name(number)}", Body=content, StorageClass=kept_as)

    imported, again = ask("import", bucket.url("logs/")), ask("sweep", bucket.url("logs/"))

    assert counts() == {("blog/a", "2026-10-20"): 2}
    for answer in (imported, again):
        assert answer.exit_code == 0
        assert answer.stderr.startswith("2 skipped: they are archived in S3 (Glacier); to count them, restore them")
        assert answer.stderr.count("\n") == 1


def test_a_sweep_knows_what_was_counted_before_it_was_archived(bucket: Bucket) -> None:
    content = line()
    bucket.put(f"logs/{name(1)}", content)
    ask("import", bucket.url("logs/"))
    bucket.client.put_object(Bucket=bucket.name, Key=f"logs/{name(1)}", Body=content, StorageClass="GLACIER")

    answer = ask("sweep", bucket.url("logs/"), "--json")

    assert (answer.json["files"]["known"], answer.stderr) == (1, "")


def test_many_small_objects_are_counted_by_many_processes_as_by_one(bucket: Bucket) -> None:
    for number in range(210):
        bucket.put(f"logs/{name(number)}", [line(f"p{number % 7}/")])

    together = run("import", bucket.url("logs/"), "--jobs", "2", "--store", "sqlite:together.db", "--json")
    alone = run("import", bucket.url("logs/"), "--jobs", "1", "--store", "sqlite:alone.db", "--json")

    assert together.json == alone.json
    assert (together.json["files"]["new"], together.json["views"]) == (210, 210)


def test_what_the_period_leaves_out_is_never_opened(bucket: Bucket) -> None:
    bucket.put(f"logs/{name(1, '2026-10-20')}", [line()])
    bucket.put(f"logs/{name(2, '2026-10-22')}", [line()])
    Path("logs").mkdir()
    Path("logs", name(3, "2026-10-22")).write_bytes(line())
    nothing_opens = patched(
        "from footfall.sources import local, s3\n"
        "def refuse(*_): sys.exit('opened')\n"
        "local._open = s3.open_object = s3.fetch_object = refuse\n"
    )

    left_out = ["import", bucket.url("logs/"), "logs", "--json", "--until", "2026-10-19"]
    none, one = run(*left_out, command=nothing_opens), run(*left_out[:-1], "2026-10-20", command=nothing_opens)

    assert none.json["files"] == {"new": 0, "known": 0}
    assert one.stderr == "opened\n"


def test_a_sweep_finds_the_logs_where_the_settings_say(bucket: Bucket) -> None:
    bucket.put(f"logs/{name(1)}", [line()])

    assert ask("sweep", "--json", env={"FOOTFALL_LOGS": bucket.url("logs/")}).json["views"] == 1


def test_a_table_is_not_swept() -> None:
    says(ask("sweep", "dynamodb:Table"), "dynamodb:Table is a table", "footfall import dynamodb:Table", code=2)


def test_a_sweep_of_nothing_in_particular() -> None:
    says(ask("sweep"), "nothing to sweep", "logs in footfall.toml", code=2)


@pytest.mark.parametrize("lost", ["is_last", "part = 0"])
def test_a_sweep_goes_on_in_a_file_that_is_counted_in_part(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    monkeypatch.setattr("footfall.pipeline.parts.PART_BYTES", 1000)
    bucket.put(name(1), [line() for _ in range(20)])
    ask("import", bucket.url())
    before = ask("status", "--json").json["views"]
    with sqlite3.connect("footfall.db") as database:  # as a crash would have left it
        database.execute(f"DELETE FROM files WHERE {lost}")

    assert before == 20
    assert ask("sweep", bucket.url(), "--json").json["files"] == {"new": 1, "known": 0}
    assert ask("sweep", bucket.url(), "--json").json["files"] == {"new": 0, "known": 1}


def test_a_setting_for_the_logs_that_is_no_source() -> None:
    says(ask("sweep", env={"FOOTFALL_LOGS": "gs://bucket"}), "FOOTFALL_LOGS", "s3://bucket/prefix", code=2)
