"""How lines of Apache, nginx and their kin are read, whatever a client sent."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.digest import make_digester
from footfall.formats import FORMATS
from footfall.formats.base import value_of
from footfall.formats.combined import COMBINED
from footfall.pageviews.counting import Counting
from footfall.records import Record, Request

LOGS = Path(__file__).parent / "logs"
READER: Any = COMBINED.reader(b"")


def line(
    names=b"198.51.100.7 - -", time=b"20/Oct/2022:08:49:42 +0000", request=b'"GET /blog/ HTTP/1.1"', answer=b"200 512",
    texts=b'"https://news.example/" "Mozilla/5.0"',
) -> bytes:  # fmt: skip
    return b" ".join(part for part in (names, b"[" + time + b"]", request, answer, texts) if part)


def read(content: bytes) -> Record | None:
    """A record as `explain` reads it, which has to be what an import reads."""
    record: Record | None = READER.parse(content)
    fields = (*Request._fields, *COMBINED.documented)
    for reader in (READER, READER.pure()):
        records = reader.read(content, frozenset(fields)).records
        assert len(records) == (record is not None)
        for field in fields if record is not None else ():
            (token,) = records.column(field)
            assert record is not None
            assert reader.values(field)(token) == (value_of(record, field),), field
    return record


def request_of(content: bytes) -> Request:
    record = read(content)
    assert record is not None
    return record.request


def documented(content: bytes) -> dict[str, Any]:
    record = read(content)
    assert record is not None
    return dict(record.documented)


def test_all_fields_are_read():
    assert documented(line(names=b"www.example.org:443 198.51.100.7 id jane")) == {
        "vhost": "www.example.org:443",
        "remote_host": "198.51.100.7",
        "ident": "id",
        "user": "jane",
        "time": 1666255782,
        "request_line": "GET /blog/ HTTP/1.1",
        "status": 200,
        "bytes": 512,
        "referrer": "https://news.example/",
        "user_agent": "Mozilla/5.0",
    }


def test_a_record_is_told_in_the_words_of_http():
    content = line(names=b"WWW.example.org:443 198.51.100.7 - -", request=b'"GET /caf%C3%A9/a%2520b?q=%20&r HTTP/2.0"')

    assert request_of(content) == Request(
        time=1666255782,
        hosts=("www.example.org",),
        method="GET",
        path="/caf\u00e9/a%20b",
        query="q=%20&r",
        status=200,
        referrer="https://news.example/",
        user_agent="Mozilla/5.0",
        remote_ip="198.51.100.7",
        bytes_sent=512,
        unlogged=frozenset({"content_type"}),
    )


@pytest.mark.parametrize(
    ("texts", "unlogged"),
    [
        (b"", {"content_type", "hosts", "referrer", "user_agent"}),
        (b"98", {"content_type", "hosts", "referrer", "user_agent"}),
        (b"- -", {"content_type", "hosts"}),
        (b'"-" "-"', {"content_type", "hosts"}),
    ],
)
def test_what_a_line_has_no_place_for_is_unlogged_and_not_absent(texts, unlogged):
    request = request_of(line(texts=texts))

    assert (request.referrer, request.user_agent, request.unlogged) == (None, None, unlogged)


def test_a_common_line_counts_though_nobody_knows_its_user_agent():
    ((_, outcome),) = make_digester("combined", Counting()).explain([line(texts=b"")])

    assert outcome.view is not None
    assert {name: outcome.view.fields[name] for name in ("browser", "referrer_host")} == {
        "browser": None,
        "referrer_host": None,
    }


@pytest.mark.parametrize(
    ("names", "vhost", "remote_host", "user", "hosts"),
    [
        (b"198.51.100.7 - -", None, "198.51.100.7", None, ()),
        (b"- - -", None, None, None, ()),
        (b"unix: - -", None, "unix:", None, ()),
        (b"2001:db8::7 - -", None, "2001:db8::7", None, ()),
        (b"monitoring-server - a.user", None, "monitoring-server", "a.user", ()),
        (b"198.51.100.7 - frank smith", None, "198.51.100.7", "frank smith", ()),
        (b"198.51.100.7 bob frank", None, "198.51.100.7", "frank", ()),
        (b'198.51.100.7 - ""', None, "198.51.100.7", None, ()),
        (b"127.0.0.1 192.0.2.1 -", None, "127.0.0.1", None, ()),
        (b"example.org 198.51.100.7 - -", "example.org", "198.51.100.7", None, ("example.org",)),
        (b"Example.org:80 host.example.net - -", "Example.org:80", "host.example.net", None, ("example.org",)),
        (b"[2001:db8::1]:80 ::1 - -", "[2001:db8::1]:80", "::1", None, ("[2001:db8::1]",)),
        (b"example.org 198.51.100.7 id jane doe", "example.org", "198.51.100.7", "jane doe", ("example.org",)),
        (b"example.org 198.51.100.7 - jane doe", "example.org", "198.51.100.7", "jane doe", ("example.org",)),
        (b"example.org - - -", "example.org", None, None, ("example.org",)),
        (b"- 198.51.100.7 - -", None, "198.51.100.7", None, ()),
        # lighttpd's, and one host's own
        (b"198.51.100.7 www.example.org -", "www.example.org", "198.51.100.7", None, ("www.example.org",)),
        (b"198.51.100.7 www.example.org:8080 jane", "www.example.org:8080", "198.51.100.7", "jane", ("www.example.org",)),
    ],
)
def test_names_are_told_apart_with_or_without_a_virtual_host(names, vhost, remote_host, user, hosts):
    found, request = documented(line(names=names)), request_of(line(names=names))

    assert (found["vhost"], found["remote_host"], found["user"], request.hosts) == (vhost, remote_host, user, hosts)
    assert ("hosts" in request.unlogged) == (vhost is None)


@pytest.mark.parametrize(
    ("request_line", "method", "path", "query", "shown"),
    [
        (b'"GET / HTTP/1.1"', "GET", "/", None, "GET / HTTP/1.1"),
        (b'"GET /"', "GET", "/", None, "GET /"),
        (b'"GET /a b?c d HTTP/1.1"', "GET", "/a b", "c d", "GET /a b?c d HTTP/1.1"),
        (b'"GET //blog///a HTTP/1.1"', "GET", "//blog///a", None, "GET //blog///a HTTP/1.1"),
        (b'"GET /? HTTP/1.1"', "GET", "/", None, "GET /? HTTP/1.1"),
        ('"GET /\u00fcber HTTP/1.1"'.encode(), "GET", "/\u00fcber", None, "GET /\u00fcber HTTP/1.1"),
        (b'"GET /%FF%2F HTTP/1.1"', "GET", "/\ufffd/", None, "GET /%FF%2F HTTP/1.1"),
        (b'"GET /caf\\xC3%A9 HTTP/1.1"', "GET", "/caf\u00e9", None, "GET /caf\ufffd%A9 HTTP/1.1"),
        (b'"GET /\\"a\\"?\\x22\\x22 HTTP/1.1"', "GET", '/"a"', '""', 'GET /"a"?"" HTTP/1.1'),
        (b'"GET /\\\\x22 HTTP/1.1"', "GET", "/\\x22", None, "GET /\\x22 HTTP/1.1"),
        (b'"GET /\\x5Cx22 HTTP/1.1"', "GET", "/\\x22", None, "GET /\\x22 HTTP/1.1"),
        (b'"GET /a"b HTTP/1.1"', "GET", '/a"b', None, 'GET /a"b HTTP/1.1'),
        (b'"GET http://www.example.org/a?b HTTP/1.1"', "GET", "/a", "b", "GET http://www.example.org/a?b HTTP/1.1"),
        (b'"GET https://www.example.org HTTP/1.1"', "GET", "/", None, "GET https://www.example.org/ HTTP/1.1"),
        (b'"M-SEARCH * HTTP/1.1"', "M-SEARCH", None, None, "M-SEARCH * HTTP/1.1"),
        (b'"CONNECT h.example:443 HTTP/1.1"', "CONNECT", None, None, "CONNECT h.example:443 HTTP/1.1"),
        (b'"PRI * HTTP/2.0"', "PRI", None, None, "PRI * HTTP/2.0"),
        (b'"GET index.html HTTP/1.1"', "GET", None, None, "GET index.html HTTP/1.1"),
        (b'"-"', None, None, None, None),
        (b"-", None, None, None, None),
        (b'""', None, None, None, None),
        (b'"\\n"', None, None, None, "\n"),
        (b'"hello"', None, None, None, "hello"),
        (b'"hello world"', None, None, None, "hello world"),
        (b'"\\x16\\x03\\x01\\xfc"', None, None, None, "\x16\x03\x01\ufffd"),
        (b'"/etc/passwd"', None, None, None, "/etc/passwd"),
    ],
)
def test_a_request_is_read_whatever_was_sent_for_one(request_line, method, path, query, shown):
    request, found = request_of(line(request=request_line)), documented(line(request=request_line))

    assert (request.method, request.path, request.query, found["request_line"]) == (method, path, query, shown)
    assert request.is_read == (method == "GET")


@pytest.mark.parametrize(
    ("vhost", "target", "hosts"),
    [
        (b"", b"http://User@WWW.example.org:80/a", ("www.example.org",)),
        (b"own.example:80 ", b"http://www.example.org/a", ("own.example",)),
        (b"", b"www.example.org:443", ()),
    ],
)
def test_the_host_of_an_absolute_target_names_the_site_where_no_virtual_host_does(vhost, target, hosts):
    request = request_of(line(names=vhost + b"198.51.100.7 - -", request=b'"GET ' + target + b' HTTP/1.1"'))

    assert request.hosts == hosts


@pytest.mark.parametrize(
    ("answer", "status", "sent"),
    [
        (b"200 512", 200, 512), (b"304 -", 304, None), (b"- 7908", None, 7908), (b"000 0", 0, 0), (b"499 0", 499, 0),
        (b"- -", None, None),
    ],
)  # fmt: skip
def test_status_and_bytes_may_be_absent(answer, status, sent):
    request = request_of(line(answer=answer))

    assert (request.status, request.bytes_sent) == (status, sent)


@pytest.mark.parametrize(
    ("texts", "referrer", "agent"),
    [
        (b'"-" "-"', None, None),
        (b"- -", None, None),
        (b'- "M"', None, "M"),
        (b'"" ""', "", ""),
        (b'"\\"a\\" \\\\" "\\x22b\\x22 \\x5C"', '"a" \\', '"b" \\'),
        (b'"r" "caf\\xc3\\xa9 \\xFF"', "r", "caf\u00e9 \ufffd"),
        (b'"r" "caf\xc3\xa9 \xff"', "r", "caf\u00e9 \ufffd"),
        (b'"r" "\\q\\x"', "r", "\\q\\x"),
        # a server that was told to escape nothing
        (b'"r" "a "quoted" agent"', "r", 'a "quoted" agent'),
        (b'"?q="x"" "M"', '?q="x"', "M"),
    ],
)
def test_referrer_and_user_agent_are_what_the_client_sent(texts, referrer, agent):
    request = request_of(line(texts=texts))

    assert (request.referrer, request.user_agent) == (referrer, agent)


@pytest.mark.parametrize(
    "end", [b' "-"', b" 1807", b' "198.51.100.9, 192.0.2.1" 0.004', b' X-Forwarded-For="10.0.0.2"', b" ", b"\r"]
)
def test_what_follows_the_user_agent_is_ignored(end):
    assert read(line() + end) == read(line())


@pytest.mark.parametrize(
    ("time", "epoch"),
    [
        (b"20/Oct/2022:08:49:42 -0000", 1666255782),
        (b"20/Oct/2022:10:49:42 +0200", 1666255782),
        (b"20/Oct/2022:12:19:42 +0330", 1666255782),
        (b"20/Oct/2022:14:34:42 +0545", 1666255782),
        (b"19/Oct/2022:23:49:42 -0900", 1666255782),
    ],
)
def test_a_time_of_another_zone_is_the_same_moment(time, epoch):
    assert request_of(line(time=time)).time == epoch


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"-",
        b"not a common log line",
        b"- - - [1234] - - - - - ",
        line(names=b"198.51.100.7"),
        line(names=b"198.51.100.7 -"),
        line(names=b"198.51.100.7, 192.0.2.1 - -"),
        line(names=b"example.org 198.51.100.7, 192.0.2.1, 127.0.0.1 - -"),
        line(time=b"31/Feb/2022:08:49:42 +0000"),
        line(time=b"20/Okt/2022:08:49:42 +0000"),
        line(time=b"20/Oct/2022:24:49:42 +0000"),
        line(time=b"20/Oct/2022:08:49:42 +2500"),
        line(time=b"20/Oct/2022:08:49:42"),
        line(request=b'(0 s) "GET / HTTP/1.1"'),
        line(request=b"GET / HTTP/1.1"),
        line(answer=b"200"),
        line(answer=b"2000 1"),
        line(answer=b"200 1234567890123456789"),
        line(answer=b"200 612 3413"),
        line(texts=b'"https://news.example/"'),
        line(texts=b'"-" "Mozilla/5.0" x', answer=b"200 512 7"),
        b"www.example[20/Oct/2022:08:49:42 +0000] x" + line()[line().index(b" [") :],  # another record begins in its names
        b'2022/10/20 08:49:42 [error] 31#31: *3 open() "/srv/a" failed (2: No such file or directory), client: 192.0.2.1',
    ],
)
def test_what_lacks_a_field_is_no_record(content):
    assert read(content) is None


@pytest.mark.parametrize("texts", [b'"https://a.example/" "Mozilla/5.0 (X11)"', b'"a\\"b" "\\"c\\""', b'"-" "-"'])
def test_a_line_that_is_cut_off_within_quotes_is_no_record(texts):
    whole = line(texts=texts)

    for end in range(whole.index(b'"GET') + 1, len(whole)):
        if whole[:end].rstrip()[-1:].isdigit() and b'"GET /blog/ HTTP/1.1" ' in whole[:end]:
            continue  # a common line, perhaps with fewer digits
        assert read(whole[:end]) is None, whole[:end]


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"combined"}))
def test_no_other_format_is_taken_for_it(name):
    assert not COMBINED.recognises((LOGS / f"{name}.log").read_bytes())
    assert not FORMATS[name].recognises((LOGS / "combined.log").read_bytes())


# What a client sends, as Apache or nginx write it, or as no server would.
parts = st.text(st.sampled_from('ab"\\ ?/-[]x2\u00e9'), max_size=12).map(str.encode)


def apache(content: bytes) -> bytes:
    return content.replace(b"\\", b"\\\\").replace(b'"', b'\\"')


def nginx(content: bytes) -> bytes:
    return b"".join(b"%c" % byte if 32 <= byte < 127 and byte not in b'"\\' else b"\\x%02X" % byte for byte in content)


@pytest.mark.parametrize("escape", [apache, nginx])
@given(path=parts, referrer=parts, agent=parts)
def test_what_a_server_escapes_comes_back_and_moves_no_other_field(escape, path, referrer, agent):
    content = line(
        request=b'"GET /' + escape(path.replace(b"?", b"%3F")) + b' HTTP/1.1"',
        texts=b'"' + escape(referrer) + b'" "' + escape(agent) + b'" "-"',
    )

    request = request_of(content)

    texts = [None if text == b"-" else text.decode() for text in (referrer, agent)]
    assert [request.path, request.referrer, request.user_agent] == [f"/{path.decode()}", *texts]
    assert (request.status, request.bytes_sent) == (200, 512)


@given(
    names=st.lists(st.sampled_from([b"-", b"a", b"192.0.2.1", b"::1", b'""', b"a.example", b"1,"]), max_size=5).map(b" ".join),
    request=parts, texts=st.lists(parts, max_size=3), is_quoted=st.booleans(),
)  # fmt: skip
def test_many_lines_are_read_as_one_whatever_a_line_is_made_of(names, request, texts, is_quoted):
    quote = b'"' if is_quoted else b""

    read(line(names=names, request=b'"GET /' + request + b'"', texts=b" ".join(quote + text + quote for text in texts)))
