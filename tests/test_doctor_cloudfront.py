"""The doctor knows CloudFront's logs, and CloudFront in the logs of a bucket."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from .builders import EDGE_V2, as_json, as_w3c, ask, edge, edge_key, edge_name, line, name, write_log
from .conftest import Bucket
from .doctor import TODAY, findings, is_told, log_to, set_up


@pytest.fixture
def site(bucket: Bucket, here: Path) -> Bucket:
    return set_up(bucket, here)


FETCHES = {
    "website endpoint": {"agent": "Amazon CloudFront"},
    "origin access control": {"agent": "-", "requester": "svc:cloudfront.amazonaws.com", "remote_ip": "-"},
    "origin access identity": {
        "agent": "Amazon CloudFront",
        "requester": '"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1FOOTFALL42"',
    },
}
NOW = f"{datetime.now(UTC):%Y-%m-%d-%H}"


def put_edge(bucket: Bucket, key: str, content: bytes) -> str:
    return bucket.put(key, gzip.compress(content))


@pytest.mark.parametrize("fetch", FETCHES)
def test_a_site_behind_cloudfront(site: Bucket, bucket: Bucket, fetch: str) -> None:
    bucket.put(f"logs/{name(2, TODAY)}", [line(bucket=site.name, **FETCHES[fetch])])

    is_told(findings()["cloudfront"], "error", "1 of the newest 2", "CloudFront's own logs", "docs/how-to/cloudfront.md")


def test_a_bucket_of_another_name_that_only_cloudfront_reads(site: Bucket, bucket: Bucket) -> None:
    bucket.put(f"logs/{name(1, TODAY)}", [line(bucket="origin-of-the-site", **FETCHES["origin access control"])])

    found = findings()

    is_told(found["views"], "error", "1 other site", "your readers are in its own logs")
    is_told(found["cloudfront"], "error", "1 of the newest 1")


def test_cloudfronts_logs_beside_those_of_the_bucket(site: Bucket, bucket: Bucket) -> None:
    bucket.put(f"logs/{name(1, TODAY)}", [line(bucket=site.name, **FETCHES["origin access control"])])
    put_edge(bucket, f"logs/{edge_key(1, NOW)}", as_w3c([edge(x_host_header=site.name)]))
    ask("sweep")

    found = findings()

    assert {status for status, _ in found.values()} == {"ok"}, found
    is_told(found["formats"], "ok", "1 s3 (S3 server access log)", "1 cloudfront (CloudFront standard log)")
    is_told(found["cloudfront"], "ok", "1 of the newest 2", "own logs are here too")


def test_cloudfronts_logs_alone(site: Bucket, bucket: Bucket) -> None:
    log_to(site, "", "")
    bucket.delete(f"logs/{name(1, TODAY)}")
    put_edge(bucket, f"logs/cdn/{edge_name(1, NOW)}", as_w3c([edge(x_host_header=site.name)]))
    ask("sweep")

    found = findings()

    assert {status for status, _ in found.values()} == {"ok"}, found
    is_told(found["logging"], "ok", "not needed")
    is_told(found["arriving"], "ok", edge_name(1, NOW))


def test_the_newest_of_cloudfronts_logs_are_looked_at(here: Path) -> None:
    for number in range(30):
        write_log(here / "logs", [as_w3c([edge(cs_method="HEAD")])], edge_name(number, "2026-10-20-08", "EZZZZZZZZZZZ"))
    write_log(here / "logs", [as_w3c([edge()])], edge_name(1, NOW, "EAAAAAAAAAAA"))

    found = findings("--logs", "logs")

    is_told(found["arriving"], "ok", edge_name(1, NOW, "EAAAAAAAAAAA"))
    is_told(found["views"], "ok", "of the newest 20 lines 1 are views")


@pytest.mark.parametrize(
    ("lacks", "status", "words"),
    [
        ("cs-method", "error", ["it lacks cs-method", "nothing can be counted", "select it"]),
        ("cs(User-Agent)", "warning", ["bots cannot be told from people", "select it"]),
    ],
)
def test_cloudfronts_logs_lack_a_field(here: Path, lacks: str, status: str, words: list[str]) -> None:
    fields = [field for field in EDGE_V2 if field != lacks]
    write_log(here / "logs", [as_w3c([edge()], fields).rstrip()], edge_name(1, NOW))

    is_told(findings("--logs", "logs")["formats"], status, edge_name(1, NOW), *words)


def test_the_format_is_set_to_another_one(here: Path) -> None:
    write_log(here / "logs", [as_w3c([edge()]).rstrip()], edge_name(1, NOW))

    is_told(
        findings("--logs", "logs", env={"FOOTFALL_FORMAT": "s3"})["formats"],
        "error",
        "its format is cloudfront (CloudFront standard log), not s3",
        '= "auto"',
    )


def test_an_empty_log_file_is_of_no_format(here: Path) -> None:
    write_log(here / "logs", [], name(1, TODAY))

    assert "formats" not in findings("--logs", "logs")


def test_parquet_is_not_read(site: Bucket, bucket: Bucket) -> None:
    bucket.put(f"parquet/{edge_name(1, NOW).replace('.gz', '.parquet')}", b"PAR1...")
    bucket.put(f"disguised/{edge_name(1, NOW)}", b"PAR1...")

    is_told(findings("--logs", bucket.url("parquet/"))["arriving"], "error", "deliver W3C or JSON")
    is_told(findings("--logs", bucket.url("disguised/"))["formats"], "error", "a Parquet file", "as W3C or JSON")


def test_a_folder_of_files_without_documented_names(here: Path) -> None:
    write_log(here / "logs", [as_json([edge()]).rstrip()], "joined.json")

    found = findings("--logs", "logs")

    is_told(found["arriving"], "ok", "no file at logs", "footfall import counts them")
    is_told(found["formats"], "ok", "1 cloudfront")
    assert found["counted"][0] == "skipped"
