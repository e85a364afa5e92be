"""Which file a log file is, in any format: growing, renamed, packed, copied, joined, or no log at all."""

import bz2
import gzip
import io
import json
import lzma
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.pipeline import parts, workers

from .builders import CHROME, SITE, account_adds_up, ask, counts, line, name, says, write_log
from .conftest import trials

pytestmark = pytest.mark.usefixtures("here")


def access(page: str = "/a.html", second: int = 0, agent: str = CHROME) -> bytes:
    """A line of a web server's log, which has no id of its own."""
    return f'198.51.100.7 - - [20/Oct/2026:08:00:{second:02} +0000] "GET {page} HTTP/1.1" 200 2048 "-" "{agent}"\n'.encode()


def views() -> dict[str, int]:
    return {page: times for (page, _), times in counts().items()}


# --- logs without ids ---


def test_equal_lines_of_a_log_without_ids_are_as_many_requests(here: Path) -> None:
    (here / "access.log").write_bytes(access() * 3 + access("/b.html"))

    ask("import", "access.log")

    assert views() == {"a.html": 3, "b.html": 1}


def test_a_log_that_grows_is_read_on_from_where_it_ended(here: Path) -> None:
    log = here / "access.log"
    log.write_bytes(access() * 2)
    ask("import", "access.log")
    for _ in range(2):
        log.write_bytes(log.read_bytes() + access() + access("/b.html"))
        answer = ask("import", "access.log", "--json")
        assert (answer.json["lines"], answer.json["views"], answer.json["files"]) == (2, 2, {"new": 1, "known": 0})

    again = ask("import", "access.log", "--json")

    assert views() == {"a.html": 4, "b.html": 2}
    assert again.json["files"] == {"new": 0, "known": 1}
    assert ask("status", "--json").json["files"] == 1


@pytest.mark.parametrize("kept", [0, 20, 60])
def test_a_line_that_was_cut_when_it_was_counted_counts_once(here: Path, kept: int) -> None:
    log, cut = here / "access.log", access("/b.html").rstrip()
    log.write_bytes(access() + cut[:-kept] if kept else access() + cut)
    first = ask("import", "access.log", "--json").json
    log.write_bytes(access() + cut + b"\n" + access("/c.html"))

    ask("import", "access.log")

    assert first["unreadable"] == bool(kept)
    assert views() == {"a.html": 1, "b.html": 1, "c.html": 1}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_copies_of_a_log_count_once_under_any_name_and_packed(here: Path, jobs: str) -> None:
    content = access() * 2 + access("/b.html")
    (here / "logs").mkdir()
    (here / "logs" / "access.log.1").write_bytes(content)
    (here / "logs" / "access.log.2.gz").write_bytes(gzip.compress(content))
    (here / "logs" / "copy").write_bytes(content)

    answer = ask("import", "logs", "--jobs", jobs, "--json")
    (here / "logs" / "late.gz").write_bytes(gzip.compress(content))
    again = ask("import", "logs", "--jobs", jobs, "--json")

    assert answer.json["files"] == {"new": 1, "known": 2}
    assert again.json["files"] == {"new": 0, "known": 4}
    assert views() == {"a.html": 2, "b.html": 1}


def test_a_linked_folder_is_read_once_and_a_loop_does_no_harm(here: Path) -> None:
    write_log(here / "archive" / "2025", [line(request_id="1" * 16)], name(1))
    write_log(here / "logs" / "2026", [line(request_id="2" * 16)], name(2))
    for link, target in {"2025": "../archive/2025", "old": "../archive/2025", "loop": "../logs"}.items():
        (here / "logs" / link).symlink_to(target)

    answer = ask("import", "logs", "--json")

    assert (answer.json["views"], answer.json["files"]) == (2, {"new": 2, "known": 0})


@pytest.mark.parametrize("source", ["logs", "logs/*"])
def test_a_link_that_leads_nowhere_is_named_once_and_the_other_files_count(here: Path, source: str) -> None:
    write_log(here / "logs", [line()], name(1))
    (here / "logs" / "2025").symlink_to("../another-disk/2025")

    answer = ask("import", source)

    says(answer, "logs/2025: is a link to ../another-disk/2025, which does not exist", "fix or remove the link", code=1)
    assert answer.stdout == "1 line: 1 view; 1 new file, 0 known\n"


@pytest.mark.parametrize("pattern", ["logs/*", "logs/**", "logs/20*"])
def test_a_folder_that_a_glob_matches_is_read_as_one_that_is_named(here: Path, pattern: str) -> None:
    write_log(here / "logs" / "2025" / "below", [line(request_id="1" * 16)], name(1))
    write_log(here / "logs", [line(request_id="2" * 16)], name(2))

    answer = ask("import", pattern, "--json")

    assert (answer.json["views"], answer.json["files"]) == (2, {"new": 2, "known": 0})


def test_an_earlier_copy_of_a_log_that_has_grown_adds_nothing(here: Path) -> None:
    (here / "access.log").write_bytes(access() + access("/b.html", 1) + access("/b.html", 1))
    (here / "backup.log").write_bytes(access() + access("/b.html", 1))

    ask("import", "access.log")
    answer = ask("import", "backup.log", "--json")

    assert (answer.exit_code, answer.json["views"], answer.json["dropped"]["duplicate"]) == (0, 0, 2)
    assert views() == {"a.html": 1, "b.html": 2}


def test_two_logs_that_begin_with_the_same_line_are_both_counted(here: Path) -> None:
    (here / "logs").mkdir()
    for number, page in enumerate(("/b.html", "/c.html", "/d.html"), 1):
        (here / "logs" / f"{number}.log").write_bytes(access() + access(page, number))

    first = ask("import", "logs", "--json")
    again = ask("import", "logs", "--json")

    assert (first.exit_code, first.json["files"]) == (0, {"new": 3, "known": 0})
    assert again.json["files"] == {"new": 0, "known": 3}
    assert {page: times for page, times in views().items() if page != "a.html"} == {"b.html": 1, "c.html": 1, "d.html": 1}


@settings(max_examples=trials(15), deadline=None)
@given(
    lines=st.lists(st.integers(0, 3), min_size=1, max_size=30), ends=st.lists(st.integers(0, 30), max_size=5),
    part_bytes=st.sampled_from([1, 300, 1 << 20]), is_packed=st.booleans(),
)  # fmt: skip
def test_however_a_log_has_grown_its_lines_count_once(
    tmp_path_factory: pytest.TempPathFactory, lines: list[int], ends: list[int], part_bytes: int, is_packed: bool
) -> None:
    folder = tmp_path_factory.mktemp("grown")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(parts, "PART_BYTES", part_bytes)
        for end in [*sorted(ends), len(lines)]:
            content = b"".join(access(f"/{page}.html", page) for page in lines[:end])
            (folder / "access.log").write_bytes(gzip.compress(content) if is_packed else content)
            answer = ask("import", "access.log", "--json")
            assert answer.exit_code == 0
            assert account_adds_up(answer.json)
        assert views() == {f"{page}.html": lines.count(page) for page in set(lines)}


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_explain_shows_the_id_under_which_a_record_without_one_is_stored(here: Path, newline: bytes) -> None:
    content = (access() + b"\n" + access("/logo.png") + access("/b.html", 7)).replace(b"\n", newline)
    (here / "access.log").write_bytes(content)
    ask("import", "access.log")

    explained = [json.loads(each) for each in ask("explain", "access.log", "--json").stdout.splitlines()]

    with closing(sqlite3.connect("footfall.db")) as store:
        stored = store.execute("SELECT request_id FROM views ORDER BY time").fetchall()
    assert [(each["view"]["request_id"],) for each in explained if each["view"]] == stored


# --- logs whose head says how they are read ---


def edge(page: str, number: int, fields: Sequence[str]) -> bytes:
    """A record of CloudFront's log that has these fields, in this order."""
    values = {
        "date": "2026-10-20", "time": f"08:00:{number % 60:02}", "cs-method": "GET", "cs-uri-stem": page, "sc-status": "200",
        "x-host-header": SITE, "x-edge-request-id": f"id{number}==", "sc-content-type": "text/html",
        "cs(User-Agent)": CHROME.replace(" ", "%20"),
    }  # fmt: skip
    return "\t".join(values[field] for field in fields).encode() + b"\n"


FIELDS = (
    "date", "time", "cs-method", "cs-uri-stem", "sc-status", "x-host-header", "x-edge-request-id", "sc-content-type",
    "cs(User-Agent)",
)  # fmt: skip


@settings(max_examples=trials(12), deadline=None)
@given(
    runs=st.lists(st.tuples(st.permutations(FIELDS), st.integers(0, 12)), min_size=1, max_size=4),
    part_bytes=st.sampled_from([200, 1500, 1 << 20]), jobs=st.sampled_from(["1", "2"]),
)  # fmt: skip
def test_joined_files_are_read_by_the_head_before_each_line_wherever_a_part_begins(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[Sequence[str], int]], part_bytes: int, jobs: str
) -> None:
    folder, number, content = tmp_path_factory.mktemp("joined"), 0, b""
    for fields, lines in runs:
        content += b"#Version: 1.0\n#Fields: " + " ".join(fields).encode() + b"\n"
        content += b"".join(edge(f"/{each % 3}", number + each, fields) for each in range(lines))
        number += lines
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(parts, "PART_BYTES", part_bytes)
        patch.setattr(workers, "WORTH_BYTES", 1)
        (folder / "edge.log").write_bytes(content)

        answer = ask("import", "edge.log", "--jobs", jobs, "--json")

        assert (answer.exit_code, answer.json["lines"], answer.json["views"]) == (0, number, number)


def test_the_same_request_in_two_files_of_other_fields_is_one_view(here: Path) -> None:
    (here / "logs").mkdir()
    for name_of_file, fields in (("a.log", FIELDS), ("b.log", FIELDS[::-1])):
        content = b"#Fields: " + " ".join(fields).encode() + b"\n" + edge("/a", 1, fields)
        (here / "logs" / name_of_file).write_bytes(content)
    (here / "joined.log").write_bytes((here / "logs" / "a.log").read_bytes() + (here / "logs" / "b.log").read_bytes())

    answer = ask("import", "logs", "joined.log", "--json")

    assert (answer.json["lines"], answer.json["views"], answer.json["dropped"]["duplicate"]) == (3, 1, 2), "a.log has grown"
    assert views() == {"a": 1}


# --- several formats ---


def test_a_folder_with_several_formats_is_read_in_one_go(here: Path) -> None:
    write_log(here / "logs", [line()], name(1))
    (here / "logs" / "access.log").write_bytes(access())

    answer = ask("import", "logs", "--site", SITE, "--json")

    assert (answer.json["views"], answer.json["files"]["new"]) == (2, 2)
    assert views() == {"blog/a": 1, "a.html": 1}


def test_a_log_that_names_no_site_is_refused_by_its_place_beside_one_that_does(here: Path) -> None:
    write_log(here / "logs", [line()], name(1))
    (here / "logs" / "access.log").write_bytes(access())

    answer = ask("import", "logs")

    assert answer.exit_code == 1
    for word in ("logs/access.log", "a second site", f'sites = ["{SITE}"]', "new --store"):
        assert word in answer.stderr


def test_the_format_that_is_set_is_the_only_one_that_is_read(here: Path) -> None:
    (here / "access.log").write_bytes(access())

    answer = ask("import", "access.log", "--format", "s3")

    says(answer, "access.log: its format is combined (Combined access log), not s3", 'set format = "auto"', code=1)


def test_a_head_without_a_record_below_it_is_refused_by_its_format(here: Path) -> None:
    (here / "E2.log").write_text("#Version: 1.0\n#Fields: date time cs-method cs-uri-stem sc-status\n2022-10-20\t08:49\n")

    answer = ask("import", "E2.log")

    told = "E2.log: its format is cloudfront (CloudFront standard log) by its first lines, but none of its lines is a record"
    says(answer, told, "footfall explain", code=1)
    assert ask("status", "--json").json["lines"] == 0


@pytest.mark.parametrize("other", ["{distributionid}", "{DistributionId}"])
def test_names_that_differ_in_capitals_only_have_one_column(here: Path, other: str) -> None:
    for number, field in enumerate(("{DistributionId}", other)):
        item = f'PageName = "{{page}}"\nSortKey = "{{epoch}}"\nFrom = "{field}"\n'
        (here / "footfall.toml").write_text(f"[item]\n{item}")
        write_log(here / "logs", [line()], name(number))
        assert ask("import", "logs").exit_code == 0

    assert counts() == {("blog/a", "2026-10-20"): 2}


# --- what is not a log ---


def tar(content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        info = tarfile.TarInfo("access.log")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("access.log", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("pack", "words"),
    [
        (bz2.compress, ("bzip2", "bunzip2")),
        (lzma.compress, ("xz", "unxz")),
        (lambda content: b"\x28\xb5\x2f\xfd" + content, ("zstd", "unzstd")),
        (zipped, ("zip", "unzip")),
        (tar, ("tar archive", "tar xf")),
        (lambda content: gzip.compress(tar(content)), ("tar archive", "tar xf")),
        (lambda content: gzip.compress(gzip.compress(content)), ("gzip", "gunzip")),
        (lambda content: lzma.compress(content, lzma.FORMAT_ALONE), ("lzma", "unlzma")),
        (lambda content: b"\x1f\x9d\x90" + content, ("compress", "uncompress")),
        (lambda content: b"LZIP\1" + content, ("lzip", "lzip -d")),
        (lambda content: b"Rar!\x1a\x07\1\0" + content, ("RAR", "unrar")),
        (lambda content: b"\xff\x06\0\0sNaPpY" + content, ("snappy",)),
        (lambda content: b"PAR1" + content, ("Parquet",)),
        (lambda content: b"%PDF-1.7\n" + content, ("PDF",)),
        (lambda content: content.decode().encode("utf-32"), ("UTF-32", "iconv -f UTF-32")),
        (lambda content: content.decode().encode("utf-32-be"), ("UTF-32", "iconv -f UTF-32")),
        (lambda content: content.decode().encode("utf-16"), ("UTF-16", "iconv")),
        (lambda content: content.decode().encode("utf-16-le"), ("UTF-16", "iconv")),
        (lambda content: content.replace(b"\n", b"\r"), ("carriage return", "tr '\\r' '\\n'")),
        (lambda content: content[:-1].replace(b"\n", b"\r") + b"\n", ("carriage return", "tr '\\r' '\\n'")),
        (lambda _: b"<!DOCTYPE html>\n<html><title>404</title></html>\n", ("HTML", "download")),
        (lambda _: b"\n\n<HTML><BODY>Forbidden</BODY></HTML>", ("HTML", "download")),
        (lambda _: b'{"message": "Forbidden"}', ("a JSON error", "download")),
        (lambda _: b"<?xml version='1.0'?>\n<Error><Code>AccessDenied</Code></Error>\n", ("XML", "download")),
        (lambda _: b'{"Records":[{"eventVersion":"1.08"}]}\n', ("CloudTrail",)),
        (lambda _: b"https 2026-10-20T08:00:00.000000Z app/web/50dc6c495c0c9188 198.51.100.7:2817\n", ("load balancer",)),
        (lambda _: b"2026/10/20 08:00:00 [error] 12#12: *1 open() failed\n", ("error log", "access log")),
        (lambda _: b"notes\n", ("none of its lines",)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("file_name", ["some.log", name(1)])
def test_what_is_no_log_is_refused_by_what_it_is(
    here: Path, pack: Callable[[bytes], bytes], words: tuple[str, ...], file_name: str
) -> None:
    (here / "logs").mkdir()
    (here / "logs" / file_name).write_bytes(pack(access() * 5))

    says(ask("import", "logs"), file_name, *words, code=1)

    assert ask("status", "--json").json["files"] == 0


def test_zeros_that_a_crash_left_at_the_beginning_are_no_other_encoding(here: Path) -> None:
    (here / "some.log").write_bytes(bytes(5000) + line() + b"\n" + line() + b"\n")

    account = ask("import", "some.log", "--json").json

    assert (account["lines"], account["views"]) == (2, 2)


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_entered_and_read_when_it_has_grown(here: Path, content: bytes) -> None:
    write_log(here / "logs", [], name(1))
    (here / "logs" / name(1)).write_bytes(content)
    first = ask("import", "logs", "--json")
    (here / "logs" / name(1)).write_bytes(content + line() + b"\n")

    ask("import", "logs")

    assert (first.exit_code, first.json["lines"]) == (0, 0)
    assert counts() == {("blog/a", "2026-10-20"): 1}


# --- what the owner should know ---


def test_the_import_says_when_most_pages_look_like_clean_urls(here: Path) -> None:
    (here / "access.log").write_bytes(access("/about") * 3 + access("/a.html"))

    says(ask("import", "access.log"), "3 requests for names without an extension", "clean_urls = true", code=0)
    assert "clean_urls" not in ask("import", "access.log", "--clean-urls", "true", "--store", "sqlite:b.db").stderr


def test_feeds_and_interfaces_are_no_pages_though_they_have_no_ending_either(here: Path) -> None:
    asked = ("/about", "/docs/api", "/feed", "/blog/Feed", "/api/likes", "/graphql", "/feeds")
    (here / "access.log").write_bytes(b"".join(map(access, asked)))

    ask("import", "access.log", "--clean-urls", "true")

    assert views() == {"about": 1, "docs/api": 1, "feeds": 1}


def test_the_import_says_when_most_pages_look_like_an_app_s(here: Path) -> None:
    missing = access("/inbox").replace(b'" 200 ', b'" 404 ')
    (here / "access.log").write_bytes(missing * 3 + access("/a.html"))

    says(ask("import", "access.log"), "3 requests for names without an extension", "single_page_app = true", code=0)
    answer = ask("import", "access.log", "--single-page-app", "true", "--store", "sqlite:b.db", "--json")
    assert (answer.json["views"], answer.stderr) == (4, "")


@pytest.mark.parametrize(
    "fetched",
    [
        line(agent="Amazon CloudFront"),
        line(requester="svc:cloudfront.amazonaws.com", agent="-", operation="REST.GET.OBJECT"),
        line(requester="arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1", operation="REST.GET.OBJECT"),
    ],
)
def test_what_cloudfront_fetched_is_no_view_and_the_import_says_where_the_readers_are(here: Path, fetched: bytes) -> None:
    write_log(here / "logs", [line(), fetched, line(agent="Amazon CloudFront/2 (a person's)")])

    answer = ask("import", "logs", "--json")

    assert answer.json["dropped"]["cdn"] == 1
    says(answer, "1 line is a request of CloudFront", "its own logs", "docs/how-to/cloudfront.md", code=0)


# --- known files ---


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_file_that_is_known_by_name_and_size_is_not_opened(here: Path, suffix: str, jobs: str) -> None:
    packed = gzip.compress if suffix else bytes
    (here / "logs").mkdir()
    for number in range(1, 121):
        (here / "logs" / f"{name(number)}{suffix}").write_bytes(packed(line(f"p{number}/") + b"\n"))
    ask("import", "logs")
    one = here / "logs" / f"{name(7)}{suffix}"
    one.write_bytes(bytes(one.stat().st_size))

    again = ask("import", "logs", "--jobs", jobs, "--json")
    verified = ask("import", "logs", "--jobs", jobs, "--verify", "--json")

    assert (again.exit_code, again.json["files"]) == (0, {"new": 0, "known": 120})
    assert (verified.exit_code, json.loads(verified.stdout)["files"]) == (1, {"new": 0, "known": 119})
    assert name(7) in verified.stderr


def test_a_known_file_of_another_size_is_opened(here: Path) -> None:
    first = line("a/")
    log = write_log(here, [first])
    ask("import", log.name)
    write_log(here, [first, line("b/")])

    answer = ask("import", log.name, "--json")

    assert (answer.json["files"], answer.json["views"]) == ({"new": 1, "known": 0}, 1)


def test_a_packed_copy_of_a_known_file_is_opened_and_known(here: Path) -> None:
    log = write_log(here, [line("a/")])
    ask("import", log.name)
    (here / f"{log.name}.gz").write_bytes(gzip.compress(log.read_bytes()))

    assert ask("import", f"{log.name}.gz", "--json").json["files"] == {"new": 0, "known": 1}
