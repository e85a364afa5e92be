"""How Caddy's JSON is read, of every version and whatever its owner left out."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.digest import make_digester
from footfall.formats import FORMATS
from footfall.formats.caddy import CADDY, lines
from footfall.pageviews.counting import Counting
from footfall.records import Record, Request

LOGS = Path(__file__).parent / "logs"
READER = CADDY.reader(b"")
MESSAGE = b'{"level":"info","ts":1666255782.1,"logger":"tls","msg":"certificate obtained successfully"}'
REQUEST = {
    "remote_ip": "192.0.2.1", "remote_port": "41844", "client_ip": "198.51.100.7", "proto": "HTTP/2.0", "method": "GET",
    "host": "www.example.org", "uri": "/blog/a%20b/?q=%20",
    "headers": {"User-Agent": ["Mozilla/5.0"], "Referer": ["https://news.example/"], "Cookie": ["REDACTED"]},
}  # fmt: skip
ANSWER = {
    "level": "info", "ts": 1666255782.9, "logger": "http.log.access.log0", "msg": "handled request", "bytes_read": 3,
    "user_id": "", "duration": 0.000356122, "size": 512, "status": 200,
    "resp_headers": {"Content-Type": ["text/html; charset=utf-8"]},
}  # fmt: skip
ABSENT = object()


def line(answer: dict[str, Any] | None = None, **request: Any) -> bytes:
    """A record; what is ABSENT is left out."""
    message = {**ANSWER, "request": {**REQUEST, **request}, **(answer or {})}
    if isinstance(message["request"], dict):
        message["request"] = {name: value for name, value in message["request"].items() if value is not ABSENT}
    return json.dumps({name: value for name, value in message.items() if value is not ABSENT}).encode()


def read(content: bytes) -> Record:
    record = READER.parse(content)
    assert record is not None
    return record


def test_all_documented_fields_are_read():
    assert read(line()).documented == {
        "level": "info",
        "ts": "1666255782.9",
        "logger": "http.log.access.log0",
        "request.remote_addr": None,
        "request.remote_ip": "192.0.2.1",
        "request.remote_port": "41844",
        "request.client_ip": "198.51.100.7",
        "request.proto": "HTTP/2.0",
        "request.method": "GET",
        "request.host": "www.example.org",
        "request.uri": "/blog/a%20b/?q=%20",
        "request.headers.User-Agent": "Mozilla/5.0",
        "request.headers.Referer": "https://news.example/",
        "bytes_read": 3,
        "user_id": None,
        "duration": "0.000356122",
        "size": 512,
        "status": 200,
        "resp_headers.Content-Type": "text/html; charset=utf-8",
    }


def test_a_record_is_told_in_the_words_of_http():
    assert read(line()).request == Request(
        time=1666255782,
        hosts=("www.example.org",),
        method="GET",
        path="/blog/a b/",
        query="q=%20",
        status=200,
        referrer="https://news.example/",
        user_agent="Mozilla/5.0",
        remote_ip="198.51.100.7",
        content_type="text/html; charset=utf-8",
        bytes_sent=512,
    )


@pytest.mark.parametrize(
    ("request_", "address"),
    [
        ({"client_ip": ABSENT}, "192.0.2.1"),
        ({"client_ip": ABSENT, "remote_ip": ABSENT, "remote_addr": "192.0.2.9:41844"}, "192.0.2.9"),
        ({"client_ip": ABSENT, "remote_ip": ABSENT, "remote_addr": "[2001:db8::9]:41844"}, "2001:db8::9"),
        ({"client_ip": "", "remote_ip": ""}, None),
        ({"client_ip": "2001:db8::7"}, "2001:db8::7"),
    ],
)
def test_the_address_is_the_client_s_in_every_version(request_, address):
    assert read(line(**request_)).request.remote_ip == address


@pytest.mark.parametrize(
    "stamp",
    [
        1666255782, 1666255782.999, 1666255782999.5, 1666255782999999999, "1666255782.9",
        "2022-10-20T08:49:42Z", "2022-10-20T08:49:42.123Z", "2022-10-20T10:49:42+02:00", "2022-10-20T10:49:42.000+0200",
        "2022-10-20T14:34:42.123456789+05:45", "2022/10/20 08:49:42", "2022/10/20 08:49:42.123", "20/Oct/2022:10:49:42 +0200",
    ],
)  # fmt: skip
def test_the_time_is_read_in_every_form_that_caddy_can_write(stamp):
    assert read(line({"ts": stamp})).request.time == 1666255782


@pytest.mark.parametrize(
    ("uri", "host", "said"),
    [
        ("/", "www.example.org", ("www.example.org", "/", None)),
        ("/a?b?c", "WWW.example.org:8443", ("www.example.org", "/a", "b?c")),
        ("http://other.example:80/a%2520b", "www.example.org", ("www.example.org", "/a%20b", None)),
        ("http://other.example", "", ("other.example", "/", None)),
        ("*", "www.example.org", ("www.example.org", None, None)),
        ("/%FF\u00e9", "[2001:db8::1]:443", ("[2001:db8::1]", "/\ufffd\u00e9", None)),
    ],
)
def test_site_path_and_query_are_those_of_host_and_uri(uri, host, said):
    request = read(line(uri=uri, host=host)).request

    assert (request.site, request.path, request.query) == said


def test_headers_are_found_by_names_in_any_case():
    record = read(line({"resp_headers": {"content-type": ["text/css"]}}, headers={"user-agent": ["M"], "REFERER": ["r", "s"]}))

    assert (record.request.user_agent, record.request.referrer, record.request.content_type) == ("M", "r", "text/css")


@pytest.mark.parametrize(
    ("answer", "request_", "unlogged"),
    [
        ({"resp_headers": ABSENT}, {}, {"content_type"}),
        ({"resp_headers": {}}, {"headers": {}}, set()),
        ({}, {"headers": ABSENT}, {"referrer", "user_agent"}),
        ({}, {"host": ABSENT}, {"hosts"}),
    ],
)
def test_what_an_owner_left_out_is_unlogged_and_not_absent(answer, request_, unlogged):
    assert read(line(answer, **request_)).request.unlogged == unlogged


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({}, None),
        ({"status": 304, "resp_headers": {}}, None),
        ({"status": 0}, "failed"),
        ({"resp_headers": {"Content-Type": ["application/json"]}}, "not a page"),
    ],
)
def test_the_content_type_says_what_is_a_page_without_an_ending(answer, reason):
    content = line(answer, uri="/about", headers={"User-Agent": ["Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0"]})

    ((_, outcome),) = make_digester("caddy", Counting()).explain([content])

    assert outcome.reason == reason


def test_a_name_that_docker_put_before_a_line_is_passed_over():
    for prefix in (b"caddy  | ", b"caddy-1 | ", b"web_caddy.1 |"):
        assert read(prefix + line()) == read(line())


@pytest.mark.parametrize(
    "content",
    [
        MESSAGE,
        b"caddy  | " + MESSAGE,
        line({"logger": "http.log.error.log0", "msg": "dial tcp: connection refused", "status": 502}),
        line({"logger": "http.handlers.reverse_proxy", "msg": "upstream roundtrip"}),
    ],
)
def test_other_messages_are_neither_records_nor_unreadable(content):
    digester = make_digester("caddy", Counting())

    block = READER.read(content + b"\n" + line() + b"\n", frozenset({"path"}))

    assert (block.lines, len(block.records), block.unreadable) == (2, 1, [])
    assert [number for number, _ in digester.explain([content, line()])] == [2]


def test_a_file_is_recognised_by_the_messages_that_it_begins_with():
    assert CADDY.recognises(MESSAGE + b"\n" + MESSAGE)


@pytest.mark.parametrize(
    "content",
    [
        b"panic: runtime error",
        b"{}",
        b"[]",
        b"null",
        b'{"ts":1666255782}',
        line()[:-1],
        line({"request": "GET / HTTP/1.1"}),
        line({"request": []}),
        line(method=ABSENT),
        line(uri=ABSENT),
        line({"ts": ABSENT}),
        line({"ts": None}),
        line({"ts": True}),
        line({"ts": [1666255782]}),
        line({"ts": -1}),
        line({"ts": 1e300}),
        line({"ts": 10**30}),
        line({"ts": float("nan")}),
        line({"ts": float("inf")}),
        line({"ts": "yesterday"}),
        line({"ts": "2022-13-20T08:49:42Z"}),
        line({"ts": "20/Okt/2022:08:49:42 +0000"}),
        line({"ts": "\ud800"}),
        line().replace(b'"size": 512', b'"size": ' + b"9" * 5000),
        b'{"ts":1666255782,"request":' + b"[" * 100_000,
        b'{"ts":1666255782,"request":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    ],
)
def test_what_tells_no_time_or_no_request_is_unreadable(content):
    block = READER.read(content, frozenset({"path"}))

    assert block.unreadable == [(0, content)]


@pytest.mark.parametrize(
    ("answer", "request_", "field", "value"),
    [
        ({"status": "200"}, {}, "status", None),
        ({"status": -1}, {}, "status", None),
        ({"status": True}, {}, "status", None),
        ({"size": 10**30}, {}, "bytes_sent", None),
        ({"size": 1.5}, {}, "bytes_sent", None),
        ({}, {"headers": {"User-Agent": [1]}}, "user_agent", None),
        ({}, {"headers": {"User-Agent": []}}, "user_agent", None),
        ({}, {"headers": {"User-Agent": "M"}}, "user_agent", "M"),
        ({}, {"headers": {"User-Agent": ["\ud800a"]}}, "user_agent", "\ufffda"),
        ({}, {"headers": ["User-Agent"]}, "user_agent", None),
        ({}, {"host": {"a": [1]}}, "hosts", ()),
        ({}, {"uri": "/\udfff"}, "path", "/\ufffd"),
        ({}, {"uri": 7}, "path", None),
        ({}, {"method": None}, "method", None),
    ],
)
def test_a_value_of_another_kind_is_absent(answer, request_, field, value):
    assert getattr(read(line(answer, **request_)).request, field) == value


def test_bytes_that_are_no_utf8_become_the_replacement_character():
    assert read(line().replace(b"Mozilla/5.0", b"M \xff\xc3\xa9")).request.user_agent == "M \ufffd\u00e9"


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"caddy"}))
def test_no_other_format_is_taken_for_it(name):
    assert not CADDY.recognises((LOGS / f"{name}.log").read_bytes())
    assert not FORMATS[name].recognises((LOGS / "caddy.log").read_bytes())


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    answer=st.dictionaries(st.sampled_from([*ANSWER, "request"]), documents, max_size=3),
    request_=st.dictionaries(st.sampled_from([*REQUEST]), documents, max_size=4),
)
def test_any_json_in_any_place_is_a_record_or_none_and_its_texts_can_be_stored(answer, request_):
    block = READER.read(line(answer, **request_), frozenset(CADDY.documented))

    for field in (*Request._fields, *CADDY.documented):
        for token in block.records.column(field):
            hash(token)
            json.dumps(str(token), ensure_ascii=False).encode()


PLAIN = (LOGS / "caddy.log").read_bytes().splitlines()[0]


@pytest.mark.parametrize(
    ("logged", "instead"),
    [
        (b"{", b"{"),
        (b'"User-Agent"', b'"user-agent":["curl/8"],"User-Agent"'),
        (b'"User-Agent"', b'"USER-AGENT":["curl/8"],"user-agent"'),
        (b'"User-Agent":["Mozilla', b'"User-Agent":["Amazon CloudFront"],"X":["Mozilla'),
        (b'"headers":{', b'"headers":{"X":[""x],'),  # no JSON, though all around it is
        (b'"tls":{', b'"tls":{"x":,'),
        (b'"resp_headers":{', b'"resp_headers":{,'),
        (b'"resp_headers":{', b'"resp_headers":{"X":["}"],'),
        (b'"resp_headers":{', b'"resp_headers":{"Etag":["\\"a\\""],'),
        (b'"uri":"/blog', b'"uri":"/\\u0062log'),
        (b'"uri":"/blog', b'"uri":"/caf\xc3\xa9\xff'),
        (b'"uri":"/blog', b'"uri":"/a\tb'),
        (b'"status":200', b'"status":0'),
        (b'"status":200', b'"status":200.0'),
        (b'"size":', b'"size":99999999999999999999'),
        (b"1666255782.2503998", b"1666255782.9999999"),
        (b"1666255782.2503998", b"1666255782"),
        (b"1666255782.2503998", b"0166625578.25"),
        (b"http.log.access.log0", b"http.log.error"),
        (b'"client_ip":"198.51.100.7",', b""),
        (b'"host":"www.example.org",', b""),
        (b'"user_id":""', b'"user_id":"jane"'),
    ],
)
def test_many_lines_at_once_say_what_each_says_by_itself(logged: bytes, instead: bytes) -> None:
    assert logged in PLAIN
    block = b"\n".join([PLAIN, PLAIN.replace(logged, instead, 1), PLAIN])
    counting = Counting(facts=tuple(CADDY.documented))
    digester = make_digester("caddy", counting)

    said = digester.read([block])

    told = [outcome for _, outcome in digester.explain(block.splitlines())]
    dropped = [outcome.reason for outcome in told if outcome.outcome == "dropped"]
    assert [view._replace(request_id="") for view in said.views] == [
        outcome.view._replace(request_id="") for outcome in told if outcome.view
    ]
    assert [reason for reason, lines in said.account.dropped.items() for _ in range(lines)] == dropped
    assert said.account.unreadable == sum(outcome.outcome == "unreadable" for outcome in told)


def test_lines_as_caddy_writes_them_are_plain() -> None:
    """The others are read one by one, which takes several times as long."""
    block = b"\n".join([PLAIN] * 20) + b"\n"

    assert lines._odd_places(lines._FIND(block)) == []
