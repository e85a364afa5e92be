"""How CloudFront's records are read, whatever fields their owner selects and whatever stands in them."""

import json
import os
import random
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.cli.text import outcome_json
from footfall.digest import Start, make_digester
from footfall.formats import AUTO
from footfall.formats.base import BLANK, Reader, lines_of, value_of
from footfall.formats.cloudfront import CLOUDFRONT
from footfall.formats.cloudfront.listing import field_list
from footfall.formats.cloudfront.names import DOCUMENTED, LEGACY
from footfall.items import iso
from footfall.pageviews.counting import Counting
from footfall.records import Record, RecordId, Request
from footfall.sources.names import documented_name

# Cases from public reports are no part of this repository: they are found beside the checkout, or where this says.
CASES = Path(os.environ.get("FOOTFALL_TEST_CASES") or Path(__file__).parents[2] / "shared" / "cases")

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PLAIN = {
    "date": "2022-10-20", "time": "08:49:42", "x-edge-location": "FRA56-P4", "sc-bytes": "21653", "c-ip": "198.51.100.7",
    "cs-method": "GET", "cs(Host)": "d111111abcdef8.cloudfront.net", "cs-uri-stem": "/blog/a%2520b/", "sc-status": "200",
    "cs(Referer)": "https://news.example/", "cs(User-Agent)": AGENT.replace(" ", "%20"), "cs-uri-query": "utm_source=a%2520b",
    "cs(Cookie)": "-", "x-edge-result-type": "Hit", "x-edge-request-id": "kH8k_Z3oV-b9==", "x-host-header": "www.example.org",
    "cs-protocol": "https", "cs-bytes": "120", "time-taken": "0.002", "x-forwarded-for": "-", "ssl-protocol": "TLSv1.3",
    "ssl-cipher": "TLS_AES_128_GCM_SHA256", "x-edge-response-result-type": "Hit", "cs-protocol-version": "HTTP/2.0",
    "fle-status": "-", "fle-encrypted-fields": "-", "c-port": "40512", "time-to-first-byte": "0.002",
    "x-edge-detailed-result-type": "Hit", "sc-content-type": "text/html;%20charset=utf-8", "sc-content-len": "21270",
    "sc-range-start": "-", "sc-range-end": "-",
}  # fmt: skip
V2 = {**PLAIN, "timestamp(ms)": "1666255782417", "asn": "64500", "c-country": "DE", "cache-behavior-path-pattern": "*"}
REQUEST = Request(
    time=1666255782,
    hosts=("www.example.org", "d111111abcdef8.cloudfront.net"),
    method="GET",
    path="/blog/a b/",
    query="utm_source=a%20b",
    status=200,
    referrer="https://news.example/",
    user_agent=AGENT,
    remote_ip="198.51.100.7",
    content_type="text/html; charset=utf-8",
    bytes_sent=21653,
    record_id=RecordId("kH8k_Z3oV-b9=="),
)


def header(names: Any = PLAIN, delimiter: str = " ") -> bytes:
    return f"#Fields: {delimiter.join(names)}\n".encode()


def line(names: Any = PLAIN, **values: Any) -> bytes:
    """A W3C line; `sc_status="404"` is another value of a field, and `user_agent` of cs(User-Agent)."""
    return "\t".join(each for name, each in changed(values).items() if name in names).encode()


def json_line(names: Any = PLAIN, **values: Any) -> bytes:
    changes = changed(values)
    return json.dumps({name: changes[name] for name in names}, separators=(",", ":")).encode()


def changed(values: dict[str, Any]) -> dict[str, Any]:
    known = {"user_agent": "cs(User-Agent)", "referrer": "cs(Referer)", "host": "cs(Host)", "timestamp_ms": "timestamp(ms)"}
    return V2 | {known.get(name, name.replace("_", "-")): value for name, value in values.items()}


def read(content: bytes, head: bytes = header()) -> Record | None:
    return CLOUDFRONT.reader(head).parse(content)


def request(content: bytes, head: bytes = header()) -> Request:
    record = read(content, head)
    assert record is not None
    return record.request


def without(*names: str) -> list[str]:
    return [name for name in PLAIN if name not in names]


def test_a_record_is_told_in_the_words_of_http():
    assert request(line()) == REQUEST


def test_all_fields_are_documented_as_logged():
    record = read(line())

    assert record is not None
    logged = {name: None if value == "-" else value for name, value in PLAIN.items()}
    assert record.documented == dict.fromkeys(DOCUMENTED) | logged


@pytest.mark.parametrize("count", [12, 15, 18, 19, 23, 24, 26, 33])
def test_a_legacy_log_of_any_year_is_read_with_its_header_and_without(count):
    names = LEGACY[:count]

    with_header, without_header = request(line(names), header(names)), request(line(names), line(names))

    assert with_header == without_header
    assert (with_header.time, with_header.path, with_header.user_agent) == (REQUEST.time, REQUEST.path, AGENT)
    assert ("content_type" in with_header.unlogged) == (count < 33)
    assert with_header.site == ("www.example.org" if count > 15 else "d111111abcdef8.cloudfront.net")


@pytest.mark.parametrize("count", [1, 11, 13, 14, 27, 32])
def test_a_line_of_a_number_of_fields_that_no_log_had_is_damaged(count):
    assert read(line(LEGACY[:count]), b"") is None


def test_the_header_decides_on_order_and_selection():
    names = ["cs-uri-stem", "sc-status", "cs(User-Agent)", "date", "cs-method", "c-country", "time", "x-host-header"]
    content = "\t".join(V2[name] for name in names).encode()

    found = request(content, header(names))

    assert (found.time, found.path, found.status, found.user_agent) == (1666255782, "/blog/a b/", 200, AGENT)
    assert found.unlogged == {"query", "referrer", "remote_ip", "content_type", "bytes_sent", "record_id"}


@pytest.mark.parametrize("separator", ["\t", "  ", " \t"])
def test_names_of_a_header_are_separated_by_any_blanks(separator):
    assert request(line(), header(delimiter=separator).replace(b"\n", b" \r\n")) == REQUEST


def test_a_delimiter_that_no_value_holds_can_separate_names_and_values():
    reader = CLOUDFRONT.reader(header(delimiter="|"))

    record = reader.parse(line().replace(b"\t", b"|"))

    assert record is not None
    assert record.request == REQUEST
    assert reader.refusal == ""


def test_a_header_that_is_not_marked_as_one_is_a_comment():
    reader = CLOUDFRONT.reader("\t".join(PLAIN).encode() + b"\n" + line())

    read = reader.read("\t".join(PLAIN).encode() + b"\n" + line(), frozenset({"path"}))

    assert (len(read.records), read.unreadable, read.lines) == (1, [], 2)


def test_no_client_can_write_a_header():
    names = LEGACY[:33]
    content = line(names, user_agent="x-edge-location", referrer="cs-uri-stem", cs_uri_query="#Fields:")

    assert request(content, content).referrer == "cs-uri-stem"


@pytest.mark.parametrize("content", [b"#Version: 1.0", b"#Fields: date time", b"#Software: something else", b"#"])
def test_comments_are_neither_records_nor_unreadable(content):
    reader = CLOUDFRONT.reader(header())

    read = reader.read(b"\n".join([content, line(), b"rubbish", b"", content]), frozenset({"path"}))

    assert reader.parse(content) is None
    assert reader.is_comment(content)
    assert (len(read.records), read.lines, read.unreadable) == (1, 5, [(2, b"rubbish")])


def test_readers_are_the_same_for_the_same_fields():
    assert CLOUDFRONT.reader(b"#Version: 1.0\n" + header() + line()) is CLOUDFRONT.reader(header())
    assert CLOUDFRONT.reader(json_line()) is CLOUDFRONT.reader(json_line(sc_status="404"))
    assert CLOUDFRONT.reader(header()) is not CLOUDFRONT.reader(json_line())


@pytest.mark.parametrize(
    "content",
    [
        line(without("cs-protocol")),
        line() + b"\tx",
        line(cs_uri_stem="/a\tb"),
        line(date="2026-02-30"),
        line(date="20-10-2022"),
        line(date="-"),
        line(time="24:00:00"),
        line(time="23:59:60"),
        line(time="8:49:42"),
        line(sc_status="200https://example.org"),
        line(sc_status="2000"),
        line(sc_status=""),
        b"",
        b"rubbish",
        line()[:-40],
    ],
)
def test_a_damaged_line_is_no_record(content):
    assert read(content) is None


@pytest.mark.parametrize("end", [b"\t", b"\t\t", b"\r", b"\t\r"])
def test_empty_values_too_many_are_no_harm(end):
    assert request(line() + end) == REQUEST


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"cs_uri_stem": "/words/%25E5%25A5%25BD/a+b"}, {"path": "/words/好/a+b"}),
        ({"cs_uri_stem": "/%25ff/%0A%250A"}, {"path": "/\ufffd/\n\n"}),
        ({"cs_uri_stem": "/100% sure"}, {"path": "/100% sure"}),
        ({"cs_uri_stem": "-"}, {"path": None}),
        ({"cs_uri_stem": "*"}, {"path": None}),
        ({"cs_uri_query": "-"}, {"query": None}),
        ({"referrer": "https://a.example/?q=a%2520b"}, {"referrer": "https://a.example/?q=a%20b"}),
        ({"referrer": ""}, {"referrer": None}),
        ({"user_agent": AGENT}, {"user_agent": AGENT}),
        ({"user_agent": AGENT.replace(" ", "%2520")}, {"user_agent": AGENT}),
        ({"user_agent": "a%2522b"}, {"user_agent": "a%22b"}),
        ({"user_agent": "-"}, {"user_agent": None}),
        ({"x_host_header": "WWW.Example.org:443", "host": "-"}, {"hosts": ("www.example.org",)}),
        ({"x_host_header": "-"}, {"hosts": ("d111111abcdef8.cloudfront.net",)}),
        ({"sc_status": "000"}, {"status": 0}),
        ({"sc_status": "-"}, {"status": None}),
        ({"cs_method": "get"}, {"method": "get", "is_read": False}),
        ({"cs_method": "HEAD"}, {"method": "HEAD", "is_read": False}),
        ({"cs_method": "-"}, {"method": None, "is_read": False}),
        ({"sc_bytes": "-"}, {"bytes_sent": None}),
        ({"sc_bytes": "9" * 19}, {"bytes_sent": None}),
        ({"sc_content_type": "-"}, {"content_type": None}),
        ({"x_edge_request_id": "-"}, {"record_id": None}),
        ({"x_edge_request_id": "a%3D%3D"}, {"record_id": RecordId("a==")}),
    ],
)
def test_values_are_decoded_as_often_as_cloudfront_and_the_browser_encoded_them(fields, found):
    assert request(line(**fields)) == REQUEST._replace(**found)
    assert request(json_line(**fields), json_line()) == REQUEST._replace(**found)


@pytest.mark.parametrize(
    ("result", "response", "status", "is_error_page"),
    [
        ("Error", "Error", "200", True),
        ("Error", "Hit", "200", False),  # the reader left
        ("Error", "Error", "404", False),
        ("Hit", "Hit", "200", False),
        ("LambdaExecutionError", "LambdaExecutionError", "200", False),
    ],
)
def test_an_error_page_that_is_answered_with_200_is_known_by_both_results(result, response, status, is_error_page):
    results = {"x_edge_result_type": result, "x_edge_response_result_type": response}
    fields = {**results, "sc_status": status}

    assert request(line(**fields)).is_error_page == is_error_page
    names = without("x-edge-result-type")
    assert request(line(names, **fields), header(names)).is_error_page == is_error_page


def test_where_the_result_is_all_there_is_the_content_type_tells_an_error_page():
    names, fields = without("x-edge-response-result-type"), {"x_edge_result_type": "Error"}

    assert request(line(names, sc_content_type="-", **fields), header(names)).is_error_page
    assert not request(line(names, **fields), header(names)).is_error_page


@pytest.mark.parametrize(
    ("name", "value"),
    [("timestamp(ms)", "1666255782417"), ("timestamp", "1666255782"), ("timestamp", "1666255782417")],
)
def test_a_time_may_be_told_since_the_epoch(name, value):
    names = ["cs-method", name, "cs-uri-stem", "sc-status"]

    assert request(f"GET\t{value}\t/\t200".encode(), header(names)).time == 1666255782
    as_number = {"cs-method": "GET", name: int(value), "cs-uri-stem": "/", "sc-status": 200}
    assert request(json.dumps(as_number).encode(), b"").time == 1666255782


@pytest.mark.parametrize("value", ["-", "", "now", "9" * 18, "9" * 5000, "-5"])
def test_a_time_that_is_none_makes_no_record(value):
    assert read(f"GET\t{value}\t/\t200".encode(), header(["cs-method", "timestamp(ms)", "cs-uri-stem", "sc-status"])) is None


def test_json_says_the_same_as_w3c():
    assert request(json_line(), json_line()) == REQUEST
    assert request(json_line(), header()) == REQUEST
    assert request(json.dumps(PLAIN).encode() + b"\r", b"") == REQUEST
    assert request(json_line().replace(b"/", rb"\/").replace(b"%", rb"\u0025"), b"") == REQUEST


def test_json_may_be_rewritten_by_other_tools():
    told = {**PLAIN, "sc-status": 200, "sc-bytes": 21653.0, "extra": {"deep": [1]}, "cs(Referer)": None, "time-taken": 0.25}

    record = read(json.dumps(told).encode(), b"")

    assert record is not None
    assert record.request == REQUEST._replace(referrer=None)
    assert (record.documented["cs(Referer)"], record.documented["time-taken"]) == (None, "0.25")


def test_half_a_character_in_json_becomes_a_replacement():
    assert request(json_line(user_agent="\ud800a"), b"").user_agent == "\ufffda"


@pytest.mark.parametrize("content", [b"{", b"{" * 5000, b'{"a":' * 50_000, b"{}", json_line()[:-3], b"[" + json_line() + b"]"])
def test_json_that_is_no_record_is_unreadable(content):
    assert read(content, json_line()) is None


def test_a_line_of_json_has_what_its_own_keys_say():
    names = without("cs(User-Agent)", "sc-content-type")

    assert request(json_line(names), json_line()).unlogged == {"user_agent", "content_type"}
    assert request(json_line(), json_line(names)) == REQUEST


def test_the_same_request_is_the_same_record_in_each_form():
    names = ["cs-method", "x-edge-request-id", "timestamp(ms)", "cs-uri-stem", "sc-status"]

    found = {request(line()).record_id, request(json_line(), b"").record_id}
    found |= {request(b"GET\tkH8k_Z3oV-b9==\t1666255782417\t/\t200", header(names)).record_id}

    assert found == {RecordId("kH8k_Z3oV-b9==")}


def test_records_without_an_id_are_never_the_same():
    reader = CLOUDFRONT.reader(header())
    block = line() + b"\n" + line(x_edge_request_id="-") + b"\n" + line() + b"\n" + line(x_edge_request_id="-")

    request_ids, *_ = map(list, reader.read(block, frozenset({"record_id"})).records.record_ids("origin", 0))

    assert request_ids[0] == request_ids[2]
    assert len(set(request_ids)) == 3


# What an owner should know


def test_a_log_that_lacks_nothing_needs_no_notice():
    assert [CLOUDFRONT.reader(head).notice for head in (header(), header(LEGACY[:12]), json_line(), b"")] == [""] * 4


def test_a_notice_names_what_is_missing_and_what_that_means():
    notice = CLOUDFRONT.reader(header(without("cs(User-Agent)", "x-edge-request-id"))).notice

    assert notice == (
        "fields are missing, so bots cannot be told from people (no cs(User-Agent)) and a request that is in two files counts "
        "twice (no x-edge-request-id); select them in the settings of the distribution's standard logging (v2)"
    )


@pytest.mark.parametrize("form", [header, json_line])
@pytest.mark.parametrize("name", ["cs-method", "cs-uri-stem", "sc-status", "date"])
def test_nothing_can_be_counted_without_some_fields(form, name):
    reader = CLOUDFRONT.reader(form(without(name)))

    assert reader.refusal.startswith(f"it lacks {name}, without which nothing can be counted; ")
    assert reader.notice == ""
    assert reader.parse(line(without(name))) is None
    assert reader.parse(json_line(without(name))) is None


def test_logs_of_rtmp_distributions_have_no_page_views():
    names = [
        "date",
        "time",
        "x-edge-location",
        "c-ip",
        "x-event",
        "sc-bytes",
        "x-cf-status",
        "x-cf-client-id",
        "cs-uri-stem",
        "cs-uri-query",
    ]

    assert "RTMP" in CLOUDFRONT.reader(header(names)).refusal


def test_a_delimiter_that_values_hold_is_refused():
    reader = CLOUDFRONT.reader(header(delimiter=", "))

    assert "separated by ','" in reader.refusal
    assert reader.parse(line().replace(b"\t", b",")) is None


@pytest.mark.parametrize(
    ("head", "is_its"),
    [
        (b"#Version: 1.0\n" + header(), True),
        (header(without("cs-method")), True),
        (line(), True),
        (json_line(), True),
        (json_line(["date", "time", "cs-method", "cs-uri-stem", "sc-status"]), True),
        (b"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port sc-status\n2022-10-20 08:49:42 1.2.3.4", False),
        (b'{"level":"info","request":{"uri":"/"}}', False),
        (b"a\tb\tc", False),
        (b"", False),
    ],
)
def test_a_log_is_recognised_by_its_header_or_its_records(head, is_its):
    assert CLOUDFRONT.recognises(head) == is_its


# Many lines at once


def assert_read_as_one_by_one(reader: Reader, block: bytes) -> None:
    fields = tuple(dict.fromkeys((*Request._fields, *DOCUMENTED)))
    parsed = [(each, reader.parse(each)) for each in lines_of(block)]

    read = reader.read(block, frozenset(fields))

    assert read.lines == len(parsed)
    assert [each for _, each in read.unreadable] == [
        each for each, record in parsed if record is None and each.strip(BLANK) and not reader.is_comment(each)
    ]
    records = [record for _, record in parsed if record is not None]
    for field in fields:
        value = reader.values(field)
        assert [value(token)[0] for token in read.records.column(field)] == [value_of(each, field) for each in records], field
    assert read.records.times() == [record.request.time for record in records]


selections = st.permutations(list(V2)).flatmap(
    lambda names: st.integers(5, len(names)).map(lambda count: tuple(dict.fromkeys((*names[:count], "date", "time"))))
)
odd_values = st.text(max_size=6) | st.sampled_from(["-", "", "Error", "Error%20", "000", '"', "\\", "{", "#", "a b", "%", "\r"])


@st.composite
def logs(draw):
    """A head and lines of one list of fields, in any form, some of them damaged or of another form."""
    names = draw(st.sampled_from([tuple(V2), tuple(PLAIN), LEGACY[:12], LEGACY[:15], LEGACY[:24]]) | selections)
    forms = {"header": (header(names), line), "json": (json_line(names), json_line), "places": (line(names), line)}
    head, form = forms[draw(st.sampled_from(sorted(forms)))]
    lines = []
    for _ in range(draw(st.integers(0, 6))):
        name, value = draw(st.sampled_from(names)), draw(odd_values)
        made = V2 | {name: value} if draw(st.booleans()) else V2
        each = (
            (
                json.dumps({name: made[name] for name in names}, separators=(",", ":"), ensure_ascii=draw(st.booleans()))
                if (form is json_line) != (draw(st.integers(0, 9)) == 0)
                else "\t".join(made[name] for name in names)
            )
            .replace("\n", " ")
            .encode("utf-8", "replace")
        )
        if draw(st.integers(0, 4)) == 0:
            at = draw(st.integers(0, len(each)))
            each = (
                each[:at]
                + draw(st.sampled_from([b"", b"\t", b"\xff", b"\t\t", b"#", b"{"]))
                + each[at + draw(st.integers(0, 9)) :]
            )
        lines.append(each + draw(st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\t\n", b"\n\n", b""])))
    return head, b"".join(lines) or b"\n"


@given(log=logs())
def test_many_lines_of_any_list_of_fields_are_read_as_one_by_one(log):
    head, block = log

    assert_read_as_one_by_one(CLOUDFRONT.reader(head), block)


@given(log=logs())
def test_no_line_changes_the_fate_of_another(log):
    head, block = log
    reader = CLOUDFRONT.reader(head)

    by_itself = [len(reader.read(each, frozenset({"path"})).records) for each in lines_of(block)]

    assert len(reader.read(block, frozenset({"path"})).records) == sum(by_itself)


def test_a_documented_time_is_shown_as_logged():
    ((_, outcome),) = make_digester("cloudfront", Counting()).explain([line()], Start(header()))

    shown = outcome_json("a.log", 1, "cloudfront", outcome, None)

    assert (shown["request"]["date"], shown["request"]["time"]) == ("2022-10-20", "08:49:42")
    assert shown["common"]["time"] == "2022-10-20T08:49:42Z"


@pytest.mark.parametrize(
    "name",
    [
        "E2KG6TMBAL2PBU.2021-01-23-14.7d805aff",
        "EMLARXS9EXAMPLE.2019-11-14-20.RT4KCN4SGK9",
        "E1ABCDEFGHIJ.2010-05-03-09.2Knk9kOC",
        "E2KG6TMBAL2PBU.2026-08-25-14.7d805aff.json",
    ],
)
def test_a_file_is_known_by_the_name_that_cloudfront_gave_it(name):
    folder = "AWSLogs/1/CloudFront/distributionid=E2KG6TMBAL2PBU/year=2026/"

    assert documented_name(f"{folder}{name}.gz") == documented_name(name) == name


# Cases from public reports

needs_cases = pytest.mark.skipif(
    not CASES.is_dir(), reason="no cases: put shared/cases/ beside the checkout, or name it in FOOTFALL_TEST_CASES"
)


def cases(name: str) -> list[Any]:
    path = CASES / name
    found = [json.loads(each) for each in path.read_text("utf-8").splitlines()] if path.is_file() else []
    return [pytest.param(case, id=case["id"]) for case in found] or [pytest.param({}, marks=needs_cases)]


def case_line(case: dict[str, Any]) -> tuple[bytes, bytes]:
    content = b64decode(case["line_b64"]) if "line_b64" in case else case["line"].encode("utf-8", "surrogatepass")
    return content, (case["header"] or "").encode() + b"\n" + content


@pytest.mark.parametrize("case", cases("cloudfront.jsonl"))
def test_a_line_of_a_public_log_says_what_it_should(case):
    content, head = case_line(case)

    record = read(content, head)

    if record is None:
        assert case["may_be_unreadable"]
        return
    logged = {name: None if value in ("-", "") else str(value) for name, value in case["expected"].items()}
    assert {name: value or None for name, value in record.documented.items()} == dict.fromkeys(DOCUMENTED) | logged
    assert view_of(record.request).items() >= case["expected_view"].items()


@pytest.mark.parametrize("case", cases("hostile-cloudfront.jsonl"))
def test_a_hostile_line_becomes_what_it_should(case):
    content, head = case_line(case)
    reader = CLOUDFRONT.reader(head)

    record = reader.parse(content)

    became = "record" if record else "comment" if reader.is_comment(content) else "unreadable"
    assert became.replace("comment", case["outcome"] if case["outcome"] in ("header", "comment") else became) in (
        case["outcome"], *case.get("also_right", ()),
    )  # fmt: skip
    if record is not None:
        assert view_of(record.request).items() >= case.get("expected_view", {}).items()


def view_of(request: Request) -> dict[str, Any]:
    return {
        "decoded_path": request.path,
        "decoded_user_agent": request.user_agent,
        "decoded_referrer": request.referrer,
        "time_utc": iso(request.time),
        "status": request.status,
        "host": request.site,
    }


def test_a_view_of_a_clean_url_is_known_by_its_type():
    content = line(cs_uri_stem="/about")

    ((_, outcome),) = make_digester("cloudfront", Counting()).explain([content], Start(header()))

    assert (outcome.outcome, outcome.view and outcome.view.page) == ("view", "about")


def calls_to_find_the_format_of(head: bytes) -> tuple[int, str]:
    """How many functions of Python are called, and the format."""
    digester, calls = make_digester(AUTO, Counting()), 0
    digester.format_of(b"a\n" * 1000)  # patterns are made once

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        found = digester.format_of(head)
    finally:
        sys.setprofile(None)
    return calls, found


def test_rubbish_is_found_to_be_no_log_in_a_few_steps_a_line():
    rubbish = random.Random(7).randbytes(100_000)

    calls, found = calls_to_find_the_format_of(rubbish)

    assert (found, calls < 50 * rubbish.count(b"\n")) == ("", True), calls


@pytest.mark.parametrize("line", [b"", b" ", b"\r", b"a", b"#", b"\t", b"{", b"[", b'"', b"a b c"])
def test_lines_that_say_nothing_are_found_to_be_no_log_all_together(line):
    calls, found = calls_to_find_the_format_of((line + b"\n") * 100_000)

    assert (found, calls < 10_000) == ("", True), calls


def test_a_header_that_comes_again_and_again_is_not_read_again():
    again = b"#Fields: date time cs-method cs-uri-stem sc-status\nx\ty\n"

    with patch("footfall.formats.cloudfront.field_list", wraps=field_list) as asked:
        said = make_digester("cloudfront", Counting()).read([again * 1000], Start(again))

    assert (said.line_count, said.account.unreadable, asked.call_count <= 2) == (2000, 1000, True)
