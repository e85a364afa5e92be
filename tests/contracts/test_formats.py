"""What holds for every log format; each has a sample in tests/logs/NAME.log, which begins with the same visit."""

import re
import tempfile
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.compiled import IS_COMPILED
from footfall.digest import Digester, Start
from footfall.dimensions import DIMENSIONS
from footfall.formats import FORMATS
from footfall.formats.base import BLANK, Block, Columns, Reader, lines_of, value_of
from footfall.formats.runs import stretches
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.pageviews.counting import Counting
from footfall.records import Record, Request

from ..builders import has_patterns, pure_formats

LOGS = Path(__file__).parent.parent / "logs"

# Those that have a compiled reader once more without it.
READ = {**FORMATS, **pure_formats()} if IS_COMPILED else FORMATS
formats = pytest.mark.parametrize("name", READ)


def log_of(name: str) -> bytes:
    return (LOGS / f"{name.partition(',')[0]}.log").read_bytes()


def digester_of(name: str, counting: Counting, **options: Any) -> Digester:
    return Digester({name: READ[name]}, counting, **options)


def reader_of(name: str) -> Reader:
    return READ[name].reader(log_of(name)[:1000])


def sample(name: str) -> list[bytes]:
    """Its lines without a head."""
    lines, reader = log_of(name).splitlines(), reader_of(name)
    return [line for line in lines if not reader.is_comment(line)]


def fields_of(name: str) -> tuple[str, ...]:
    """All that can be asked for."""
    return tuple(dict.fromkeys((*Request._fields, *READ[name].documented)))


def values(reader: Reader, records: Columns, *fields: str) -> list[tuple[object, ...]]:
    return [reader.values(*fields)(token) for token in records.column(*fields)]


@formats
def test_the_first_line_of_the_sample_is_the_same_request(name):
    record = reader_of(name).parse(sample(name)[0])

    assert record is not None
    request = record.request
    assert (request.time, request.method, request.status, request.is_read) == (1666255782, "GET", 200, True)
    assert request.path in ("/blog/a b/", "/blog/a b/index.html")  # S3 logs the key of what it served
    assert request.remote_ip == "198.51.100.7"
    assert request.referrer == "https://news.example/"
    assert request.user_agent == "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@formats
def test_the_first_line_of_the_sample_counts_as_the_same_view(name):
    ((_, outcome),) = digester_of(name, Counting(sites=("www.example.org",))).explain(sample(name)[:1])

    assert outcome.view is not None
    assert (outcome.view.site, outcome.view.page, outcome.view.time) == ("www.example.org", "blog/a b", 1666255782)
    found = {
        "day": "2022-10-20", "hour": "08", "referrer_host": "news.example", "browser": "Firefox", "system": "Linux",
        "status": "200",
    }  # fmt: skip
    assert found.items() <= outcome.view.fields.items()


@formats
def test_a_format_says_what_it_is_and_which_fields_it_documents(name):
    log_format, record = READ[name], reader_of(name).parse(sample(name)[0])

    assert log_format.title
    assert log_format.about.endswith(".")
    assert record is not None
    assert tuple(record.documented) == tuple(log_format.documented)


@formats
@given(line=st.binary(max_size=400).map(lambda line: line.replace(b"\n", b" ")))
def test_any_bytes_are_a_record_or_none(name, line):
    record = reader_of(name).parse(line)

    assert record is None or isinstance(record, Record)


@formats
@given(data=st.data())
def test_a_line_that_is_damaged_anywhere_never_crashes_the_reader(name, data):
    line = bytearray(data.draw(st.sampled_from(sample(name))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(line)))
        cut = data.draw(st.integers(0, 12))
        line[at : at + cut] = data.draw(st.binary(max_size=8)).replace(b"\n", b" ")

    record = reader_of(name).parse(bytes(line))

    if record is not None:
        record.request.site.encode()
        assert record.request.path is None or record.request.path.startswith("/")


@formats
@given(data=st.data())
def test_what_is_wrong_with_any_line_is_said_in_a_few_words_or_not_at_all(name, data):
    line = data.draw(st.binary(max_size=60) | st.sampled_from(sample(name)).map(lambda line: line + line[:50]))
    cut = data.draw(st.integers(0, len(line)))

    why = reader_of(name).why_unreadable(line[:cut] + data.draw(st.binary(max_size=8)))

    assert len(why) < 120


odd_lines = st.binary(max_size=60) | st.sampled_from(
    [b"", b" ", b"\r", b"rubbish", b'"', b'" "', b'"-" 200 - 1 1 1 1 "-" "-" -']
)


@st.composite
def damaged_logs(draw, name):
    """Lines of the sample among odd ones, some cut short or joined, with any line ends."""
    lines = draw(st.lists(st.sampled_from(sample(name)) | odd_lines, max_size=12))
    cut = [line[: draw(st.integers(0, len(line)))] if draw(st.integers(0, 5)) == 0 else line for line in lines]
    return b"".join(line + draw(st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"", b"\n\n"])) for line in cut)


@formats
@given(data=st.data())
def test_many_lines_at_once_are_read_as_one_by_one(name, data):
    reader, fields = reader_of(name), fields_of(name)
    block = data.draw(damaged_logs(name)) or b"\n"
    lines = (block.removesuffix(b"\n") + b"\n").replace(b"\r\n", b"\n")[:-1].split(b"\n")
    parsed = [reader.parse(line) for line in lines]
    records = [record for record in parsed if record is not None]

    read = reader.read(block, frozenset(fields))

    assert read.lines == len(lines)
    assert read.unreadable == [
        (place, line) for place, (line, record) in enumerate(zip(lines, parsed, strict=True))
        if record is None and line.strip(BLANK) and not reader.is_comment(line)
    ]  # fmt: skip
    assert len(read.records) == len(records)
    for field in fields:
        assert values(reader, read.records, field) == [(value_of(record, field),) for record in records], field


@formats
@pytest.mark.parametrize("between", [b"", b" ", b"\r", b"\t"])
def test_two_records_in_one_line_are_unreadable_not_one_of_them(name, between):
    reader, lines = reader_of(name), sample(name)
    for line in lines:
        joined = line + between + lines[0]

        read = reader.read(b"\n".join([lines[0], joined, lines[0]]), frozenset(fields_of(name)))

        assert reader.parse(joined) is None
        assert (len(read.records), read.unreadable) == (2, [(1, joined)])


@formats
def test_a_record_that_begins_within_another_is_unreadable(name):
    reader, (line, *_) = reader_of(name), sample(name)
    after_its_time = len(line) // 2
    spliced = [line[:cut] + line for cut in range(after_its_time, len(line))]

    read = reader.read(b"\n".join(spliced), frozenset({"path"}))

    assert [reader.parse(each) for each in spliced] == [None] * len(spliced)
    assert (len(read.records), len(read.unreadable)) == (0, len(spliced))


RUBBISH = {
    "blank": b"\n", "blanks": b" \r\n", "short": b"a \n", "words": b"xxxxxxx\n", "no blank": b"x" * 200 + b"\n",
    "brackets": b"[\n", "long brackets": b"[" * 90 + b"\n", "quotes": b'"' * 60 + b"\n", "digits": b"1" * 60 + b"\n",
    "tabs": b"\t\n", "many tabs": b"\t" * 60 + b"\n", "percent": b"%25" * 20 + b"\n", "backslashes": b"\\" * 60 + b"\n",
    "braces": b"{\n", "objects": b"{}\n", "messages": b'{"msg":0}\n', "deep": b'{"a":' * 300 + b"\n", "comments": b"#\n",
    "heads": b'o b [20/Oct/2022:08:49:42 +0000] i r d REST.GET.OBJECT key "\n',
    "hosts": b'h - - [20/Oct/2022:08:49:42 +0000] "\n',
    "dates": b"2022-10-20\t08:49:42\tx\n", "comments and others": b"a\n#b\n", "mixed": b"a\n\n" * 40 + b"[{\t " * 20 + b"\n",
}  # fmt: skip


@formats
@pytest.mark.parametrize("unit", RUBBISH.values(), ids=RUBBISH)
def test_lines_that_are_counted_all_together_are_the_unreadable_ones(name, unit):
    head = b"".join(line + b"\n" for line in log_of(name).splitlines())
    content = head + unit * 60 + head
    lines = content.splitlines()
    digester = digester_of(name, Counting(), rejects_folder=tempfile.gettempdir())
    unreadable = [
        number for number, outcome in digester.explain(lines_of(content), Start(head)) if outcome.outcome == "unreadable"
    ]

    said = digester.read([content], Start(head))

    assert (said.account.unreadable, said.line_count) == (len(unreadable), content.count(b"\n"))
    assert [each.line for each in said.unreadable] == unreadable[:100]
    assert said.rejects.content.splitlines() == [lines_of(content)[number - 1] for number in unreadable]
    assert len(lines) >= said.account.lines


@formats
@pytest.mark.parametrize("unit", [unit for kind, unit in RUBBISH.items() if kind in ("blank", "short", "words")])
def test_short_rubbish_is_never_looked_at_line_by_line(name, unit):
    reader, block = reader_of(name), unit * (1 << 12)
    if not reader.no_record:
        pytest.skip("its reader does not say how short a record can be")

    (stretch,) = stretches(block, reader)

    assert (stretch.content, stretch.is_run) == (block, True)


NOTHING = b"\t", b" ", b"-", b"#", b"{", b"}", b'"', b"\\", b",", b":", b"[", b"]", b"0", b"2", b"x", b"\xff", b"\xef\xbb\xbf"
CADDYS = (
    b'"msg"', b'"request"', b'"logger"', b'"ts"', b'"uri":"/"', b'"method":"GET"', b"null", b"9e8", b'"x"', b"{}", b" | ",
    b'"http.log.access"', b'"http.log.error"', b'"\\u0072equest"', b"1.5", b"true", b'{"msg":0}', b'{"request":{},"ts":1}',
)  # fmt: skip


@st.composite
def nearly_lines(draw: st.DrawFn, of: list[bytes]) -> bytes:
    """Lines of a log that lost some of their pieces, or got others in their place."""
    pieces = re.findall(rb"[\w./:]+|.", draw(st.sampled_from(of)), re.DOTALL)
    begin = draw(st.integers(0, len(pieces)))
    end = draw(st.integers(begin, len(pieces)))
    other = draw(st.lists(st.sampled_from([*NOTHING, *CADDYS]), max_size=6))
    return b"".join([*pieces[:begin], *other, *pieces[end:]]).replace(b"\n", b"")


@formats
@given(data=st.data())
def test_what_is_passed_over_at_a_glance_is_no_record_and_a_comment_only_where_that_is_said(name, data):
    reader = reader_of(name)
    shapes = [*log_of(name).splitlines(), *(unit.rstrip(b"\n") for unit in RUBBISH.values()), *OBJECTS]
    line = data.draw(nearly_lines(shapes)) + b"\n"

    is_passed_over, is_said = (
        bool(pattern and re.match(pattern + b"\n", line)) for pattern in (reader.no_record, reader.comment)
    )

    is_comment = reader.is_comment(line[:-1])
    if is_passed_over or is_said:
        assert (reader.parse(line[:-1]), is_comment) == (None, is_said)


OBJECTS = [
    b'{"level":"info","ts":1666255782.25,"logger":"tls","msg":"renewed","names":["a","b"],"more":{"a":1}}',
    b'{"level":"error","ts":1666255782.25,"logger":"http.log.error","msg":"x","request":{"method":"GET","uri":"/"}}',
    b'{"ts":9e8,"request":{"method":0,"uri":0}}', b'web | {"msg":0}', b'{"msg":0,"ts":"x","request":{"method":0,"uri":0}}',
]  # fmt: skip
NEARLY = {
    "s3": [b"b b [01/Jan/2026:00:00:00 +0000] 192.0.2.1 - R WEBSITE.GET.OBJECT a/long/enough/path/of/a/page.html"],
    "combined": [b'192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] "GET /a/path/that/is/long/enough HTTP/1.1" 2'],
    "cloudfront": [b"2026-01-01\t01:02:03" + b"\t" * 32, b"#", b"#Fields: date time", b'{"a":0,"b":' * 9],
    "caddy": [b'{"msg":0}', b'web | {"msg":[0,{}],"a":{"b":"\\n"}}', b'{"request":{"method":"GET","uri":"/"},"ts":"x"}'],
}  # fmt: skip
"""Lines that are nearly records, or comments."""


@pytest.mark.parametrize(("name", "line"), [(name, line) for name in READ for line in NEARLY.get(name.partition(",")[0], ())])
def test_what_is_nearly_a_record_is_not_looked_at_line_by_line_where_there_is_much_of_it(name, line):
    reader, block = reader_of(name), (line + b"\n") * (1 << 10)

    assert [each.is_run for each in stretches(block, reader, has_runs=True)] == [True]
    assert bytes_read(name, [log_of(name), *[block] * 9]) <= len(log_of(name)) + len(block)


def bytes_read(name: str, blocks: list[bytes]) -> int:
    """How many bytes of these blocks the reader took apart."""
    taken: list[int] = []
    row = READ[name]

    def reader(head: bytes) -> Reader:
        counted: Any = copy(row.reader(head))
        read = counted.read

        def measured(block: bytes, fields: frozenset[str]) -> Block:
            taken.append(len(block))
            return cast(Block, read(block, fields))

        counted.read, counted.anew = measured, lambda like=None: counted
        return counted  # type: ignore[no-any-return]

    Digester({name: row._replace(reader=reader)}, Counting()).read(blocks, Start(blocks[0]))
    return sum(taken)


SHORTEST = {
    "s3": b"o b [20/Oct/2022:08:49:42 +0000] i r d O k - - - - - - - - -",
    "combined": b"h i u [20/Oct/2022:10:49:42 +0200] - - -",
    "cloudfront": b"31536000\t\t\t-",
    "caddy": b'{"ts":9e8,"request":{"method":0,"uri":0}}',
}


@formats
def test_the_shortest_records_are_not_taken_for_rubbish(name):
    if name.partition(",")[0] not in SHORTEST:
        pytest.skip("its reader does not say how short a record can be")
    head = b"#Fields: timestamp cs-method cs-uri-stem sc-status\n" if name.startswith("cloudfront") else b""
    reader, content = READ[name].reader(head), (SHORTEST[name.partition(",")[0]] + b"\n") * 60

    assert [each.is_run for each in stretches(content, reader)] == [False]
    assert len(reader.read(content, frozenset({"path"})).records) == 60


@formats
def test_no_pattern_of_many_lines_looks_from_a_line_to_the_end_of_the_block(name):
    reader: Any = reader_of(name)
    if not has_patterns(reader):
        pytest.skip("it reads line by line")
    reader.pure().read(b"\n".join(sample(name)), frozenset(fields_of(name)))

    for pattern in patterns_of(reader):
        assert list(unbounded(pattern)) == []


def patterns_of(reader: Any) -> list[bytes]:
    """Those that were made for blocks."""
    owner = reader.pure()._split_block.__self__
    found = [each[0] for each in owner._finders.values()]
    assert found
    return [find.__self__.pattern for find in found]


END = ord(b"\n")


def unbounded(pattern: bytes) -> Iterator[Any]:
    """What repeats for ever in a pattern and takes the ends of lines, too."""
    waiting = [*re._parser.parse(pattern)]
    while waiting:
        operation, argument = waiting.pop()
        if "REPEAT" in str(operation) and argument[1] == re._constants.MAXREPEAT:
            ((kind, taken), *_) = argument[2]
            takes_ends = (str(kind) == "NOT_LITERAL" and taken != END) or (
                str(kind) == "IN" and str(taken[0][0]) == "NEGATE" and not any(each[1] == END for each in taken[1:])
            )
            if takes_ends:
                yield argument
        waiting += [each for part in _parts(argument) for each in part]


def _parts(argument: Any) -> Iterator[Any]:
    """The patterns within an operation's argument."""
    for each in argument if isinstance(argument, tuple | list) else ():
        if isinstance(each, re._parser.SubPattern):
            yield each
        elif isinstance(each, list):
            yield from (one for one in each if isinstance(one, re._parser.SubPattern))


@formats
@given(data=st.data())
def test_the_times_of_many_lines_are_those_of_each(name, data):
    reader, block = reader_of(name), data.draw(damaged_logs(name)) or b"\n"
    records = reader.read(block, frozenset({"path"})).records
    times = records.times()

    assert len(times) == len(records)
    if times:
        assert (records.earliest(), records.latest()) == (min(times), max(times))
        assert set(records.hours()) == {time - time % 3600 for time in times}


@formats
@given(data=st.data())
def test_chosen_records_are_the_same_as_before(name, data):
    reader, fields = reader_of(name), fields_of(name)
    records = reader.read(data.draw(damaged_logs(name)) or b"\n", frozenset(fields)).records
    are_chosen = data.draw(st.lists(st.booleans(), min_size=len(records), max_size=len(records)))

    chosen = records.where(are_chosen)

    for field in ("path", "user_agent", "record_id"):
        all_of_it = values(reader, records, field)
        assert values(reader, chosen, field) == [value for value, is_it in zip(all_of_it, are_chosen, strict=True) if is_it]
    assert chosen.times() == [time for time, is_it in zip(records.times(), are_chosen, strict=True) if is_it]


@formats
def test_a_token_of_several_fields_tells_each_of_them_and_can_be_narrowed(name):
    reader, fields = reader_of(name), ("hosts", "status", "path", "user_agent")
    records = reader.read(b"\n".join(sample(name)) + b"\n", frozenset(fields)).records

    tokens = list(records.column(*fields))

    said = [dict(zip(fields, reader.values(*fields)(token), strict=True)) for token in tokens]
    assert said == [dict(zip(fields, row, strict=True)) for row in zip(*(
        [value for (value,) in values(reader, records, field)] for field in fields
    ), strict=True)]  # fmt: skip
    for some in (("path",), ("hosts", "user_agent"), fields):
        narrow, read = reader.narrow(fields, some), reader.values(*some)
        assert [read(narrow(token)) for token in tokens] == [tuple(each[field] for field in some) for each in said]


@formats
def test_a_field_that_a_format_has_not_is_absent(name):
    reader = reader_of(name)
    records = reader.read(sample(name)[0], frozenset({"no such field", "path"})).records

    assert values(reader, records, "no such field") == [(None,)]


@formats
def test_equal_lines_are_one_record_only_where_the_format_has_ids(name):
    reader, line = reader_of(name), sample(name)[0]
    records = reader.read(line + b"\n" + line + b"\n", frozenset({"record_id"})).records
    record = reader.parse(line)
    assert record is not None

    request_ids, operations, keys = (list(ids) for ids in records.record_ids("part", 1))

    assert (len(set(request_ids)) == 1) == (record.request.record_id is not None)
    if record.request.record_id is not None:
        assert {*zip(request_ids, operations, keys, strict=True)} == {record.request.record_id}


@formats
def test_every_view_has_each_field_of_the_dimensions_and_of_the_item(name):
    facts = ItemMap(DEFAULT_ITEM).facts
    said = digester_of(name, Counting(facts=facts)).read([b"\n".join(sample(name)) + b"\n"])

    for view in said.views:
        assert {row.field for row in DIMENSIONS.values() if row.of_views} - {"site", "page"} <= view.fields.keys()
        assert set(facts) <= view.fields.keys()
