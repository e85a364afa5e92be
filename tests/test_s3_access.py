"""How an S3 server access log record is read, whatever stands in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.formats.s3 import S3, lines
from footfall.records import Record, RecordId, Request

HEAD = b"79a59df9 www.example.org [20/Oct/2022:08:49:42 +0000] 198.51.100.7 - A1B2C3D4E5F60718 WEBSITE.GET.OBJECT a.html"
URI = b'"GET /a.html HTTP/1.1"'
ANSWER = b"200 - 21653 21654 100 99"
REFERRER = b'"http://www.example.org/"'
AGENT = b'"Mozilla/5.0 (X11; Linux)"'
REST = (
    b"- hostid= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader www.example.org TLSv1.3 "
    b"arn:aws:s3:eu-west-1:1:accesspoint/a Yes eu-west-1"
)


def line(head=HEAD, uri=URI, answer=ANSWER, referrer=REFERRER, agent=AGENT, rest=REST) -> bytes:
    return b" ".join(part for part in (head, uri, answer, referrer, agent, rest) if part)


def read(content: bytes) -> Record | None:
    return S3.reader(b"").parse(content)


def well_read(content: bytes) -> dict[str, Any]:
    """All documented fields, in their order."""
    record = read(content)
    assert record is not None
    return dict(record.documented)


def test_all_twenty_seven_fields_are_read():
    assert well_read(line()) == {
        "bucket_owner": "79a59df9",
        "bucket": "www.example.org",
        "time": 1666255782,
        "remote_ip": "198.51.100.7",
        "requester": None,
        "request_id": "A1B2C3D4E5F60718",
        "operation": "WEBSITE.GET.OBJECT",
        "key": "a.html",
        "request_uri": "GET /a.html HTTP/1.1",
        "http_status": 200,
        "error_code": None,
        "bytes_sent": 21653,
        "object_size": 21654,
        "total_time": 100,
        "turn_around_time": 99,
        "referrer": "http://www.example.org/",
        "user_agent": "Mozilla/5.0 (X11; Linux)",
        "version_id": None,
        "host_id": "hostid=",
        "signature_version": "SigV4",
        "cipher_suite": "ECDHE-RSA-AES128-GCM-SHA256",
        "authentication_type": "AuthHeader",
        "host_header": "www.example.org",
        "tls_version": "TLSv1.3",
        "access_point_arn": "arn:aws:s3:eu-west-1:1:accesspoint/a",
        "acl_required": "Yes",
        "source_region": "eu-west-1",
    }


@pytest.mark.parametrize("fields", range(17, 28))
def test_a_record_of_any_age_is_read_and_what_it_is_too_short_to_have_is_absent(fields):
    rest = b" ".join(REST.split()[: fields - 17])

    values, whole = (list(well_read(content).values()) for content in (line(rest=rest), line()))

    assert values[:fields] == whole[:fields]
    assert set(values[fields:]) <= {None}


def test_fields_that_aws_appends_later_are_ignored():
    assert read(line(rest=REST + b" new 17 -")) == read(line())


@pytest.mark.parametrize("end", [b"\r", b" ", b" \r"])
@pytest.mark.parametrize("rest", [b"", b"-", REST])
def test_a_trailing_blank_or_carriage_return_is_no_field(end, rest):
    assert read(line(rest=rest) + end) == read(line(rest=rest))


@pytest.mark.parametrize(
    ("uri", "read_as"),
    [
        (b"-", None),
        (b'"-"', None),
        (b'"GET /?q="exact" HTTP/1.1"', 'GET /?q="exact" HTTP/1.1'),
        (b'"GET /?s=" HTTP/1.1"', 'GET /?s=" HTTP/1.1'),
        (b'"GET /a b c HTTP/1.0"', "GET /a b c HTTP/1.0"),
        (b'"GET /caf\xe9 HTTP/1.1"', "GET /caf\ufffd HTTP/1.1"),
        (b'""', ""),
    ],
)
def test_a_request_uri_is_read_whatever_stands_between_its_quotes(uri, read_as):
    assert well_read(line(uri=uri)) == well_read(line()) | {"request_uri": read_as}


@pytest.mark.parametrize(
    ("referrer", "agent", "read_as"),
    [
        (b"-", b"-", (None, None)),
        (b'"-"', b'"-"', (None, None)),
        (b'""', b'""', ("", "")),
        (b"-", AGENT, (None, "Mozilla/5.0 (X11; Linux)")),
        (REFERRER, b"-", ("http://www.example.org/", None)),
        (b'"a"b"', b'"c"d"', ('a"b', 'c"d')),
        (b'"?q="two words"', AGENT, ('?q="two words', "Mozilla/5.0 (X11; Linux)")),
        (REFERRER, b'"""', ("http://www.example.org/", '"')),
        (
            REFERRER,
            b'"M/5.0" 404 NoSuchKey 0 0 1 1 "-" "N"',
            ("http://www.example.org/", 'M/5.0" 404 NoSuchKey 0 0 1 1 "-" "N'),
        ),
        (REFERRER, b'"Br\xe9sil \xff"', ("http://www.example.org/", "Br\ufffdsil \ufffd")),
        (REFERRER, "\u2028\x0b\x1c\x85\t".encode(), None),
    ],
)
def test_referrer_and_user_agent_are_read_whatever_a_client_sent(referrer, agent, read_as):
    record = read(line(referrer=referrer, agent=agent))

    expected = read_as and well_read(line()) | {"referrer": read_as[0], "user_agent": read_as[1]}
    assert (record and record.documented) == expected


def test_a_requester_may_hold_blanks():
    origin = b"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1ABC"

    request = well_read(line(head=HEAD.replace(b" - ", b" " + origin + b" ", 1)))

    assert request == well_read(line()) | {"requester": origin.decode()}


def test_a_host_id_of_two_tokens_shifts_nothing_after_it():
    request = well_read(line(rest=REST.replace(b"hostid=", b"AIDA1 LzYG=")))

    assert request == well_read(line()) | {"host_id": "AIDA1 LzYG="}


def test_a_time_of_another_zone_is_the_same_moment():
    assert read(line(head=HEAD.replace(b"08:49:42 +0000", b"10:19:42 +0130"))) == read(line())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"-",
        HEAD,
        HEAD + b" " + URI,
        line(referrer=b"", agent=b"", rest=b""),
        line(agent=b'"Mozilla/5.0 (X11', rest=b""),
        line(answer=b"200 - 21653 x 100 99"),
        line(answer=b"200 - 1-2 5 100 99"),
        line(answer=b"2000 - 1 5 100 99"),
        line(head=HEAD.replace(b"20/Oct/2022", b"31/Feb/2022")),
        line(head=HEAD.replace(b"20/Oct/2022", b"20/Okt/2022")),
        line(head=HEAD.replace(b"08:49:42", b"24:49:42")),
        line(head=HEAD.replace(b"08:49:42", b"08:49:60")),
        line(head=HEAD.replace(b"+0000", b"UTC")),
        line(head=HEAD.replace(b" ", b"  ", 1)),
        line(agent=b'"a"b', rest=b"- host"),
    ],
)
def test_what_lacks_a_field_up_to_the_user_agent_is_no_record(content):
    assert read(content) is None


@pytest.mark.parametrize("first", [line(), line(rest=b""), line(rest=b"-"), line(agent=b'"a"b"'), line()[:-40]])
@pytest.mark.parametrize("between", [b"", b" "])
def test_a_second_record_is_found_that_has_no_quotes(first, between):
    second = HEAD.replace(b"WEBSITE.GET", b"BATCH.DELETE") + b" - 204 - - 21 - - - - - hostid SigV4 - AuthHeader h TLSv1.3"

    block = S3.reader(b"").read(line() + b"\n" + first + between + second, frozenset({"path"}))

    assert read(first + between + second) is None
    assert (len(block.records), len(block.unreadable)) == (1, 1)


def test_a_requester_with_blanks_may_have_brackets_and_a_client_may_send_a_time():
    head = HEAD.replace(b" - ", b" arn:aws:iam::1:user/a [b] c ", 1)

    assert well_read(line(head=head))["requester"] == "arn:aws:iam::1:user/a [b] c"
    assert well_read(line(agent=b'"a [20/Oct/2022:08:49:42 +0000] b"'))["user_agent"] == "a [20/Oct/2022:08:49:42 +0000] b"


# A target has no raw blank in a well-formed request; headers can hold anything but the ends of lines.
targets = st.text(st.characters(codec="utf-8", exclude_characters="\r\n "), max_size=60)
headers = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=60)


@given(target=targets, referrer=headers, agent=headers)
def test_no_text_of_a_client_moves_the_fields_before_the_referrer_or_after_the_user_agent(target, referrer, agent):
    content = line(uri=f'"GET {target} HTTP/1.1"'.encode(), referrer=f'"{referrer}"'.encode(), agent=f'"{agent}"'.encode())

    fields, plain = well_read(content), well_read(line())

    texts = {"request_uri": f"GET {target} HTTP/1.1", "referrer": fields["referrer"], "user_agent": fields["user_agent"]}
    assert fields == plain | texts
    if '" "' not in f'"{referrer}"'[:-1] and '" -' not in referrer:
        assert (fields["referrer"], fields["user_agent"]) == (_absent(referrer), _absent(agent))


def _absent(text: str) -> str | None:
    return None if text == "-" else text


@given(target=targets, referrer=headers, agent=headers, rest=st.sampled_from([b"", b"-", b"- host", REST]))
def test_the_quick_way_and_the_careful_way_agree(target, referrer, agent, rest):
    content = line(
        uri=f'"GET {target} HTTP/1.1"'.encode(),
        referrer=f'"{referrer}"'.encode(),
        agent=f'"{agent}"'.encode(),
        rest=rest,
    )

    careful, quick = lines._split_with_care(content), lines.split_line(content)

    assert careful is not None
    assert quick is not None
    assert [piece or b"-" for piece in careful[1:]] == [quick[place] or b"-" for place in range(1, len(careful))]


def test_a_record_is_told_in_the_words_of_http():
    record = read(line(uri=b'"GET /a.html?utm_source=a&b=%20 HTTP/1.1"'))

    assert record is not None
    assert record.request == Request(
        time=1666255782,
        hosts=("www.example.org",),
        method="GET",
        path="/a.html",
        query="utm_source=a&b=%20",
        status=200,
        referrer="http://www.example.org/",
        user_agent="Mozilla/5.0 (X11; Linux)",
        remote_ip="198.51.100.7",
        bytes_sent=21653,
        record_id=RecordId("A1B2C3D4E5F60718", "WEBSITE.GET.OBJECT", "a.html"),
        is_read=True,
        is_signed=True,
        unlogged=frozenset({"content_type"}),
    )


@pytest.mark.parametrize(
    ("key", "path"),
    [
        (b"a.html", "/a.html"),
        (b"plain/index.html", "/plain/index.html"),
        (b"caf%25C3%25A9/a%2520b.html", "/caf\u00e9/a b.html"),
        (b"a%252520b", "/a%20b"),
        (b"%25FF", "/\ufffd"),
        (b"-", None),
    ],
)
def test_a_key_is_encoded_twice_and_its_path_not_at_all(key, path):
    record = read(line(head=HEAD.replace(b"a.html", key)))

    assert record is not None
    assert record.request.path == path


@pytest.mark.parametrize(
    ("uri", "method", "query"),
    [
        (b"-", None, None),
        (b'"-"', None, None),
        (b'"GET / HTTP/1.1"', "GET", None),
        (b'"GET /?a=b c HTTP/1.0"', "GET", "a=b c"),
        (b'"POST /?"', "POST", None),
    ],
)
def test_method_and_query_are_the_request_uri_s(uri, method, query):
    record = read(line(uri=uri))

    assert record is not None
    assert (record.request.method, record.request.query) == (method, query)


@pytest.mark.parametrize(
    ("bucket", "host", "hosts"),
    [
        (b"logs.example.org", b"www.example.org", ("logs.example.org", "www.example.org")),
        (b"www.example.org", b"www.example.org:8080", ("www.example.org",)),
        (b"-", b"www.example.org:80", ("www.example.org",)),
        (b"-", b"-", ()),
    ],
)
def test_a_site_goes_by_its_bucket_and_by_its_host(bucket, host, hosts):
    rest = REST.replace(b"www.example.org", host)

    record = read(line(head=HEAD.replace(b"www.example.org", bucket), rest=rest))

    assert record is not None
    assert record.request.hosts == hosts
