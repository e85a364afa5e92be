"""What is wrong with an unreadable line: each format says it in a few words, in `import` and in `explain`."""

import json
import re
from pathlib import Path

import pytest

from footfall.formats import FORMATS

from .builders import ask, edge, line, name, write_log

LOGS = Path(__file__).parent / "logs"
S3 = line("blog/a.html", agent="Firefox")
COMBINED = (
    b'198.51.100.7 - - [20/Oct/2022:10:49:42 +0200] "GET / HTTP/1.1" 200 21653 "https://news.example/" "Mozilla/5.0 (X11)"'
)
FIELDS = ["date", "time", "cs-method", "cs-uri-stem", "sc-status", "x-edge-request-id"]
HEADER = b"#Fields: " + " ".join(FIELDS).encode() + b"\n"
EDGE = "\t".join(edge()[field] for field in FIELDS).encode()
CADDY = b'{"ts": 1666255782.2, "request": {"method": "GET", "uri": "/"}, "status": 200}'


def cut(content: bytes, before: bytes) -> bytes:
    return content[: content.index(before)]


@pytest.mark.parametrize(
    ("log_format", "content", "why"),
    [
        ("s3", cut(S3, b'"GET'), "cut short after field 8 of 27"),
        ("s3", cut(S3, b' 200 '), "cut short after field 9 of 27"),
        ("s3", cut(S3, b' "Firefox'), "cut short after field 16 of 27"),
        ("s3", cut(S3, b"fox"), "cut short after field 16 of 27, within quotes"),
        ("s3", cut(S3, b"[20/"), "cut short after field 2 of 27"),
        ("s3", S3[:40], "cut short after field 1 of 27"),
        ("s3", cut(line(requester="arn:aws:iam::1:user/Origin Access Identity E1"), b'"GET'), "cut short after field 8 of 27"),
        ("s3", S3.replace(b"Oct", b"Okt"), "its time cannot be read: [20/Okt/2026:08:00:00 +0000]"),
        ("s3", S3.replace(b"+0000", b"+9900"), "its time cannot be read: [20/Oct/2026:08:00:00 +9900]"),
        ("s3", S3.replace(b" 2048 ", b" 2,048 ", 1), "field 12 (bytes_sent) is not a number: 2,048"),
        ("s3", S3[:200] + S3, "two records in one line"),
        ("s3", b"rubbish", ""),
        ("combined", cut(COMBINED, b" 200 "), "cut short after the request"),
        ("combined", cut(COMBINED, b" HTTP"), "cut short within the request, whose quote is not closed"),
        ("combined", cut(COMBINED, b' "Moz'), "cut short after the referrer"),
        ("combined", cut(COMBINED, b"(X11"), "cut short within the user agent, whose quote is not closed"),
        ("combined", cut(COMBINED, b" +0200"), "cut short within the time"),
        ("combined", COMBINED.replace(b"20/Oct", b"32/Oct"), "its time cannot be read: 32/Oct/2022:10:49:42 +0200"),
        ("combined", COMBINED.replace(b" 200 ", b" 2x0 "), "its status cannot be read: 2x0 21653"),
        ("combined", COMBINED.replace(b"- -", b"-"), "2 words before the time, in place of host, ident and user"),
        ("combined", b"2022/10/20 10:49:42 [error] 7#7: *1 open() failed", ""),
        ("combined", b"10.0.0.1, " + COMBINED, "a list of addresses in place of the host"),
        ("combined", COMBINED + b" " + COMBINED, "two records in one line"),
        ("cloudfront", cut(EDGE, b"\t200"), "4 values under a header of 6 fields"),
        ("cloudfront", EDGE.replace(b"\t200", b"\t2x0"), "sc-status is not a status: 2x0"),
        ("cloudfront", EDGE.replace(b"08:00:00", b"25:00:00"), "its time cannot be read: 2026-10-20 25:00:00"),
        ("cloudfront", b'{"date": "2026-10-20", "time', "not valid JSON at column 24"),
        ("cloudfront", b'{"date": "2026-10-20", "time": "08:00:00", "cs-method": "GET"}', "no key cs-uri-stem"),
        ("caddy", CADDY[:60], "not valid JSON at column 61"),
        ("caddy", b"web-1 | " + CADDY[:60], "not valid JSON at column 69"),
        ("caddy", CADDY.replace(b'"method"', b'"verb"'), "no key request.method"),
        ("caddy", CADDY.replace(b'"ts"', b'"time"'), "no key ts"),
        ("caddy", CADDY.replace(b"1666255782.2", b'"yesterday"'), "its time cannot be read: yesterday"),
        ("caddy", b"[1]", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line(log_format: str, content: bytes, why: str) -> None:
    reader = FORMATS[log_format].reader(HEADER if log_format == "cloudfront" else content)

    assert reader.parse(content) is None
    assert reader.why_unreadable(content).startswith(why)
    assert bool(reader.why_unreadable(content)) == bool(why)


@pytest.mark.parametrize("log_format", ["s3", "cloudfront", "combined", "caddy"])
def test_of_a_line_that_is_cut_short_its_format_says_where(log_format: str) -> None:
    content = (LOGS / f"{log_format}.log").read_bytes()
    reader = FORMATS[log_format].reader(content)
    whole = next(each for each in content.splitlines() if not reader.is_comment(each))

    shorter = [whole[:end] for end in range(len(whole) // 3, len(whole))]
    whys = [reader.why_unreadable(each) for each in shorter if reader.parse(each) is None]

    assert len(set(whys)) > 2
    assert [why for why in whys if not re.search("cut short (after|within)|values under a header|at column", why)] == []


def test_import_says_what_is_wrong_with_the_first_unreadable_lines(here: Path) -> None:
    write_log(here, [S3, cut(S3, b" 200 "), b"rubbish"])

    answer = ask("import", name(1))

    assert answer.stderr.splitlines() == [
        f"{name(1)}:2: unreadable: cut short after field 9 of 27", f"{name(1)}:3: unreadable: rubbish"
    ]  # fmt: skip


def test_what_is_wrong_is_said_by_the_header_that_is_in_force(here: Path) -> None:
    shorter = HEADER.replace(b" x-edge-request-id", b"")
    (here / "a.log").write_bytes(HEADER + EDGE + b"\n" + shorter + EDGE + b"\n")

    assert ask("import", "a.log").stderr.startswith("a.log:4: unreadable: 6 values under a header of 5 fields\n")
    assert ask("explain", "a.log").stdout.endswith("a.log:4: unreadable: 6 values under a header of 5 fields\n")


def test_explain_says_what_is_wrong_with_each(here: Path) -> None:
    write_log(here, [S3, cut(S3, b" 200 "), b"rubbish"])

    told = [json.loads(each) for each in ask("explain", name(1), "--json").stdout.splitlines()]

    assert [each["why"] for each in told] == [None, "cut short after field 9 of 27", None]
    assert f"{name(1)}:2: unreadable: cut short after field 9 of 27\n" in ask("explain", name(1)).stdout
    assert f"{name(1)}:3: unreadable: not a record of this format\n" in ask("explain", name(1)).stdout
