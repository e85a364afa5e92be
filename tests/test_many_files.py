"""Many small files that are read in one pass say what each says by itself."""

import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.digest import Lines, Start, make_digester
from footfall.digest.origin import origin_of
from footfall.formats import AUTO, FORMATS
from footfall.pageviews.counting import Counting
from footfall.pipeline import parts, small
from footfall.records import LogFile

from .builders import some_lines
from .conftest import KEPT

SAMPLES = {name: (Path(__file__).parent / "logs" / f"{name}.log").read_bytes().splitlines() for name in FORMATS}
SAMPLES["s3"] += some_lines(60, 1)
ODD = [b"", b" ", b"x", b"x" * 300, b"#", b"\xff\x00[", b"a b [20/Oct/2022:08:49:42 +0000]", b"y" * 5000]
ends = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n"])


def contents_of(lines: list[bytes]) -> st.SearchStrategy[bytes]:
    """Files of these lines, and of others between them; the last line may lack its end."""
    line = st.sampled_from(lines) | st.sampled_from(lines) | st.sampled_from(ODD) | st.binary(max_size=40)
    whole = st.lists(st.tuples(line, ends), max_size=8).map(lambda rows: b"".join(each + end for each, end in rows))
    return whole.flatmap(lambda content: st.sampled_from([content, content, content.rstrip(b"\n")]))


def said(lines: Lines) -> dict[str, Any]:
    columns = {name: list(lines.views.column(name)) for name in lines.views.columns}
    return {**lines._asdict(), "views": columns, "unreadable": list(lines.unreadable), "directive": b""}


@pytest.mark.parametrize("log_format", [AUTO, *FORMATS])
@given(data=st.data())
def test_each_of_many_files_says_what_it_says_by_itself(log_format: str, data: st.DataObject) -> None:
    lines = SAMPLES["s3" if log_format == AUTO else log_format]
    contents = data.draw(st.lists(contents_of(lines), min_size=1, max_size=5))
    keeps = data.draw(st.booleans())
    digester = make_digester(log_format, Counting(facts=KEPT.facts), rejects_folder=tempfile.gettempdir() if keeps else "")

    for content, lines_of_file in zip(contents, digester.read_files(contents), strict=True):
        if lines_of_file is not None:
            assert said(lines_of_file) == said(digester.read([content], Start(content, origin=origin_of(content))))


def test_files_that_begin_with_a_record_are_read_in_one_pass() -> None:
    digester = make_digester(AUTO, Counting())
    contents = [b"\n".join(SAMPLES["s3"][at : at + 3]) for at in range(20)]

    assert None not in digester.read_files(contents)


def test_files_with_the_same_head_are_read_in_one_pass_and_lines_are_numbered_from_it() -> None:
    digester = make_digester(AUTO, Counting())
    head, record = b"\n".join(SAMPLES["cloudfront"][:2]), SAMPLES["cloudfront"][2]

    read = digester.read_files([b"\n".join([head, record, b"odd"])] * 3)

    assert [[line.line for line in lines.unreadable] for lines in read if lines] == [[4]] * 3


def test_a_file_of_another_format_among_them_is_left_to_be_read_by_itself() -> None:
    digester = make_digester(AUTO, Counting())
    contents = [SAMPLES["s3"][0], SAMPLES["combined"][0], SAMPLES["s3"][1]]

    assert [lines is None for lines in digester.read_files(contents)] == [False, True, False]


def test_what_is_read_together_is_one_part() -> None:
    assert small.MOST_BYTES < parts.PART_BYTES


def test_however_many_files_are_asked_for_few_are_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"\n".join(SAMPLES["s3"] * 200)[:50_000]
    digester = make_digester("s3", Counting())
    held: list[int] = []
    read = digester.read_files

    def watched(contents: list[bytes]) -> list[Lines | None]:
        held.append(sum(map(len, contents)))
        return read(contents)

    monkeypatch.setattr(digester, "read_files", watched)
    files = [
        small.FileToRead(LogFile(str(number), str(number), lambda: io.BytesIO(content), len(content)), str(number), {})
        for number in range(9)
    ]

    found = [*small.read_files(files, digester)]

    assert [place for place, _ in found] == [*range(9)]
    assert max(held) <= small.TOGETHER_BYTES
