"""What holds for every log format; each has a sample in tests/logs/NAME.log, which begins with the same visit."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.digest import Digester
from footfall.formats import FORMATS
from footfall.pageviews.counting import Counting
from footfall.records import Request

LOGS = Path(__file__).parent.parent / "logs"

formats = pytest.mark.parametrize("name", FORMATS)


def sample(name: str) -> list[bytes]:
    return (LOGS / f"{name}.log").read_bytes().splitlines()


@formats
def test_the_first_line_of_the_sample_is_the_same_visit(name):
    log_format = FORMATS[name]
    (raw, *_), times = log_format.split(sample(name))

    request = log_format.parse(raw)

    assert times[0] == request.time == 1666255782
    assert request.remote_ip == "198.51.100.7"
    assert request.http_status == 200
    assert request.referrer == "https://news.example/"
    assert request.user_agent == "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@formats
def test_the_first_line_of_the_sample_counts_as_the_same_view(name):
    ((_, outcome),) = Digester(FORMATS[name], Counting()).explain(sample(name)[:1])

    assert outcome.view is not None
    assert outcome.view[:8] == (
        "www.example.org", "blog/a b", 1666255782, "2022-10-20", "08", "news.example", "Firefox", "Linux",
    )  # fmt: skip


@formats
def test_a_format_reads_every_field_of_a_request(name):
    assert tuple(FORMATS[name].fields) == Request._fields


@formats
def test_a_blank_line_in_pieces_has_no_field_but_a_time(name):
    request = FORMATS[name].parse(FORMATS[name].blank)

    assert {value for name, value in request._asdict().items() if name != "time"} == {None}


@formats
@given(lines=st.lists(st.binary(max_size=400).map(lambda line: line.replace(b"\n", b" ")), max_size=5))
def test_any_bytes_are_a_record_or_none_and_every_field_of_a_record_can_be_read(name, lines):
    log_format = FORMATS[name]

    raws, times = log_format.split(lines)

    assert len(raws) == len(lines)
    assert len(times) == sum(raw is not None for raw in raws)
    for raw in raws:
        if raw is not None:
            log_format.parse(raw)


@formats
@given(data=st.data())
def test_a_line_that_is_damaged_anywhere_never_crashes_the_parser(name, data):
    line = bytearray(data.draw(st.sampled_from(sample(name))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(line)))
        cut = data.draw(st.integers(0, 12))
        line[at : at + cut] = data.draw(st.binary(max_size=8)).replace(b"\n", b" ")

    raws, _ = FORMATS[name].split([bytes(line)])

    if raws[0] is not None:
        FORMATS[name].parse(raws[0]).site.encode()


@formats
def test_lines_are_read_alike_alone_and_together(name):
    log_format, lines = FORMATS[name], [*sample(name), b"rubbish", b"", *sample(name)]

    together, _ = log_format.split(lines)
    alone = [log_format.split([line])[0][0] for line in lines]

    assert [raw and log_format.parse(raw) for raw in together] == [raw and log_format.parse(raw) for raw in alone]


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
    log_format = FORMATS[name]
    block = data.draw(damaged_logs(name)) or b"\n"
    wanted = tuple(range(1, len(log_format.blank)))
    hour, second = log_format.moment
    lines = block.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
    raws, times = log_format.split(lines)

    rows = log_format.rows(block, wanted)

    records = [log_format.parse(raw) for raw in raws if raw is not None]
    assert [log_format.parse((None, *row)) for row in rows.pieces] == records
    assert [log_format.hours[row[hour - 1]] + log_format.seconds[row[second - 1]] for row in rows.pieces] == times
    assert rows.hours == {row[hour - 1] for row in rows.pieces}
    assert rows.lines == len(lines)
    assert rows.unreadable == [
        (place, line) for place, (line, raw) in enumerate(zip(lines, raws, strict=True)) if raw is None and line.strip(b" \r")
    ]


@formats
def test_a_row_has_the_pieces_that_were_asked_for(name):
    log_format, block = FORMATS[name], b"\n".join(sample(name)) + b"\n"
    everything = tuple(range(1, len(log_format.blank)))
    wanted = tuple(sorted({*log_format.moment, log_format.pieces["key"], log_format.pieces["user_agent"]}))

    rows, whole = log_format.rows(block, wanted), log_format.rows(block, everything)

    assert [row[: len(wanted)] for row in rows.pieces] == [tuple(row[piece - 1] for piece in wanted) for row in whole.pieces]
